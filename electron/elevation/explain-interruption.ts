import { isSameRegistration, registrationOf } from '../binfmt/entry.ts';
import { describeOperation, type Operation } from '../binfmt/operations.ts';
import { isPlacing } from '../binfmt/placing.ts';
import { entryNamed, type Snapshot } from '../binfmt/snapshot.ts';
import { trialNameOf } from '../binfmt/trial.ts';
import { explainRegistering } from './explain-failure.ts';

/**
 * What there is of an operation that did not come to its end, in some sentences. `message` is what the kernel said
 * where it failed halfway, and empty where it was cut off.
 */
export function explainInterruption(operation: Operation, message: string, snapshot: Snapshot): string {
  const what = describeOperation(operation);
  if (isPlacing(operation)) {
    return `${what}: interrupted halfway. The next installation, or Undo, puts back what was there before.`;
  }
  if (operation.kind !== 'replace') return `${what}: interrupted; the table shows whether it took effect.`;
  const why =
    message === ''
      ? `${what}: interrupted halfway.`
      : explainRegistering(operation.registration, message, snapshot);
  return `${why} ${describeHalf(operation, snapshot)} Undo puts back what was there before.`;
}

function describeHalf(
  { name, registration }: Extract<Operation, { kind: 'replace' }>,
  snapshot: Snapshot,
): string {
  if (name !== registration.name) return `${registration.name} is registered, and ${name} still is, too.`;
  const entry = entryNamed(snapshot, name);
  const trial = trialNameOf(name);
  if (entry === undefined) return `${name} is gone, and what takes its place is registered as ${trial}.`;
  const present = registrationOf(entry);
  return present !== null && isSameRegistration(present, registration)
    ? `${name} is replaced, and ${trial}, which is the same, is left behind.`
    : `${name} is still there, and what was to take its place is registered as ${trial} and comes first.`;
}
