import { type Entry, isEnabled, registrationOf, saysTheSame } from './entry.ts';
import type { Interpreters } from './interpreters.ts';
import { mayTakeTheSameFile } from './matcher.ts';
import type { Operation, Plan } from './operations.ts';
import { formatRegisterLine, type Registration } from './register-line.ts';
import type { Loss } from './snapshot.ts';
import { isTooLongToTry, TOO_LONG_TO_TRY } from './trial.ts';

/** A plan that brings entries back to an earlier state, and what it leaves alone, each with the reason. */
export interface Restoration {
  readonly plan: Plan;
  readonly leftAlone: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Brings the named entries back to what they were in `before`, fields, enabled state and order. What says
 * something else now, or was not there, is replaced or removed where `mayReplace`, and otherwise left alone:
 * somebody registered it since.
 *
 * A new registration goes to the front of the kernel's order, so the oldest is registered first. An entry
 * that stayed and belongs in front of a restored one is registered anew only when both can take the same
 * file: only then does their order mean anything. One of the `irreplaceable` keeps its place: removing it
 * would lose it. Those of `anew` are registered anew also where they say the same: what the kernel holds open for them
 * is not what is on disk.
 */
export function planRestoration(
  names: ReadonlySet<string>,
  before: readonly Entry[],
  now: readonly Entry[],
  irreplaceable: ReadonlySet<string>,
  mayReplace: (present: Entry) => boolean = () => false,
  anew: ReadonlySet<string> = new Set(),
): Restoration {
  const plan: Operation[] = [];
  const leftAlone: { name: string; reason: string }[] = [];
  const broughtBack: Registration[] = [];
  const current = new Map(now.map((entry) => [entry.name, entry]));

  const bringBack = (entry: Entry, registration: Registration, place: 'register' | 'replace'): void => {
    plan.push(
      place === 'register' ? { kind: place, registration } : { kind: place, name: entry.name, registration },
    );
    if (!isEnabled(entry)) plan.push({ kind: 'disable', name: entry.name });
    broughtBack.push(registration);
  };

  for (const entry of [...before].reverse()) {
    const { name } = entry;
    const registration = registrationOf(entry);
    const present = current.get(name);
    if (present === undefined) {
      if (!names.has(name)) continue;
      const obstacle = obstacleTo(entry);
      if (registration !== null && obstacle === null) bringBack(entry, registration, 'register');
      else leftAlone.push({ name, reason: obstacle ?? onlyTheKernelKnows });
      continue;
    }
    if (!saysTheSame(entry, present)) {
      if (!names.has(name)) continue;
      const obstacle = obstacleToReplacing(entry, present, irreplaceable, mayReplace);
      if (registration !== null && obstacle === null) bringBack(entry, registration, 'replace');
      else leftAlone.push({ name, reason: obstacle ?? onlyTheKernelKnows });
      continue;
    }
    const wanted = names.has(name) ? entry : present;
    if (
      registration !== null &&
      (anew.has(name) || broughtBack.some((other) => mayTakeTheSameFile(registration, other)))
    ) {
      if (!irreplaceable.has(name) && !isTooLongToTry(registration)) {
        bringBack(wanted, registration, 'replace');
        continue;
      }
      const reason = 'it could not be registered again, so it now comes after what was put back';
      leftAlone.push({ name, reason });
    }
    if (isEnabled(wanted) !== isEnabled(present)) {
      plan.push({ kind: isEnabled(wanted) ? 'enable' : 'disable', name });
    }
  }
  const wasThere = new Set(before.map((entry) => entry.name));
  for (const entry of now) {
    const { name } = entry;
    if (!names.has(name) || wasThere.has(name)) continue;
    if (mayReplace(entry)) plan.push({ kind: 'unregister', name });
    else leftAlone.push({ name, reason: CHANGED_SINCE });
  }
  return { plan, leftAlone };
}

/** The entries that could not be registered again once they are gone, each with the reason. */
export async function findLosses(
  entries: readonly Entry[],
  interpreters: Interpreters,
): Promise<readonly Loss[]> {
  const losses: Loss[] = [];
  for (const entry of entries) {
    const reason = await lossOf(entry, interpreters);
    if (reason !== null) losses.push({ name: entry.name, reason });
  }
  return losses;
}

async function lossOf(entry: Entry, interpreters: Interpreters): Promise<string | null> {
  const obstacle = obstacleTo(entry);
  const registration = registrationOf(entry);
  if (obstacle !== null || registration === null) return obstacle;
  const { interpreter, flags } = registration;
  if (!flags.includes('F')) return null;
  const { file } = await interpreters.inspect(interpreter);
  // What is hidden from whoever looks may be there for root.
  if (file !== 'executable' && file !== 'hidden') {
    return `its interpreter ${interpreter} is not on this machine; the kernel only holds it open`;
  }
  return null;
}

function obstacleToReplacing(
  entry: Entry,
  present: Entry,
  irreplaceable: ReadonlySet<string>,
  mayReplace: (present: Entry) => boolean,
): string | null {
  if (!mayReplace(present)) return CHANGED_SINCE;
  if (irreplaceable.has(entry.name)) return 'what is registered now could not be put back once replaced';
  const registration = registrationOf(entry);
  if (registration !== null && isTooLongToTry(registration)) return TOO_LONG_TO_TRY;
  return obstacleTo(entry);
}

const CHANGED_SINCE = 'somebody registered it differently since';
const onlyTheKernelKnows = 'it has properties that only the kernel knows';

/** What keeps the entry from being registered again, whatever is on disk; null when nothing does. */
function obstacleTo(entry: Entry): string | null {
  const registration = registrationOf(entry);
  if (registration === null || ('unknownLines' in entry && entry.unknownLines.length > 0)) {
    return onlyTheKernelKnows;
  }
  const line = formatRegisterLine(registration);
  return line.ok ? null : line.problem;
}
