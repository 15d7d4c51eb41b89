import { isDeepStrictEqual } from 'node:util';
import { bootFileContent } from '../binfmt/boot-changes.ts';
import { isEnabled, isSameRegistration, registrationOf } from '../binfmt/entry.ts';
import type { Operation, Plan } from '../binfmt/operations.ts';
import { isPlacing, type Placing, type PlacingStates } from '../binfmt/placing.ts';
import type { Registration } from '../binfmt/register-line.ts';
import { entryNamed, isMounted, type Snapshot } from '../binfmt/snapshot.ts';
import type { Outcome } from './report.ts';

/** The outcomes, those that nobody reported decided by what the kernel and the disk show now. */
export const settle = (
  outcomes: readonly Outcome[],
  now: Snapshot,
  placings: PlacingStates,
): readonly Outcome[] =>
  outcomes.map((outcome) => {
    const { operation, status } = outcome;
    if (status !== 'interrupted') return outcome;
    if (isPlacing(operation)) return { operation, status: placingStatus(operation, placings) };
    return { operation, status: tookEffect(operation, now) ? 'done' : 'not-reached' };
  });

/** What became of a plan whose report was lost altogether, as far as the system shows it. */
export const settleUnreported = (plan: Plan, now: Snapshot, placings: PlacingStates): readonly Outcome[] =>
  settle(
    plan.map((operation) => ({ operation, status: 'interrupted' })),
    now,
    placings,
  );

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
