import { type BootRequest, desiredAtBoot, planBootRequest } from './boot-requests.ts';
import { type Entry, isEnabled, registrationOf } from './entry.ts';
import type { DesiredEntry } from './exchange/desired-entry.ts';
import { differenceOptions, planTowards } from './exchange/difference.ts';
import type { Plan } from './operations.ts';
import { type PlaceRequest, planPlacing } from './place-request.ts';
import { problemOfNewInterpreter, type Registration } from './register-line.ts';
import { defaultRegisterOptions } from './register-options.ts';
import {
  type Existing,
  planRegister,
  planTargets,
  type RegisterRequest,
  registrationOfTarget,
  replacing,
} from './register-request.ts';
import { failure, type Result, success } from './result.ts';
import { entriesServing } from './rows.ts';
import { entryNamed, type Snapshot } from './snapshot.ts';
import { isQemuEntryName, targetNamed } from './targets.ts';
import { nameOfTrial } from './trial.ts';

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
  /** Gives what a replacement that was cut off left the name of the entry that it was to replace. */
  | { readonly kind: 'rename-trial'; readonly name: string }
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

/** Brings the registry to what a file or the boot configuration says. */
export interface BringRequest {
  readonly kind: 'bring';
  /** In match order. */
  readonly entries: readonly DesiredEntry[];
  /** Whether what is not among them goes. */
  readonly removeOthers: boolean;
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
  if (request.kind === 'register') return planRegister(request, snapshot);
  const plan = planAllOf(request, snapshot);
  return plan.ok ? success({ plan: plan.value, leftAlone: [] }) : plan;
}

function planAllOf(
  request: Exclude<Request, { kind: 'bring' | 'apply-boot' | 'place' | 'register' }>,
  snapshot: Snapshot,
): Result<Plan, string> {
  switch (request.kind) {
    case 'switch-target':
      return planSwitch(request.target, request.on, snapshot);
    case 'switch-entries':
      return success(request.names.map((name) => ({ kind: request.on ? 'enable' : 'disable', name })));
    case 'unregister':
      return success(request.names.map((name) => ({ kind: 'unregister', name })));
    case 'replace':
      return planReplacement(request.name, request.target, snapshot);
    case 'rename-trial':
      return planRenaming(request.name, snapshot);
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
  if (on && serving.length === 0)
    return planTargets([{ target, options: defaultRegisterOptions }], {}, snapshot);
  const switched = entriesToSwitch(serving, on);
  if (switched.length === 0) return failure(`${name} is ${on ? 'enabled already' : 'not enabled any more'}.`);
  return success(switched.map((entry) => ({ kind: on ? 'enable' : 'disable', name: entry.name })));
}

/**
 * Those of the entries that serve a target, in match order, that are to be switched so that its programs run, or do
 * not: none where that is so already, and of several the first is enough to have them run.
 */
export function entriesToSwitch(serving: readonly Entry[], on: boolean): readonly Entry[] {
  if (!on) return serving.filter(isEnabled);
  return serving.some(isEnabled) ? [] : serving.slice(0, 1);
}

function planReplacement(name: string, targetName: string, snapshot: Snapshot): Result<Plan, string> {
  const target = targetNamed(targetName);
  if (target === undefined) return failure(`QEMU has no target “${targetName}”.`);
  const old = entryNamed(snapshot, name);
  if (old === undefined) return failure(`${name} is not registered any more.`);
  const registration = registrationOfTarget(target, defaultRegisterOptions, snapshot);
  return registration.ok ? success(replacing(old, registration.value)) : registration;
}

function planRenaming(name: string, snapshot: Snapshot): Result<Plan, string> {
  const own = nameOfTrial(name);
  const trial = entryNamed(snapshot, name);
  const registration = trial === undefined ? null : registrationOf(trial);
  if (own === null || trial === undefined || registration === null) {
    return failure(`${name} is not what a replacement has left.`);
  }
  return success(replacing(trial, { ...registration, name: own }));
}

function planFormat(
  registration: Registration,
  existing: Existing | undefined,
  snapshot: Snapshot,
): Result<Plan, string> {
  const problem = problemOfNewInterpreter(registration.interpreter);
  if (problem !== null) return failure(`${registration.name} was not registered. ${problem}`);
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
  const options = differenceOptions(snapshot, removeOthers);
  const { plan, leftAlone } = planTowards(entries, snapshot.entries, options);
  const sentences = leftAlone.map(({ name, reason }) => `${name}: ${reason}`);
  if (plan.length > 0) return success({ plan, leftAlone: sentences });
  return failure(
    sentences.length > 0
      ? `Nothing was changed. ${sentences.join('; ')}.`
      : 'Everything is registered like this already.',
  );
}

function planReset(names: readonly string[], snapshot: Snapshot): Result<Plan, string> {
  const foreign = names.find((name) => !isQemuEntryName(name));
  if (foreign !== undefined)
    return failure(`Reset removes QEMU’s entries only, and ${foreign} is none of them.`);
  // What was removed meanwhile is gone, as was wanted.
  const present = names.filter((name) => entryNamed(snapshot, name) !== undefined);
  if (present.length === 0) return failure('Nothing is registered for QEMU any more.');
  return success(present.map((name) => ({ kind: 'unregister', name })));
}
