import { isDeepStrictEqual } from 'node:util';
import { bootFileContent } from './binfmt/boot-requests.ts';
import { type Entry, isSameRegistration, parseEntry, registrationOf } from './binfmt/entry.ts';
import { bootFilePath, entryNamesOf, type Operation, type Plan } from './binfmt/operations.ts';
import type { PlannedRequest } from './binfmt/requests.ts';
import { planRestoration, type Restoration } from './binfmt/restore.ts';
import { failure, type Result, success } from './binfmt/result.ts';
import { isMounted, type Snapshot } from './binfmt/snapshot.ts';
import type { HistoryRecord } from './history.ts';

/** The plan that brings back what was there before a change, as far as it differs now; or why there is none. */
export function planUndo(record: HistoryRecord | undefined, now: Snapshot): Result<PlannedRequest, string> {
  if (record === undefined) return failure('There is nothing to undo any more.');
  const files = planFilesBack(record.plan, now);
  const isAboutKernel = record.plan.some((operation) => operation.kind !== 'set-boot-file');
  if (isAboutKernel && !isMounted(now)) return failure('binfmt_misc is not mounted. Mount it first.');
  const restoration = planEntriesBack(record, now);

  const switchedMaster = record.plan.some((operation) => operation.kind === 'switch-master');
  const { masterOn } = record.before;
  const master: Plan =
    switchedMaster && masterOn !== (now.binfmtMisc === 'on') ? [{ kind: 'switch-master', on: masterOn }] : [];

  const plan = [...master, ...restoration.plan, ...files.plan];
  const leftAlone = [...restoration.leftAlone, ...files.leftAlone].map(
    ({ name, reason }) => `${name}: ${reason}`,
  );
  if (plan.length > 0) return success({ plan, leftAlone });
  return failure(
    leftAlone.length > 0
      ? `Nothing could be put back. ${leftAlone.join('; ')}.`
      : 'Everything is already as it was before.',
  );
}

function planEntriesBack(record: HistoryRecord, now: Snapshot): Restoration {
  const names = new Set(record.plan.flatMap(entryNamesOf));
  const before = record.before.entries.map(({ name, text }) => parseEntry(name, text));
  const irreplaceable = new Set(now.losses.map((loss) => loss.name));
  const made = record.plan.flatMap((operation) =>
    operation.kind === 'register' || operation.kind === 'replace' ? [operation.registration] : [],
  );
  const isOfThisChange = (present: Entry): boolean => {
    const registration = registrationOf(present);
    return registration !== null && made.some((one) => isSameRegistration(one, registration));
  };
  return planRestoration(names, before, now.entries, irreplaceable, isOfThisChange);
}

/** Gives each file what it held before, where it holds what the change gave it. */
function planFilesBack(plan: Plan, now: Snapshot): Restoration {
  const back: Operation[] = [];
  const leftAlone: { name: string; reason: string }[] = [];
  for (const operation of plan) {
    if (operation.kind !== 'set-boot-file') continue;
    const { file, before, after } = operation;
    const present = bootFileContent(file, now.boot);
    if (isDeepStrictEqual(present, before)) continue;
    if (isDeepStrictEqual(present, after)) {
      back.push({ kind: 'set-boot-file', file, before: after, after: before });
    } else {
      leftAlone.push({ name: bootFilePath(file), reason: 'somebody changed it since' });
    }
  }
  return { plan: back, leftAlone };
}

/** Whether a change is of the kind that can be taken back at all. */
export const isUndoable = (plan: Plan): boolean => plan.some((operation) => operation.kind !== 'mount');
