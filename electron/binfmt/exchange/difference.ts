import { type Entry, registrationOf, saysTheSame } from '../entry.ts';
import { mayTakeTheSameFile } from '../matcher.ts';
import { capturesHost, type Operation } from '../operations.ts';
import type { Registration } from '../register-line.ts';
import { planRestoration, type Restoration } from '../restore.ts';
import type { Snapshot } from '../snapshot.ts';
import { isTooLongToTry, TOO_LONG_TO_TRY } from '../trial.ts';
import { describeAddition, describeChange } from './describe-change.ts';
import { type DesiredEntry, entryOfDesired } from './desired-entry.ts';

/** What becomes of an entry. */
export interface EntryChange {
  readonly name: string;
  readonly kind: 'add' | 'change' | 'remove' | 'same';
  readonly before: Entry | null;
  readonly after: DesiredEntry | null;
  /** A sentence: `Interpreter /a instead of /b.` */
  readonly what: string;
  /** Why that will not come about, or not wholly, as a sentence; null when nothing speaks against it. */
  readonly problem: string | null;
}

export interface Difference {
  /** The desired entries in their order, and behind them those that are to go. */
  readonly changes: readonly EntryChange[];
}

export interface DifferenceOptions {
  /** Whether entries that are not desired are to go. */
  readonly removeOthers: boolean;
  /** The names of entries that could not be registered again: they are neither replaced nor moved. */
  readonly irreplaceable?: ReadonlySet<string>;
  /** The names of entries that are registered anew also where they say the same, see {@link Snapshot.outdated}. */
  readonly outdated?: ReadonlySet<string>;
  /** As `uname -m` names it. Where it is given, nothing is registered that would take its own programs. */
  readonly machine?: string;
}

/** What a system makes of a difference. */
export const differenceOptions = (
  { losses, outdated, host }: Snapshot,
  removeOthers: boolean,
): DifferenceOptions => ({
  removeOthers,
  irreplaceable: new Set(losses.map((loss) => loss.name)),
  outdated: new Set(outdated),
  machine: host.machine,
});

/** What bringing the registry to the desired entries changes; both are in match order. */
export function differenceOf(
  desired: readonly DesiredEntry[],
  now: readonly Entry[],
  options: DifferenceOptions,
): Difference {
  const present = new Map(now.map((entry) => [entry.name, entry]));
  const displaced = displacedIn(desired, now);
  const wanted = desired.map((after): EntryChange => {
    const { name } = after.registration;
    const before = present.get(name) ?? null;
    const problem = inWords(obstacleTo(before, after, options));
    if (before === null) return { name, kind: 'add', before, after, what: describeAddition(after), problem };
    const isOutdated = options.outdated?.has(name) ?? false;
    const what = describeChange(before, after, { isMoved: displaced.has(name), isOutdated });
    if (what === null) return { name, kind: 'same', before, after, what: 'It stays as it is.', problem };
    const isStuck = displaced.has(name) && !isMovable(after, options);
    return {
      name,
      kind: 'change',
      before,
      after,
      what,
      problem: isStuck ? inWords(KEEPS_ITS_PLACE) : problem,
    };
  });
  const removed = othersThan(desired, now, options).map((before): EntryChange => {
    const isLost = options.irreplaceable?.has(before.name) ?? false;
    const what = isLost ? 'It is removed, and cannot be put back.' : 'It is removed.';
    const problem = inWords(obstacleTo(before, null, options));
    return { name: before.name, kind: 'remove', before, after: null, what, problem };
  });
  return { changes: [...wanted, ...removed] };
}

/**
 * The plan that brings the registry to the desired entries, fields, enabled state, and order where it means
 * anything; into an empty registry, all of the order. `desired` and `now` are in match order. What cannot be
 * done is left alone, each with the reason; the rest is done.
 */
