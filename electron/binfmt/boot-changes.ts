import { formatsWith, ruleOfFormat } from './boot/binfmt-support.ts';
import {
  BINFMT_D,
  type BootConfiguration,
  type BootFile,
  type BootFormat,
  type BootRule,
  FORMAT_DATABASE,
} from './boot/boot-configuration.ts';
import { compareFileNames, confFileNameFor } from './boot/conf-file-name.ts';
import { formatConfFile, formatDatabaseFile } from './boot/own-file.ts';
import { type Entry, isSameRegistration, registrationOf } from './entry.ts';
import { type BootFileContent, type BootFilePlace, bootFilePath, type Operation } from './operations.ts';
import type { Registration } from './register-line.ts';
import { allOf, failure, type Result, success } from './result.ts';
import { entryNamed, type Snapshot } from './snapshot.ts';

export type BootFileOperation = Extract<Operation, { kind: 'set-boot-file' }>;

/** A file of binfmt.d or of binfmt-support's database. */
export type BootSource = BootFile | BootFormat;

/** Whether there is a service that reads binfmt.d(5) when the machine starts. */
export const readsBootFiles = ({ services }: BootConfiguration): boolean =>
  services.includes('systemd-binfmt') || services.includes('openrc');

/** Where Keep at boot writes: to binfmt.d, unless binfmt-support alone reads anything. */
export const keptIn = (boot: BootConfiguration): BootFilePlace['directory'] =>
  !readsBootFiles(boot) && boot.services.includes('binfmt-support') ? FORMAT_DATABASE : BINFMT_D;

/** What is at that place now; null for what cannot be changed: nobody knows what it is. */
export function bootFileContent(place: BootFilePlace, boot: BootConfiguration): BootFileContent | null {
  const present = sourceAt(place, boot);
  if (present === undefined) return { kind: 'absent' };
  const { link, text } = present;
  if (link !== null) return link === '/dev/null' ? { kind: 'masked' } : { kind: 'link', target: link };
  return text === null ? null : { kind: 'text', text };
}

/** The place in which a file is changed, or where it is put out of force. */
export const placeFor = (source: BootSource): BootFilePlace => ({
  directory: 'origin' in source ? FORMAT_DATABASE : BINFMT_D,
  file: source.name,
});

/** The names that a file registers, whatever others say. */
export const namesIn = (source: BootSource): readonly string[] =>
  ('origin' in source ? ruleOfFormat(source) : source.rules).map(nameOf);

/** The files in force that register the name. */
export const sourcesOf = (name: string, boot: BootConfiguration): readonly BootSource[] => [
  ...confFilesOf(name, boot),
  ...databaseOf(boot).filter((format) => namesIn(format).includes(name)),
];

/** Those that Keep at boot writes, overrides or puts out of force to have the name registered as it is now. */
export function sourcesInTheWay(name: string, boot: BootConfiguration): readonly BootSource[] {
  if (keptIn(boot) === FORMAT_DATABASE) return databaseOf(boot).filter((format) => format.name === name);
  const own = confFileNameFor(name);
  if (!own.ok) return [];
  const inPlace = boot.files.filter(
    (file) =>
      file.name === own.value &&
      (file.path === bootFilePath(placeFor(file)) || (file.text !== null && file.state === 'used')),
  );
  return [...inPlace, ...readAfter(own.value, name, boot)];
}

/** The operations that have the entry come back at boot as it is now, or a sentence saying why there are none. */
export function planKeeping(name: string, snapshot: Snapshot): Result<readonly BootFileOperation[], string> {
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
  const operations =
    keptIn(boot) === BINFMT_D ? planConfFile(registration, boot) : planDatabaseFile(registration, boot);
  return operations.ok ? operations : failure(`${name} cannot be kept at boot. ${operations.problem}`);
}

