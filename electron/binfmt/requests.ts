import { type BootRequest, desiredAtBoot, planBootRequest } from './boot-requests.ts';
import { isEnabled } from './entry.ts';
import type { DesiredEntry } from './exchange/desired-entry.ts';
import { planTowards } from './exchange/difference.ts';
import type { Plan } from './operations.ts';
import { type PlaceRequest, planPlacing } from './place-request.ts';
import { problemOfNewInterpreter, type Registration } from './register-line.ts';
import { defaultRegisterOptions } from './register-options.ts';
import {
  type Existing,
  planRegister,
  type RegisterRequest,
  registrationOfTarget,
  replacing,
} from './register-request.ts';
import { failure, type Result, success } from './result.ts';
import { entriesServing } from './rows.ts';
import { entryNamed, type Snapshot } from './snapshot.ts';
import { isQemuEntryName, targetNamed } from './targets.ts';

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

function planReset(names: readonly string[], snapshot: Snapshot): Result<Plan, string> {
  const foreign = names.find((name) => !isQemuEntryName(name));
  if (foreign !== undefined)
    return failure(`Reset removes QEMU’s entries only, and ${foreign} is none of them.`);
  // What was removed meanwhile is gone, as was wanted.
  const present = names.filter((name) => entryNamed(snapshot, name) !== undefined);
  if (present.length === 0) return failure('Nothing is registered for QEMU any more.');
  return success(present.map((name) => ({ kind: 'unregister', name })));
}
