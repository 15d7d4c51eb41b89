import { type BootRequest, desiredAtBoot, planBootRequest } from './boot-requests.ts';
import { type Entry, isEnabled } from './entry.ts';
import type { DesiredEntry } from './exchange/desired-entry.ts';
import { planTowards } from './exchange/difference.ts';
import type { Operation, Plan } from './operations.ts';
import { INTERPRETER_DIRECTORY, type PlacedFile, targetsOfFileName } from './placing.ts';
import type { Registration } from './register-line.ts';
import {
  defaultRegisterOptions,
  interpreterPathOf,
  problemOfOptions,
  type RegisterOptions,
  registrationWith,
} from './register-options.ts';
import { failure, type Result, success } from './result.ts';
import { entriesServing } from './rows.ts';
import { entryNamed, resettableEntries, type Snapshot } from './snapshot.ts';
import { emulatorNameOf, entryNameOf, isQemuEntryName, type Target, targetNamed } from './targets.ts';

/**
 * What a person wants, as the window or the terminal says it. It names targets and entries; what becomes of it
 * is decided here, from what the system looks like now.
 */
export type Request =
  | { readonly kind: 'switch-target'; readonly target: string; readonly on: boolean }
  | { readonly kind: 'switch-entries'; readonly names: readonly string[]; readonly on: boolean }
  | RegisterRequest
  | { readonly kind: 'unregister'; readonly names: readonly string[] }
  /** Registers the target anew, in place of the entry of that name. */
  | { readonly kind: 'replace'; readonly name: string; readonly target: string }
  | { readonly kind: 'reset'; readonly names: readonly string[] }
  | { readonly kind: 'switch-master'; readonly on: boolean }
  | { readonly kind: 'mount' }
  /** Any format, in place of the one of that name where there is one and that is wanted. */
  | { readonly kind: 'add-format'; readonly registration: Registration; readonly existing?: Existing }
  | BringRequest
  | PlaceRequest
  /** Brings the registry to what it will be after the next start of the machine. */
  | { readonly kind: 'apply-boot'; readonly removeOthers: boolean }
  | BootRequest;

/** What to do about targets that something serves already. Without it they are a reason to refuse. */
export type Existing = 'keep' | 'replace';

export interface RegisterRequest {
  readonly kind: 'register';
  readonly targets: readonly string[];
  readonly options?: RegisterOptions;
  readonly existing?: Existing;
  /** Also targets that the machine runs, or may run, itself. */
  readonly ownFamily?: boolean;
  /** Removes all of QEMU's entries before. */
  readonly reset?: boolean;
}

/** Brings the registry to what a file or the boot configuration says. */
export interface BringRequest {
  readonly kind: 'bring';
  /** In match order. */
  readonly entries: readonly DesiredEntry[];
  /** Whether what is not among them goes. */
  readonly removeOthers: boolean;
}

/**
 * Puts emulators that were unpacked into their place, and registers what they emulate. Only the main process asks for
 * it: it names a directory that root copies from.
 */
export interface PlaceRequest {
  readonly kind: 'place';
  /** 32 hex digits, new each time. */
  readonly id: string;
  /** Where they are now. */
  readonly from: string;
  readonly files: readonly PlacedFile[];
  /** What to do about targets that something serves already; `no`: register nothing. */
  readonly register: 'no' | Existing;
}

/** A plan, and what it leaves undone, each in a sentence. */
export interface PlannedRequest {
  readonly plan: Plan;
  readonly leftAlone: readonly string[];
}

/** The plan that does what was asked for, or a sentence saying why there is none. */
export function planOf(request: Request, snapshot: Snapshot): Result<PlannedRequest, string> {
  if (request.kind === 'bring') return planBringing(request.entries, request.removeOthers, snapshot);
  if (request.kind === 'apply-boot') {
    return planBringing(desiredAtBoot(snapshot.boot), request.removeOthers, snapshot);
  }
  if (request.kind === 'place') return planPlacing(request, snapshot);
  const plan = planAllOf(request, snapshot);
  return plan.ok ? success({ plan: plan.value, leftAlone: [] }) : plan;
}

