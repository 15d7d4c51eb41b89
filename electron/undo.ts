import { parseEntry } from './binfmt/entry.ts';
import { entryNameOfOperation, type Plan } from './binfmt/operations.ts';
import { planRestoration } from './binfmt/restore.ts';
import { failure, type Result, success } from './binfmt/result.ts';
import { isMounted, type Snapshot } from './binfmt/snapshot.ts';
import type { HistoryRecord } from './history.ts';

/** A plan, and what it cannot do, each in a sentence. */
export interface PlannedChange {
  readonly plan: Plan;
  readonly leftAlone: readonly string[];
}

/** The plan that brings back what was there before a change, as far as it differs now; or why there is none. */
export function planUndo(record: HistoryRecord | undefined, now: Snapshot): Result<PlannedChange, string> {
  if (record === undefined) return failure('There is nothing to undo any more.');
  if (!isMounted(now)) return failure('binfmt_misc is not mounted. Mount it first.');
  const names = new Set(record.plan.map(entryNameOfOperation).filter((name) => name !== null));
  const before = record.before.entries.map(({ name, text }) => parseEntry(name, text));
  const irreplaceable = new Set(now.losses.map((loss) => loss.name));
  const restoration = planRestoration(names, before, now.entries, irreplaceable);

  const switchedMaster = record.plan.some((operation) => operation.kind === 'switch-master');
  const { masterOn } = record.before;
  const master: Plan =
    switchedMaster && masterOn !== (now.binfmtMisc === 'on') ? [{ kind: 'switch-master', on: masterOn }] : [];

  const plan = [...master, ...restoration.plan];
  const leftAlone = restoration.leftAlone.map(({ name, reason }) => `${name}: ${reason}`);
  if (plan.length > 0) return success({ plan, leftAlone });
  return failure(
    leftAlone.length > 0
      ? `Nothing could be put back. ${leftAlone.join('; ')}.`
      : 'Everything is already as it was before.',
  );
}

/** Whether a change is of the kind that can be taken back at all. */
export const isUndoable = (plan: Plan): boolean =>
  plan.some((operation) => operation.kind === 'switch-master' || entryNameOfOperation(operation) !== null);
