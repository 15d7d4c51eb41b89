import { isDeepStrictEqual } from 'node:util';
import { bootFileContent } from './binfmt/boot-changes.ts';
import { type Entry, isSameRegistration, parseEntry, registrationOf } from './binfmt/entry.ts';
import { bootFilePath, entryNamesOf, type Operation, type Plan } from './binfmt/operations.ts';
import { INTERPRETER_DIRECTORY, isPlacing, type PlacingStates, placedPaths } from './binfmt/placing.ts';
import type { Registration } from './binfmt/register-line.ts';
import type { PlannedRequest } from './binfmt/requests.ts';
import { planRestoration, type Restoration } from './binfmt/restore.ts';
import { failure, type Result, success } from './binfmt/result.ts';
import { problemOfMount, type Snapshot } from './binfmt/snapshot.ts';
import { trialOf } from './binfmt/trial.ts';
import type { HistoryRecord } from './history.ts';

/**
 * The plan that brings back what was there before a change, as far as it differs now; or why there is none.
 * `placings` tells of those in the change what lies on the disk.
 */
export function planUndo(
  record: HistoryRecord | undefined,
  now: Snapshot,
  placings: PlacingStates,
): Result<PlannedRequest, string> {
  if (record === undefined) return failure('There is nothing to undo any more.');
  if (record.plan.some((operation) => operation.kind === 'unplace-interpreters')) {
    return failure('The emulators that were taken away are not kept. Open the file they came from again.');
  }
  const done = carriedOut(record);
  const files = planFilesBack(done, now);
  const emulators = planEmulatorsBack(done, placings);
  const isAboutKernel = done.some((operation) => operation.kind !== 'set-boot-file' && !isPlacing(operation));
  const problem = isAboutKernel ? problemOfMount(now) : null;
  if (problem !== null) return failure(problem);
  const restoration = planEntriesBack(done, record.before.entries, now, emulators.plan);

  const switchedMaster = done.some((operation) => operation.kind === 'switch-master');
  const { masterOn } = record.before;
  const master: Plan =
    switchedMaster && masterOn !== (now.binfmtMisc === 'on') ? [{ kind: 'switch-master', on: masterOn }] : [];

  // What an entry names must be there before it is registered.
  const plan = [...emulators.plan, ...master, ...restoration.plan, ...files.plan];
  const leftAlone = [...emulators.leftAlone, ...restoration.leftAlone, ...files.leftAlone].map(
    ({ name, reason }) => `${name}: ${reason}`,
  );
  if (plan.length > 0) return success({ plan, leftAlone });
  return failure(
    leftAlone.length > 0
      ? `Nothing could be put back. ${leftAlone.join('; ')}.`
      : 'Everything is already as it was before.',
  );
}

/**
 * What of a change took effect, or may have: an older record does not tell, nor one whose end nobody heard of. Of
 * placings the disk tells.
 */
const carriedOut = ({ plan, finished }: HistoryRecord): Plan =>
  plan.filter((operation, index) => {
    const status = finished?.outcomes?.[index];
    return isPlacing(operation) || status === undefined || status === 'done' || status === 'interrupted';
  });

function planEntriesBack(
  done: Plan,
  entriesBefore: HistoryRecord['before']['entries'],
  now: Snapshot,
  emulatorsBack: Plan,
): Restoration {
  const trials = done.flatMap(trialsOf);
  const names = new Set([...done.flatMap(entryNamesOf), ...trials.map(({ name }) => name)]);
  const before = entriesBefore.map(({ name, text }) => parseEntry(name, text));
  const irreplaceable = new Set(now.losses.map((loss) => loss.name));
  const made = [
    ...trials,
    ...done.flatMap((operation) =>
      operation.kind === 'register' || operation.kind === 'replace' ? [operation.registration] : [],
    ),
  ];
  const isOfThisChange = (present: Entry): boolean => {
    const registration = registrationOf(present);
    return registration !== null && made.some((one) => isSameRegistration(one, registration));
  };
  // With F the kernel goes on running the file that it opened, and the entry's text does not tell which that was.
  const paths = new Set(emulatorsBack.filter((operation) => isPlacing(operation)).flatMap(placedPaths));
  const holdsEmulator = (entry: Entry): boolean =>
    'interpreter' in entry && entry.flags.includes('F') && paths.has(entry.interpreter);
  const anew = new Set(
    before.filter((entry) => names.has(entry.name) && holdsEmulator(entry)).map(({ name }) => name),
  );
  const { plan, leftAlone } = planRestoration(
    names,
    before,
    now.entries,
    irreplaceable,
    isOfThisChange,
    anew,
  );
  return { plan: plan.filter((operation) => !isClearedUp(operation, plan)), leftAlone };
}

/** What a replacement leaves where it was cut off: it goes when the old entry is there again. */
const trialsOf = (operation: Operation): readonly Registration[] =>
  operation.kind === 'replace' && operation.name === operation.registration.name
    ? [trialOf(operation.registration)]
    : [];

/** Whether the operation removes what another one of the plan, in replacing the entry once more, clears up itself. */
const isClearedUp = (operation: Operation, plan: Plan): boolean =>
  operation.kind === 'unregister' &&
  plan.some((other) => trialsOf(other).some((trial) => trial.name === operation.name));

/** Takes back what was placed, where it is there still and what it replaced is, too. */
function planEmulatorsBack(plan: Plan, placings: PlacingStates): Restoration {
  const back: Operation[] = [];
  const leftAlone: { name: string; reason: string }[] = [];
  for (const operation of plan) {
    if (operation.kind !== 'place-interpreters') continue;
    const { id, files } = operation;
    const { inPlace, kept } = placings.get(id) ?? { inPlace: 'none', kept: 'no' };
    // It did not come about, or has been taken back.
    if (inPlace === 'none' && kept !== 'yes') continue;
    const canGo = kept === 'yes' ? inPlace === 'all' : kept === 'interrupted';
    if (canGo) back.push({ kind: 'unplace-interpreters', id, files });
    else {
      const reason =
        kept === 'no'
          ? 'what was there before is not kept any more'
          : 'somebody changed an emulator there since';
      leftAlone.push({ name: INTERPRETER_DIRECTORY, reason });
    }
  }
  return { plan: back, leftAlone };
}

/** Gives each file what it held before, where it holds what the change gave it. */
function planFilesBack(plan: Plan, now: Snapshot): Restoration {
  const back: Operation[] = [];
  const leftAlone: { name: string; reason: string }[] = [];
  for (const operation of plan) {
    if (operation.kind !== 'set-boot-file') continue;
    const { before, after } = operation;
    const present = bootFileContent(operation, now.boot);
    if (isDeepStrictEqual(present, before)) continue;
    if (isDeepStrictEqual(present, after)) {
      back.push({ ...operation, before: after, after: before });
    } else {
      leftAlone.push({ name: bootFilePath(operation), reason: 'somebody changed it since' });
    }
  }
  return { plan: back, leftAlone };
}

/** Whether a change is of the kind that can be taken back at all. */
export const isUndoable = (plan: Plan): boolean =>
  plan.some((operation) => operation.kind !== 'mount') &&
  // What was placed is not kept once it is taken back.
  !plan.some((operation) => operation.kind === 'unplace-interpreters');
