import { isDeepStrictEqual } from 'node:util';
import { bootFileContent } from '../binfmt/boot-requests.ts';
import { isEnabled, isSameRegistration, registrationOf } from '../binfmt/entry.ts';
import type { Operation, Plan } from '../binfmt/operations.ts';
import type { Registration } from '../binfmt/register-line.ts';
import { entryNamed, isMounted, type Snapshot } from '../binfmt/snapshot.ts';
import type { Outcome } from './report.ts';

/** The outcomes, those that nobody reported decided by what the kernel shows now. */
export const settle = (outcomes: readonly Outcome[], now: Snapshot): readonly Outcome[] =>
  outcomes.map((outcome) =>
    outcome.status === 'interrupted'
      ? { operation: outcome.operation, status: tookEffect(outcome.operation, now) ? 'done' : 'not-reached' }
      : outcome,
  );

/** What became of a plan whose report was lost altogether, as far as the kernel shows it. */
export const settleUnreported = (plan: Plan, now: Snapshot): readonly Outcome[] =>
  settle(
    plan.map((operation) => ({ operation, status: 'interrupted' })),
    now,
  );

function tookEffect(operation: Operation, now: Snapshot): boolean {
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
      return isDeepStrictEqual(bootFileContent(operation.file, now.boot), operation.after);
  }
}

function isRegistered(registration: Registration, now: Snapshot): boolean {
  const entry = entryNamed(now, registration.name);
  const present = entry === undefined ? null : registrationOf(entry);
  return present !== null && isSameRegistration(present, registration);
}
