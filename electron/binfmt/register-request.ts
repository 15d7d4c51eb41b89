import { type Entry, isEnabled } from './entry.ts';
import { type Operation, ownerOf, type Plan } from './operations.ts';
import type { Registration } from './register-line.ts';
import {
  defaultRegisterOptions,
  interpreterPathOf,
  problemOfOptions,
  type RegisterOptions,
  registrationWith,
} from './register-options.ts';
import type { PlannedRequest } from './requests.ts';
import { failure, type Result, success } from './result.ts';
import { entriesServing } from './rows.ts';
import { entryNamed, resettableEntries, type Snapshot } from './snapshot.ts';
import { entryNameOf, type Target, targetNamed, targets } from './targets.ts';

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

/** The plan that registers targets and what it leaves alone, or a sentence saying why there is none. */
export function planRegister(request: RegisterRequest, snapshot: Snapshot): Result<PlannedRequest, string> {
  const { options = defaultRegisterOptions, reset = false } = request;
  const known = request.targets.flatMap((name) => targetNamed(name) ?? []);
  const problem = problemOfOptions(options, known);
  if (problem !== null) return failure(problem);
  const unknown = request.targets.find((name) => targetNamed(name) === undefined);
  if (unknown !== undefined) return failure(`QEMU has no target “${unknown}”.`);
  const removed = reset ? resettableEntries(snapshot) : [];
  const left = { ...snapshot, entries: snapshot.entries.filter(({ name }) => !removed.includes(name)) };
  const planned = planTargets(
    known.map((target) => ({ target, options })),
    request,
    left,
  );
  if (!planned.ok) return planned;
  const plan = [...removed.map((name) => ({ kind: 'unregister', name }) as const), ...planned.value];
  const leftAlone =
    request.existing === 'keep' ? known.flatMap((target) => nameKept(target, left) ?? []) : [];
  if (plan.length > 0) return success({ plan, leftAlone });
  const [first] = leftAlone;
  return failure(
    first === undefined ? 'All of them are registered already.' : `Nothing was changed. ${first}`,
  );
}

/** A target, and how it is to be registered. */
export interface TargetWish {
  readonly target: Target;
  readonly options: RegisterOptions;
}

/**
 * The plan that registers targets, without those that are registered and to be kept. An entry gives way once only,
 * whatever else it serves, and to the target of its name if that is among them.
 */
export function planTargets(
  wishes: readonly TargetWish[],
  wanted: Pick<RegisterRequest, 'existing' | 'ownFamily'>,
  snapshot: Snapshot,
): Result<Plan, string> {
  const registered = wishes.map(({ target }) => target);
  const plan: Operation[] = [];
  for (const wish of wishes) {
    const replaced = plan.flatMap((one) => (one.kind === 'replace' ? [one.name] : []));
    const left = snapshot.entries.filter(({ name }) => !replaced.includes(name));
    const givesWay = (old: Entry): boolean =>
      left.includes(old) && !staysBehind(old, wish.target, registered, { ...snapshot, entries: left });
    const operations = planTarget(wish, wanted, snapshot, givesWay);
    if (!operations.ok) return operations;
    plan.push(...operations.value);
  }
  return success(plan);
}

function planTarget(
  { target, options }: TargetWish,
  { existing, ownFamily = false }: Pick<RegisterRequest, 'existing' | 'ownFamily'>,
  snapshot: Snapshot,
  givesWay: (old: Entry) => boolean,
): Result<Plan, string> {
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
  return success(
    givesWay(old)
      ? replacing(old, registration.value)
      : [{ kind: 'register', registration: registration.value }, ...asEnabledAs(old, registration.value)],
  );
}

/**
 * Whether an entry that serves a target stays when that is registered anew, and is tried after the new one: it serves
 * others besides, or has the name of one that is registered with it. `registered` are all of these.
 */
export const staysBehind = (
  old: Entry,
  target: Target,
  registered: readonly Target[],
  snapshot: Snapshot,
): boolean =>
  old.name !== entryNameOf(target) &&
  (registered.some((one) => entryNameOf(one) === old.name) ||
    targetsLosing(old, registered, snapshot).length > 0);

/** The targets that nothing would serve as well any more if the entry went and these were registered. */
export function targetsLosing(
  old: Entry,
  registered: readonly Target[],
  { entries }: Snapshot,
): readonly Target[] {
  const others = entries.filter((one) => one !== old && (isEnabled(one) || !isEnabled(old)));
  return targets.filter(
    (target) =>
      !registered.includes(target) &&
      entriesServing(target, [old]).length > 0 &&
      entriesServing(target, others).length === 0,
  );
}

/** That a target was not registered only because its name is taken; null where something serves it, or its name is free. */
function nameKept(target: Target, snapshot: Snapshot): string | null {
  const name = entryNameOf(target);
  if (entryNamed(snapshot, name) === undefined || entriesServing(target, snapshot.entries).length > 0)
    return null;
  return `${target.name} was left alone. ${ownerOf(name, snapshot)} “Register with options…” replaces that one.`;
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
  ...asEnabledAs(old, registration),
];

const asEnabledAs = (old: Entry, { name }: Registration): Plan =>
  isEnabled(old) ? [] : [{ kind: 'disable', name }];

const notInstalled = ({ name }: Target): string =>
  `No emulator for ${name} is installed (qemu-${name}-static or qemu-${name}).`;