function planAllOf(
  request: Exclude<Request, { kind: 'bring' | 'apply-boot' | 'place' }>,
  snapshot: Snapshot,
): Result<Plan, string> {
  switch (request.kind) {
    case 'switch-target':
      return planSwitch(request.target, request.on, snapshot);
    case 'switch-entries':
      return success(request.names.map((name) => ({ kind: request.on ? 'enable' : 'disable', name })));
    case 'register':
      return planRegister(request, snapshot);
    case 'unregister':
      return success(request.names.map((name) => ({ kind: 'unregister', name })));
    case 'replace':
      return planReplacement(request.name, request.target, snapshot);
    case 'reset':
      return planReset(request.names, snapshot);
    case 'switch-master':
      return success([{ kind: 'switch-master', on: request.on }]);
    case 'mount':
      return success([{ kind: 'mount' }]);
    case 'add-format':
      return planFormat(request.registration, request.existing, snapshot);
    case 'keep-at-boot':
    case 'not-at-boot':
      return planBootRequest(request, snapshot);
  }
}

function planSwitch(name: string, on: boolean, snapshot: Snapshot): Result<Plan, string> {
  const target = targetNamed(name);
  if (target === undefined) return failure(`QEMU has no target “${name}”.`);
  const serving = entriesServing(target, snapshot.entries);
  if (!on) {
    const enabled = serving.filter(isEnabled);
    if (enabled.length === 0) return failure(`${name} is not enabled any more.`);
    return success(enabled.map((entry) => ({ kind: 'disable', name: entry.name })));
  }
  const [first] = serving;
  if (first === undefined) return planRegister({ kind: 'register', targets: [name] }, snapshot);
  if (serving.some(isEnabled)) return failure(`${name} is enabled already.`);
  return success([{ kind: 'enable', name: first.name }]);
}

function planRegister(request: RegisterRequest, snapshot: Snapshot): Result<Plan, string> {
  const problem =
    request.options === undefined
      ? null
      : problemOfOptions(
          request.options,
          request.targets.flatMap((name) => targetNamed(name) ?? []),
        );
  if (problem !== null) return failure(problem);
  const removed = request.reset === true ? resettableEntries(snapshot) : [];
  const left = { ...snapshot, entries: snapshot.entries.filter(({ name }) => !removed.includes(name)) };
  const plan: Operation[] = removed.map((name) => ({ kind: 'unregister', name }));
  for (const name of request.targets) {
    const target = targetNamed(name);
    if (target === undefined) return failure(`QEMU has no target “${name}”.`);
    const operations = planTarget(target, request, left);
    if (!operations.ok) return operations;
    plan.push(...operations.value);
  }
  return plan.length > 0 ? success(plan) : failure('All of them are registered already.');
}

function planTarget(target: Target, request: RegisterRequest, snapshot: Snapshot): Result<Plan, string> {
  const { existing, options = defaultRegisterOptions, ownFamily = false } = request;
  if (target.family === snapshot.host.family && !ownFamily) {
    return failure(`This machine runs ${target.name} programs itself; QEMU would only get in the way.`);
  }
  const serving = entriesServing(target, snapshot.entries);
  const old = entryToReplace(target, snapshot);
  if (old !== undefined && existing === 'keep') return success([]);
  if (serving.length > 0 && existing === undefined) {
    const names = serving.map((entry) => entry.name).join(', ');
    return failure(`${target.name} is registered already, as ${names}.`);
  }
  const registration = registrationOfTarget(target, options, snapshot);
  if (!registration.ok) return registration;
  if (old === undefined || existing === undefined) {
    return success([{ kind: 'register', registration: registration.value }]);
  }
  return success(replacing(old, registration.value));
}

function registrationOfTarget(
  target: Target,
  options: RegisterOptions,
  { targets }: Snapshot,
): Result<Registration, string> {
  const row = targets.find((one) => one.isTarget && one.name === target.name);
  const path = interpreterPathOf(target, options, row?.installed?.path ?? null);
  return path === null ? failure(notInstalled(target)) : success(registrationWith(target, path, options));
}

/** The entry in whose place the target would be registered: the one of its name, or the first that serves it. */
export const entryToReplace = (target: Target, snapshot: Snapshot): Entry | undefined =>
  entryNamed(snapshot, entryNameOf(target)) ?? entriesServing(target, snapshot.entries)[0];

