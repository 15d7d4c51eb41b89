import { isDeepStrictEqual } from 'node:util';
import type { BootConfiguration, BootFile, BootRule } from './boot/boot-configuration.ts';
import { compareFileNames } from './boot/conf-files.ts';
import { confFileNameFor, formatConfFile } from './boot/own-file.ts';
import { type Entry, isSameRegistration, registrationOf } from './entry.ts';
import type { DesiredEntry } from './exchange/desired-entry.ts';
import { type BootFileContent, bootFilePath, type Operation, type Plan } from './operations.ts';
import { failure, type Result, success } from './result.ts';
import { entryNamed, type Snapshot } from './snapshot.ts';

/** A file as a person was shown it before agreeing to its change. */
export interface ShownFile {
  readonly path: string;
  /** A string of bytes; empty where there is nothing to read, such as at the end of a mask. */
  readonly text: string;
  /** Where it leads, where it is a link: a string of bytes. */
  readonly link: string | null;
}

export type BootRequest =
  /** Has each of these entries come back at boot as it is registered now. */
  | {
      readonly kind: 'keep-at-boot';
      readonly names: readonly string[];
      readonly agreed: readonly ShownFile[];
    }
  /** Has none of these entries come back at boot. */
  | {
      readonly kind: 'not-at-boot';
      readonly names: readonly string[];
      readonly agreed: readonly ShownFile[];
    };

/** Whether there is a service that reads binfmt.d(5) when the machine starts. */
export const readsBootFiles = ({ services }: BootConfiguration): boolean =>
  services.includes('systemd-binfmt') || services.includes('openrc');

/** What /etc/binfmt.d has under that name now; null for what cannot be changed: nobody knows what it is. */
export function bootFileContent(file: string, boot: BootConfiguration): BootFileContent | null {
  const present = boot.files.find(({ path }) => path === bootFilePath(file));
  if (present === undefined) return { kind: 'absent' };
  const { link, text } = present;
  if (link !== null) return link === '/dev/null' ? { kind: 'masked' } : { kind: 'link', target: link };
  return text === null ? null : { kind: 'text', text };
}

/** The entries that a start of the machine leaves, in match order: what is registered last comes first. */
export const desiredAtBoot = ({ rules }: BootConfiguration): readonly DesiredEntry[] =>
  rules
    .filter((rule, index) => !rules.slice(index + 1).some((later) => nameOf(later) === nameOf(rule)))
    .map(({ registration }) => ({ registration, enabled: true }))
    .reverse();

/** The plan for a request about boot, or a sentence saying why there is none. */
export function planBootRequest(request: BootRequest, snapshot: Snapshot): Result<Plan, string> {
  const [unseen] = filesToShow(request, snapshot);
  if (unseen !== undefined) {
    const wasSeen = request.agreed.some(({ path }) => path === unseen.path);
    return failure(
      wasSeen
        ? `${unseen.path} was left alone: somebody else changed it meanwhile. Look at it again.`
        : `${unseen.path} was not written by this program alone. Look at it before it is changed.`,
    );
  }
  const plan: BootFileOperation[] = [];
  for (const name of request.names) {
    const operations =
      request.kind === 'keep-at-boot' ? planKeeping(name, snapshot) : planDropping(name, snapshot.boot);
    if (!operations.ok) return operations;
    plan.push(...operations.value);
  }
  const written = plan.filter(({ after }) => after.kind === 'text').map(({ file }) => file);
  // What is in the way of one may be where another is written.
  const needed = plan.filter(({ file, after }) => after.kind === 'text' || !written.includes(file));
  return success(withoutRepetitions(needed));
}

/**
 * The files that the request would change, replace or mask and that a person has not seen as they are now: those
 * of others, and those that also bring back something else.
 */
export function filesToShow(request: BootRequest, snapshot: Snapshot): readonly ShownFile[] {
  const { boot } = snapshot;
  const concerned = request.names.flatMap((name) => filesConcerned(request.kind, name, snapshot));
  return [...new Set(concerned)]
    .filter(
      (file) => file.author !== 'us' || file.rules.some((rule) => !request.names.includes(nameOf(rule))),
    )
    .filter((file) => isDelicate(file, request, boot))
    .map(({ path, text, link }) => ({ path, text: text ?? '', link }))
    .filter((file) => !request.agreed.some((one) => isDeepStrictEqual(one, file)));
}

/** A vendor's file with nothing else in it is masked without a question: it stays, and the mask can be removed. */
const isDelicate = (file: BootFile, request: BootRequest, { files }: BootConfiguration): boolean =>
  file.path === bootFilePath(file.name) ||
  files.some(
    ({ name, state, rules }) =>
      name === file.name && state === 'used' && rules.some((rule) => !request.names.includes(nameOf(rule))),
  );