/** The operations that have nothing bring the entry back, or a sentence saying why there are none. */
export function planDropping(
  name: string,
  boot: BootConfiguration,
): Result<readonly BootFileOperation[], string> {
  const sources = sourcesOf(name, boot);
  if (sources.length === 0) return failure(`Nothing brings ${name} back at boot.`);
  return allOf(sources.map((source) => withdraw(source, boot)));
}

function planConfFile(
  registration: Registration,
  boot: BootConfiguration,
): Result<readonly BootFileOperation[], string> {
  const { name } = registration;
  const file = confFileNameFor(name);
  if (!file.ok) return file;
  const text = formatConfFile([registration]);
  if (!text.ok) return text;
  return allOf([
    set({ directory: BINFMT_D, file: file.value }, { kind: 'text', text: text.value }, boot),
    ...readAfter(file.value, name, boot).map((one) => withdraw(one, boot)),
  ]);
}

function planDatabaseFile(
  registration: Registration,
  boot: BootConfiguration,
): Result<readonly BootFileOperation[], string> {
  const { name } = registration;
  const text = formatDatabaseFile(registration);
  if (!text.ok) return text;
  const made = formatsWith(boot.formats, name, text.value).find((format) => format.name === name);
  if (made?.registration == null) return failure(made?.problem ?? `${FORMAT_DATABASE} cannot be read.`);
  if (!isSameRegistration(made.registration, registration)) {
    return failure(
      'Another format of binfmt-support matches the same files: it would put a program of its own in front of their interpreters.',
    );
  }
  return allOf([set({ directory: FORMAT_DATABASE, file: name }, { kind: 'text', text: text.value }, boot)]);
}

const databaseOf = ({ formats }: BootConfiguration): readonly BootFormat[] =>
  formats.filter(({ origin }) => origin === 'database');

const confFilesOf = (name: string, { files }: BootConfiguration): readonly BootFile[] =>
  files.filter((file) => file.state === 'used' && namesIn(file).includes(name));

/** The files in force that register the name and are read after that one: of two that do, the later one counts. */
const readAfter = (file: string, name: string, boot: BootConfiguration): readonly BootFile[] =>
  confFilesOf(name, boot).filter((one) => compareFileNames(one.name, file) > 0);

/** The operation that puts a file out of force: with nothing in its place, or a mask where a vendor's would be. */
function withdraw(source: BootSource, boot: BootConfiguration): Result<BootFileOperation, string> {
  const place = placeFor(source);
  const isElsewhere =
    !('origin' in source) &&
    boot.files.some(({ name, path }) => name === source.name && path !== bootFilePath(place));
  return set(place, { kind: isElsewhere ? 'masked' : 'absent' }, boot);
}

function set(
  place: BootFilePlace,
  after: BootFileContent,
  boot: BootConfiguration,
): Result<BootFileOperation, string> {
  const before = bootFileContent(place, boot);
  if (before !== null) return success({ kind: 'set-boot-file', ...place, before, after });
  const present = sourceAt(place, boot);
  const problem = present === undefined || 'origin' in present ? null : present.problems[0]?.sentence;
  return failure(problem ?? `${bootFilePath(place)} could not be read.`);
}

const sourceAt = (place: BootFilePlace, { files, formats }: BootConfiguration): BootSource | undefined =>
  [...files, ...formats].find(({ path }) => path === bootFilePath(place));

/** The rule that registers the name in the end; where there is no service at all, the one that would. */
function ruleFor(name: string, boot: BootConfiguration): BootRule | null {
  const rules = boot.services.length > 0 ? boot.rules : confFilesOf(name, boot).flatMap((file) => file.rules);
  return rules.findLast((rule) => nameOf(rule) === name) ?? null;
}

const nameOf = (rule: BootRule): string => rule.registration.name;

const onlyNow = (entry: Entry): string =>
  entry.kind === 'bpf'
    ? 'a BPF program matches it, which only the kernel has'
    : 'the kernel’s text for it makes no sense';