/** What was disabled stays so. */
const replacing = (old: Entry, registration: Registration): Plan => [
  { kind: 'replace', name: old.name, registration },
  ...(isEnabled(old) ? [] : [{ kind: 'disable', name: registration.name } as const]),
];

function planReplacement(name: string, targetName: string, snapshot: Snapshot): Result<Plan, string> {
  const target = targetNamed(targetName);
  if (target === undefined) return failure(`QEMU has no target “${targetName}”.`);
  const registration = registrationOfTarget(target, defaultRegisterOptions, snapshot);
  if (!registration.ok) return registration;
  return success([{ kind: 'replace', name, registration: registration.value }]);
}

function planFormat(
  registration: Registration,
  existing: Existing | undefined,
  snapshot: Snapshot,
): Result<Plan, string> {
  const old = entryNamed(snapshot, registration.name);
  if (old === undefined || existing === undefined) return success([{ kind: 'register', registration }]);
  if (existing === 'keep') return failure(`${old.name} is registered already.`);
  return success(replacing(old, registration));
}

function planBringing(
  entries: readonly DesiredEntry[],
  removeOthers: boolean,
  snapshot: Snapshot,
): Result<PlannedRequest, string> {
  const irreplaceable = new Set(snapshot.losses.map((loss) => loss.name));
  const { plan, leftAlone } = planTowards(entries, snapshot.entries, {
    removeOthers,
    irreplaceable,
    machine: snapshot.host.machine,
  });
  const sentences = leftAlone.map(({ name, reason }) => `${name}: ${reason}`);
  if (plan.length > 0) return success({ plan, leftAlone: sentences });
  return failure(
    sentences.length > 0
      ? `Nothing was changed. ${sentences.join('; ')}.`
      : 'Everything is registered like this already.',
  );
}

function planPlacing(
  { id, from, files, register }: PlaceRequest,
  snapshot: Snapshot,
): Result<PlannedRequest, string> {
  const plan: Operation[] = [{ kind: 'place-interpreters', id, from, files }];
  if (register === 'no') return success({ plan, leftAlone: [] });
  const own = new Set<string>();
  let { entries } = snapshot;
  for (const [target, path] of emulatorsAmong(files)) {
    if (target.family === snapshot.host.family) {
      own.add(emulatorNameOf(target));
      continue;
    }
    const options: RegisterOptions = { ...defaultRegisterOptions, interpreter: { kind: 'file', path } };
    const request: RegisterRequest = {
      kind: 'register',
      targets: [target.name],
      options,
      existing: register,
    };
    const operations = planTarget(target, request, { ...snapshot, entries });
    if (!operations.ok) return operations;
    plan.push(...operations.value);
    // One entry gives way once only, whatever else it serves.
    const replaced = operations.value.flatMap((one) => (one.kind === 'replace' ? [one.name] : []));
    entries = entries.filter(({ name }) => !replaced.includes(name));
  }
  const leftAlone = [...own].map(
    (name) => `${name}: not registered, because this machine runs its programs itself`,
  );
  return success({ plan, leftAlone });
}

/** The targets that these files emulate, each with the path of its emulator: of two the one that QEMU calls static. */
function emulatorsAmong(files: readonly PlacedFile[]): ReadonlyMap<Target, string> {
  const staticLast = [...files].sort((one, other) => Number(isStatic(one)) - Number(isStatic(other)));
  return new Map(
    staticLast.flatMap(({ name }) =>
      targetsOfFileName(name).map((target) => [target, `${INTERPRETER_DIRECTORY}/${name}`] as const),
    ),
  );
}

const isStatic = ({ name }: PlacedFile): boolean => name.endsWith('-static');

function planReset(names: readonly string[], snapshot: Snapshot): Result<Plan, string> {
  const foreign = names.find((name) => !isQemuEntryName(name));
  if (foreign !== undefined)
    return failure(`Reset removes QEMU’s entries only, and ${foreign} is none of them.`);
  // What was removed meanwhile is gone, as was wanted.
  const present = names.filter((name) => entryNamed(snapshot, name) !== undefined);
  if (present.length === 0) return failure('Nothing is registered for QEMU any more.');
  return success(present.map((name) => ({ kind: 'unregister', name })));
}

const notInstalled = ({ name }: Target): string =>
  `No emulator for ${name} is installed (qemu-${name}-static or qemu-${name}).`;
