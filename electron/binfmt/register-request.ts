import { type Entry, isEnabled } from './entry.ts';
import type { Operation, Plan } from './operations.ts';
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
import { entryNameOf, type Target, targetNamed } from './targets.ts';

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

/** The plan that registers targets, or a sentence saying why there is none. */
export function planRegister(request: RegisterRequest, snapshot: Snapshot): Result<Plan, string> {
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

/** The same for one target; nothing where it is registered and is to be kept. */
export function planTarget(
  target: Target,
  request: RegisterRequest,
  snapshot: Snapshot,
): Result<Plan, string> {
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

/** What a target would be registered with on this system; a sentence where no emulator is installed. */
export function registrationOfTarget(
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

/** The plan that registers in place of an entry; what was disabled stays so. */
export const replacing = (old: Entry, registration: Registration): Plan => [
  { kind: 'replace', name: old.name, registration },
  ...(isEnabled(old) ? [] : [{ kind: 'disable', name: registration.name } as const]),
];

const notInstalled = ({ name }: Target): string =>
  `No emulator for ${name} is installed (qemu-${name}-static or qemu-${name}).`;
