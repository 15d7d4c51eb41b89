import { type Entry, isEnabled, registrationOf, saysTheSame } from './entry.ts';
import type { Interpreter } from './interpreters.ts';
import { mayTakeTheSameFile } from './matcher.ts';
import type { Operation, Plan } from './operations.ts';
import { formatRegisterLine, type Registration } from './register-line.ts';

/** A plan that brings entries back to an earlier state, and what it leaves alone, each with the reason. */
export interface Restoration {
  readonly plan: Plan;
  readonly leftAlone: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Brings the named entries back to what they were in `before`, fields, enabled state and order. What somebody
 * has changed since to something else is left alone.
 *
 * A new registration goes to the front of the kernel's order, so the oldest is registered first. An entry
 * that stayed and belongs in front of a restored one is registered anew only when both can take the same
 * file: only then does their order mean anything.
 */
export function planRestoration(
  names: ReadonlySet<string>,
  before: readonly Entry[],
  now: readonly Entry[],
): Restoration {
  const plan: Operation[] = [];
  const leftAlone: { name: string; reason: string }[] = [];
  const broughtBack: Registration[] = [];
  const current = new Map(now.map((entry) => [entry.name, entry]));

  const bringBack = (entry: Entry, registration: Registration): void => {
    plan.push({ kind: 'register', registration });
    if (!isEnabled(entry)) plan.push({ kind: 'disable', name: entry.name });
    broughtBack.push(registration);
  };

  for (const entry of [...before].reverse()) {
    const registration = registrationOf(entry);
    const present = current.get(entry.name);
    if (names.has(entry.name) && present === undefined) {
      if (registration !== null) bringBack(entry, registration);
      else leftAlone.push({ name: entry.name, reason: 'only the kernel knew how it matched' });
    } else if (names.has(entry.name) && present !== undefined && !saysTheSame(entry, present)) {
      leftAlone.push({ name: entry.name, reason: 'somebody registered it differently since' });
    } else if (
      present !== undefined &&
      saysTheSame(entry, present) &&
      registration !== null &&
      broughtBack.some((other) => mayTakeTheSameFile(registration, other))
    ) {
      plan.push({ kind: 'unregister', name: entry.name });
      bringBack(names.has(entry.name) ? entry : present, registration);
    } else if (names.has(entry.name) && present !== undefined && isEnabled(entry) !== isEnabled(present)) {
      plan.push({ kind: isEnabled(entry) ? 'enable' : 'disable', name: entry.name });
    }
  }
  const wasThere = new Set(before.map((entry) => entry.name));
  for (const entry of now) {
    if (names.has(entry.name) && !wasThere.has(entry.name)) plan.push({ kind: 'unregister', name: entry.name });
  }
  return { plan, leftAlone };
}

/** Why an entry could not be registered again once it is gone, as the end of a sentence; null when it could. */
export function lossOf(entry: Entry, interpreter: Interpreter | null): string | null {
  const registration = registrationOf(entry);
  if (registration === null || ('unknownLines' in entry && entry.unknownLines.length > 0)) {
    return 'it has properties that only the kernel knows';
  }
  if (registration.flags.includes('F') && interpreter?.file !== 'executable') {
    return `its interpreter ${registration.interpreter} is not on this machine; the kernel holds it open until then`;
  }
  const line = formatRegisterLine(registration);
  return line.ok ? null : line.problem;
}
