import { isDeepStrictEqual } from 'node:util';
import { bootFileContent } from '../binfmt/boot-changes.ts';
import { isEnabled, isSameRegistration, registrationOf } from '../binfmt/entry.ts';
import type { Operation, Plan } from '../binfmt/operations.ts';
import { isPlacing, type Placing, type PlacingStates } from '../binfmt/placing.ts';
import type { Registration } from '../binfmt/register-line.ts';
import { entryNamed, isMounted, type Snapshot } from '../binfmt/snapshot.ts';
import { trialOf } from '../binfmt/trial.ts';
import type { Outcome } from './report.ts';

/** The outcomes, those that a report does not tell wholly decided by what the kernel and the disk show now. */
export const settle = (
  outcomes: readonly Outcome[],
  now: Snapshot,
  placings: PlacingStates,
): readonly Outcome[] =>
  outcomes.map((outcome) => {
    switch (outcome.status) {
      case 'interrupted':
        return settleInterrupted(outcome.operation, now, placings);
      case 'failed':
        return settleFailed(outcome, now);
      default:
        return outcome;
    }
  });

/** What became of a plan whose report was lost altogether, as far as the system shows it. */
export const settleUnreported = (plan: Plan, now: Snapshot, placings: PlacingStates): readonly Outcome[] =>
  settle(
    plan.map((operation) => ({ operation, status: 'interrupted' })),
    now,
    placings,
  );

function settleInterrupted(operation: Operation, now: Snapshot, placings: PlacingStates): Outcome {
  if (isPlacing(operation)) return { operation, status: placingStatus(operation, placings) };
  if (isHalfway(operation, now)) return { operation, status: 'interrupted' };
  return { operation, status: tookEffect(operation, now) ? 'done' : 'not-reached' };
}

function settleFailed(outcome: Extract<Outcome, { status: 'failed' }>, now: Snapshot): Outcome {
  const { operation, message } = outcome;
  // In place of one of another name nothing is tried first: what is there then may be somebody else's.
  if (operation.kind === 'replace' && isTrialLeft(operation, now)) {
    return { operation, status: 'interrupted', message };
  }
  const hadChanged = ['File exists', 'Entry is gone', 'Entry was changed'].some((text) =>
    message.includes(text),
  );
  return hadChanged && isAsWanted(operation, now) ? { operation, status: 'done-by-other' } : outcome;
}

/** Whether a replacement has begun and is not complete. */
const isHalfway = (operation: Operation, now: Snapshot): boolean =>
  operation.kind === 'replace' &&
  (operation.name === operation.registration.name
    ? isTrialLeft(operation, now)
    : isRegistered(operation.registration, now) && entryNamed(now, operation.name) !== undefined);

const isTrialLeft = ({ name, registration }: Replacement, now: Snapshot): boolean =>
  name === registration.name && isRegistered(trialOf(registration), now);

type Replacement = Extract<Operation, { kind: 'replace' }>;

/** Whether an entry is, or is gone, as it would be had the operation been done. */
function isAsWanted(operation: Operation, now: Snapshot): boolean {
  if (operation.kind !== 'register' && operation.kind !== 'replace') {
    return operation.kind === 'unregister' && tookEffect(operation, now);
  }
  const entry = entryNamed(now, operation.registration.name);
  return tookEffect(operation, now) && entry !== undefined && isEnabled(entry);
}

function placingStatus(
  { kind, id }: Placing,
  placings: PlacingStates,
): 'done' | 'not-reached' | 'interrupted' {
  const { inPlace, kept } = placings.get(id) ?? { inPlace: 'none', kept: 'no' };
  if (kind === 'place-interpreters') {
    return inPlace === 'all' ? 'done' : inPlace === 'some' ? 'interrupted' : 'not-reached';
  }
  return kept === 'no' ? 'done' : kept === 'yes' ? 'not-reached' : 'interrupted';
}

function tookEffect(operation: Exclude<Operation, Placing>, now: Snapshot): boolean {
  switch (operation.kind) {
    case 'register':
      return isRegistered(operation.registration, now);
    case 'replace': {
      const { name, registration } = operation;
      const isOldGone = name === registration.name || entryNamed(now, name) === undefined;
      return isRegistered(registration, now) && isOldGone;
    }
    case 'unregister':
      return isMounted(now) && entryNamed(now, operation.name) === undefined;
    case 'enable':
    case 'disable': {
      const entry = entryNamed(now, operation.name);
      return entry !== undefined && isEnabled(entry) === (operation.kind === 'enable');
    }
    case 'switch-master':
      return now.binfmtMisc === (operation.on ? 'on' : 'off');
    case 'mount':
      return isMounted(now);
    case 'set-boot-file':
      return isDeepStrictEqual(bootFileContent(operation, now.boot), operation.after);
  }
}

function isRegistered(registration: Registration, now: Snapshot): boolean {
  const entry = entryNamed(now, registration.name);
  const present = entry === undefined ? null : registrationOf(entry);
  return present !== null && isSameRegistration(present, registration);
}