function filesConcerned(kind: BootRequest['kind'], name: string, { boot }: Snapshot): readonly BootFile[] {
  const bringing = filesBringing(name, boot);
  if (kind === 'not-at-boot') return bringing;
  const own = confFileNameFor(name);
  const inPlace = boot.files.filter(
    (file) =>
      own.ok &&
      file.name === own.value &&
      (file.path === bootFilePath(file.name) || (file.text !== null && file.state === 'used')),
  );
  return [...inPlace, ...bringing.filter((file) => own.ok && isReadAfter(file.name, own.value))];
}

/** The files in force that register the name. */
const filesBringing = (name: string, { files }: BootConfiguration): readonly BootFile[] =>
  files.filter(({ state, rules }) => state === 'used' && rules.some((rule) => nameOf(rule) === name));

type BootFileOperation = Extract<Operation, { kind: 'set-boot-file' }>;

function planKeeping(name: string, snapshot: Snapshot): Result<readonly BootFileOperation[], string> {
  const { boot } = snapshot;
  const entry = entryNamed(snapshot, name);
  if (entry === undefined) return failure(`${name} is not registered any more.`);
  const registration = registrationOf(entry);
  if (registration === null) return failure(`${name} cannot be kept: ${onlyNow(entry)}.`);
  const rule = ruleFor(name, boot);
  const isLasting = rule !== null && !rule.path.startsWith('/run/');
  if (isLasting && isSameRegistration(rule.registration, registration)) {
    return failure(`${name} is kept at boot already, by ${rule.path}.`);
  }
  const file = confFileNameFor(name);
  if (!file.ok) return failure(`${name} cannot be kept at boot. ${file.problem}`);
  const text = formatConfFile([registration]);
  if (!text.ok) return failure(`${name} cannot be kept at boot. ${text.problem}`);
  // Files are read by name, and of two that register the same the later one counts.
  const inTheWay = filesBringing(name, boot).filter((one) => isReadAfter(one.name, file.value));
  const operations = allOf([
    setBootFile(file.value, { kind: 'text', text: text.value }, boot),
    ...inTheWay.map((one) => setBootFile(one.name, contentWithout(one, boot), boot)),
  ]);
  return operations.ok ? operations : failure(`${name} cannot be kept at boot. ${operations.problem}`);
}

function planDropping(name: string, boot: BootConfiguration): Result<readonly BootFileOperation[], string> {
  const files = filesBringing(name, boot);
  const rule = ruleFor(name, boot);
  if (rule?.by === 'binfmt-support') {
    return failure(
      `${name} is brought back by binfmt-support (${rule.path}), which keeps its own list. Remove it there: sudo update-binfmts --remove, or the package it came with.`,
    );
  }
  if (files.length === 0) return failure(`Nothing brings ${name} back at boot.`);
  return allOf(files.map((file) => setBootFile(file.name, contentWithout(file, boot), boot)));
}

/** What /etc/binfmt.d must have for the file to be out of force: nothing, or a mask where a vendor's would be. */
function contentWithout(file: BootFile, { files }: BootConfiguration): BootFileContent {
  const isElsewhere = files.some((one) => one.name === file.name && one.path !== bootFilePath(one.name));
  return isElsewhere ? { kind: 'masked' } : { kind: 'absent' };
}

function setBootFile(
  file: string,
  after: BootFileContent,
  boot: BootConfiguration,
): Result<BootFileOperation, string> {
  const before = bootFileContent(file, boot);
  if (before !== null) return success({ kind: 'set-boot-file', file, before, after });
  const path = bootFilePath(file);
  const present = boot.files.find((one) => one.path === path);
  return failure(present?.problems[0]?.sentence ?? `${path} could not be read.`);
}

/** All that went well, or the first that did not. */
function allOf<Value>(results: readonly Result<Value, string>[]): Result<readonly Value[], string> {
  const values: Value[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return success(values);
}

/** The rule that registers the name in the end, also where no service is there to read it. */
function ruleFor(name: string, boot: BootConfiguration): BootRule | null {
  const rules = [...filesBringing(name, boot).flatMap((file) => file.rules), ...boot.rules];
  return rules.findLast((rule) => nameOf(rule) === name) ?? null;
}

const nameOf = (rule: BootRule): string => rule.registration.name;

/** Whether systemd reads the file `one` after `other` (`conf_files_list()` sorts by strcmp). */
const isReadAfter = (one: string, other: string): boolean => compareFileNames(one, other) > 0;

const onlyNow = (entry: Entry): string =>
  entry.kind === 'bpf'
    ? 'a BPF program matches it, which only the kernel has'
    : 'the kernel’s text for it makes no sense';

function withoutRepetitions(plan: Plan): Plan {
  const seen = new Set<string>();
  return plan.filter((operation) => {
    const key = JSON.stringify(operation);
    return !seen.has(key) && seen.add(key);
  });
}
