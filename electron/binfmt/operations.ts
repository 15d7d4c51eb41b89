import { BINFMT_D, type FORMAT_DATABASE } from './boot/boot-configuration.ts';
import { encodeBytes } from './bytes.ts';
import { isEnabled } from './entry.ts';
import { takes } from './matcher.ts';
import {
  describePlacing,
  isPlacing,
  type PlaceInterpreters,
  placedPaths,
  problemOfPlacing,
  type UnplaceInterpreters,
} from './placing.ts';
import { formatRegisterLine, problemOfAge, type Registration } from './register-line.ts';
import { nativeHeads } from './sample-files.ts';
import { entryNamed, isMounted, type Loss, problemOfMount, type Snapshot } from './snapshot.ts';
import { problemOfTrial } from './trial.ts';

/** One change of the system. */
export type Operation =
  | { readonly kind: 'register'; readonly registration: Registration }
  /** Registers in place of the entry `name`, which stays where the kernel refuses the new one. */
  | { readonly kind: 'replace'; readonly name: string; readonly registration: Registration }
  | { readonly kind: 'unregister'; readonly name: string }
  | { readonly kind: 'enable'; readonly name: string }
  | { readonly kind: 'disable'; readonly name: string }
  | { readonly kind: 'switch-master'; readonly on: boolean }
  | { readonly kind: 'mount' }
  /** Changes a file of the boot configuration that holds `before`; as a whole or not at all. */
  | ({
      readonly kind: 'set-boot-file';
      readonly before: BootFileContent;
      readonly after: BootFileContent;
    } & BootFilePlace)
  | PlaceInterpreters
  | UnplaceInterpreters;

/** Where a file is that may be changed: among the administrator's of binfmt.d(5), or in binfmt-support's database. */
export interface BootFilePlace {
  readonly directory: typeof BINFMT_D | typeof FORMAT_DATABASE;
  readonly file: string;
}

/** What is at such a place; `masked` is a link to /dev/null (binfmt.d(5)). */
export type BootFileContent =
  | { readonly kind: 'absent' }
  | { readonly kind: 'masked' }
  /** A link to something else, a string of bytes. */
  | { readonly kind: 'link'; readonly target: string }
  /** A string of bytes, see bytes.ts. */
  | { readonly kind: 'text'; readonly text: string };

/** Operations carried out in this order under one elevation. */
export type Plan = readonly Operation[];

/** What the operation does, in plain words: `Register qemu-arm with /usr/bin/qemu-arm-static (flags F)`. */
export function describeOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'register': {
      const { name, interpreter, flags } = operation.registration;
      return `Register ${name} with ${interpreter}${flags === '' ? '' : ` (flags ${flags})`}`;
    }
    case 'replace': {
      const { name } = operation.registration;
      const register = describeOperation({ kind: 'register', registration: operation.registration });
      return `${register} in place of ${name === operation.name ? 'the present entry' : operation.name}`;
    }
    case 'unregister':
      return `Unregister ${operation.name}`;
    case 'enable':
      return `Enable ${operation.name}`;
    case 'disable':
      return `Disable ${operation.name}`;
    case 'switch-master':
      return operation.on ? 'Switch binfmt_misc on' : 'Switch binfmt_misc off';
    case 'mount':
      return 'Mount binfmt_misc';
    case 'set-boot-file':
      return describeBootFile(operation);
    case 'place-interpreters':
    case 'unplace-interpreters':
      return describePlacing(operation);
  }
}

function describeBootFile(operation: Extract<Operation, { kind: 'set-boot-file' }>): string {
  const { file, after } = operation;
  const path = bootFilePath(operation);
  switch (after.kind) {
    case 'absent':
      return `Remove ${path}`;
    case 'masked':
      return `Mask ${file}: make ${path} a link to /dev/null`;
    case 'link':
      return `Make ${path} a link to ${after.target}`;
    case 'text':
      return `Write ${path}`;
  }
}

export const bootFilePath = ({ directory, file }: BootFilePlace): string => `${directory}/${file}`;

/** The entries an operation is about; none for those about the whole and for files. */
export function entryNamesOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'register':
      return [operation.registration.name];
    case 'replace':
      return [...new Set([operation.name, operation.registration.name])];
    case 'unregister':
    case 'enable':
    case 'disable':
      return [operation.name];
    case 'switch-master':
    case 'mount':
    case 'set-boot-file':
    case 'place-interpreters':
    case 'unplace-interpreters':
      return [];
  }
}

/** The entries that a plan removes or replaces, and that could not be put back. */
export function lossesOf(plan: Plan, { losses }: Snapshot): readonly Loss[] {
  const gone = new Set(
    plan.flatMap((one) => (one.kind === 'unregister' || one.kind === 'replace' ? [one.name] : [])),
  );
  return losses.filter(({ name }) => gone.has(name));
}