export function planTowards(
  desired: readonly DesiredEntry[],
  now: readonly Entry[],
  options: DifferenceOptions,
): Restoration {
  const present = new Map(now.map((entry) => [entry.name, entry]));
  const leftAlone: { readonly name: string; readonly reason: string }[] = [];
  const mayBeDone = (name: string, obstacle: string | null): boolean => {
    if (obstacle !== null) leftAlone.push({ name, reason: obstacle });
    return obstacle === null;
  };
  const wanted = desired.filter((one) => {
    const { name } = one.registration;
    return mayBeDone(name, obstacleTo(present.get(name) ?? null, one, options));
  });
  const superfluous = othersThan(desired, now, options).filter((entry) =>
    mayBeDone(entry.name, obstacleTo(entry, null, options)),
  );
  const immovable = new Set(wanted.filter((one) => !isMovable(one, options)).map(nameOf));
  const moved = new Set<string>();
  for (const name of displacedIn(wanted, now)) {
    if (mayBeDone(name, immovable.has(name) ? KEEPS_ITS_PLACE : null)) moved.add(name);
  }

  const restoration = planRestoration(
    new Set([...wanted.map(nameOf), ...superfluous.map((entry) => entry.name)]),
    wanted.map(entryOfDesired),
    // What is not there is registered, and so comes to the front.
    now.filter((entry) => !moved.has(entry.name)),
    immovable,
    () => true,
    options.outdated,
  );
  const toldOf = new Set(leftAlone.map(({ name }) => name));
  return {
    plan: restoration.plan.map((operation) =>
      registers(operation, moved) ? inItsPlace(operation) : operation,
    ),
    leftAlone: [...leftAlone, ...restoration.leftAlone.filter(({ name }) => !toldOf.has(name))],
  };
}

type Registering = Extract<Operation, { kind: 'register' }>;

const registers = (operation: Operation, names: ReadonlySet<string>): operation is Registering =>
  operation.kind === 'register' && names.has(operation.registration.name);

const inItsPlace = ({ registration }: Registering): Operation => ({
  kind: 'replace',
  name: registration.name,
  registration,
});

const nameOf = (desired: DesiredEntry): string => desired.registration.name;

function othersThan(
  desired: readonly DesiredEntry[],
  now: readonly Entry[],
  { removeOthers }: DifferenceOptions,
): readonly Entry[] {
  const names = new Set(desired.map(nameOf));
  return removeOthers ? now.filter((entry) => !names.has(entry.name)) : [];
}

/**
 * The names of entries that say what they should, but come behind one that may take the same file and that
 * they belong in front of. A registration only ever goes to the front, so it is always they that must move.
 */
function displacedIn(desired: readonly DesiredEntry[], now: readonly Entry[]): ReadonlySet<string> {
  const places = new Map(now.map((entry, place) => [entry.name, { entry, place }]));
  const staying: { readonly registration: Registration; readonly place: number }[] = [];
  const displaced = new Set<string>();
  for (const one of [...desired].reverse()) {
    const { registration } = one;
    const present = places.get(registration.name);
    if (present === undefined || !saysTheSame(present.entry, entryOfDesired(one))) continue;
    const { place } = present;
    const isBehind = staying.some(
      (older) => older.place < place && mayTakeTheSameFile(older.registration, registration),
    );
    if (isBehind) displaced.add(registration.name);
    else staying.push({ registration, place });
  }
  return displaced;
}

/** Why an entry cannot become what is desired of it, as the end of a sentence; null when it can. */
function obstacleTo(
  before: Entry | null,
  after: DesiredEntry | null,
  options: DifferenceOptions,
): string | null {
  if (before !== null && after !== null && saysTheSame(before, entryOfDesired(after))) return null;
  if (before !== null && isOnlyKnownToTheKernel(before)) return 'only the kernel knows how it was made';
  if (after === null) return null;
  if (before !== null && options.irreplaceable?.has(before.name)) {
    return 'what is registered now could not be put back once replaced';
  }
  if (before !== null && isTooLongToTry(after.registration)) return TOO_LONG_TO_TRY;
  return captures(after, options)
    ? `it would take this machine’s own programs (${options.machine}), and nothing on it would start any more`
    : null;
}

const KEEPS_ITS_PLACE =
  'it could not be registered again, so it stays behind others that can take the same files';

const inWords = (obstacle: string | null): string | null =>
  obstacle === null ? null : `It is left as it is: ${obstacle}.`;

const isMovable = (desired: DesiredEntry, options: DifferenceOptions): boolean =>
  !options.irreplaceable?.has(nameOf(desired)) &&
  !captures(desired, options) &&
  !isTooLongToTry(desired.registration);

const captures = ({ registration }: DesiredEntry, { machine }: DifferenceOptions): boolean =>
  machine !== undefined && capturesHost(registration, machine);

const isOnlyKnownToTheKernel = (entry: Entry): boolean =>
  registrationOf(entry) === null || ('unknownLines' in entry && entry.unknownLines.length > 0);