/** What an operation changes, in a word each: operations that have one in common depend on their order. */
export function subjectsOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'switch-master':
    case 'mount':
      return ['binfmt_misc'];
    case 'set-boot-file':
      return [`file ${bootFilePath(operation)}`];
    case 'place-interpreters':
    case 'unplace-interpreters':
      return placedPaths(operation).map((path) => `file ${path}`);
    default:
      return entryNamesOf(operation).map((name) => `entry ${name}`);
  }
}

/**
 * Why a plan must not be carried out on this system, as a sentence; null when it may. Checked before anything
 * is sent to root: names exist, or are free; register lines are such as the kernel takes; nothing captures the
 * host's own programs.
 */
export function problemOfPlan(plan: Plan, snapshot: Snapshot): string | null {
  const names = new Set(snapshot.entries.map((entry) => entry.name));
  let mounted = isMounted(snapshot);
  for (const operation of plan) {
    if (operation.kind === 'mount') {
      mounted = true;
      continue;
    }
    if (operation.kind === 'set-boot-file') {
      const problem = problemOfBootFile(operation);
      if (problem !== null) return problem;
      continue;
    }
    if (isPlacing(operation)) {
      const problem = problemOfPlacing(operation);
      if (problem !== null) return problem;
      continue;
    }
    if (!mounted) return problemOfMount(snapshot);
    const problem = problemOfOperation(operation, snapshot, names);
    if (problem !== null) return problem;
    if (operation.kind === 'unregister' || operation.kind === 'replace') names.delete(operation.name);
    if (operation.kind === 'register' || operation.kind === 'replace') names.add(operation.registration.name);
  }
  return null;
}

function problemOfBootFile(operation: Extract<Operation, { kind: 'set-boot-file' }>): string | null {
  const { directory, file, after } = operation;
  // A name with a dot in front is hidden, and systemd passes it over (conf-files.c); binfmt-support does not.
  const names = directory === BINFMT_D ? /^[^./][^/\0]*\.conf$/s : /^(?!\.{1,2}$)[^/\0]+$/s;
  if (!names.test(file) || encodeBytes(file).length > LONGEST_FILE_NAME) {
    return `“${file}” cannot be the name of a file in ${directory}.`;
  }
  const hasNul = after.kind === 'text' && after.text.includes('\0');
  return hasNul ? `${bootFilePath(operation)} was not written: its text would hold a NUL byte.` : null;
}

/** NAME_MAX, in bytes. */
const LONGEST_FILE_NAME = 255;

function problemOfOperation(
  operation: Exclude<
    Operation,
    { kind: 'mount' | 'set-boot-file' | 'place-interpreters' | 'unplace-interpreters' }
  >,
  snapshot: Snapshot,
  names: ReadonlySet<string>,
): string | null {
  switch (operation.kind) {
    case 'replace': {
      if (!names.has(operation.name)) return `${operation.name} is not registered any more.`;
      const others = new Set([...names].filter((name) => name !== operation.name));
      const { name, registration } = operation;
      const problem = name === registration.name ? problemOfTrial(registration) : null;
      return problem ?? problemOfRegistering(registration, snapshot, others);
    }
    case 'register':
      return problemOfRegistering(operation.registration, snapshot, names);
    case 'switch-master':
      return null;
    case 'unregister':
    case 'enable':
    case 'disable':
      return names.has(operation.name) ? null : `${operation.name} is not registered any more.`;
  }
}

function problemOfRegistering(
  registration: Registration,
  snapshot: Snapshot,
  names: ReadonlySet<string>,
): string | null {
  const line = formatRegisterLine(registration);
  const problem = line.ok ? problemOfAge(registration, snapshot.host.kernelRelease) : line.problem;
  if (problem !== null) return `${registration.name} cannot be registered. ${problem}`;
  if (capturesHost(registration, snapshot.host.machine)) {
    return (
      `${registration.name} was not registered: it would take this machine’s own programs (${snapshot.host.machine}), ` +
      'and nothing on it would start any more.'
    );
  }
  return names.has(registration.name) ? nameTaken(registration.name, snapshot) : null;
}

/** Says by whom a name is taken, and what to do about it. */
export const nameTaken = (name: string, snapshot: Snapshot): string =>
  entryNamed(snapshot, name) === undefined
    ? `The name ${name} is taken. Unregister what has it first.`
    : `${ownerOf(name, snapshot)} Unregister that one first.`;

/** Says by whom a name is taken. */
export function ownerOf(name: string, snapshot: Snapshot): string {
  const owner = entryNamed(snapshot, name);
  if (owner === undefined) return `The name ${name} is taken.`;
  const interpreter = 'interpreter' in owner ? ` with ${owner.interpreter}` : '';
  const state = isEnabled(owner) ? '' : ', disabled';
  return `The name ${name} is taken by an entry registered${interpreter}${state}.`;
}

/** Whether the kernel would hand programs of this machine itself to the interpreter, which stops them all. */
export const capturesHost = (registration: Registration, machine: string): boolean =>
  registration.kind === 'magic' &&
  nativeHeads(machine).some((head) => takes(registration, { head, path: '' }));
