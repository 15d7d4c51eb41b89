import { describeInstallation } from './binfmt/distribution.ts';
import { describeOperation } from './binfmt/operations.ts';
import type { PlacingStates } from './binfmt/placing.ts';
import type { Loss, Snapshot } from './binfmt/snapshot.ts';
import type { ConcernedFile } from './boot-agreement.ts';
import { sentenceOf } from './change-result.ts';
import { settleUnreported } from './elevation/settle.ts';
import type { HistoryRecord } from './history.ts';
import { planUndo } from './undo.ts';

/** What a request would do. */
export interface Preview {
  /** In plain words, in order. */
  readonly operations: readonly string[];
  /** What root would execute. */
  readonly script: string;
  /** Why it would do nothing; null when it would do something. */
  readonly problem: string | null;
  /** What it would leave undone, each in a sentence. */
  readonly leftAlone: readonly string[];
  /** The entries that it would remove or replace, and that could not be put back. */
  readonly losses: readonly Loss[];
  /** What a person must be shown, and the request must say that they agreed to, before it is carried out. */
  readonly shows: readonly ConcernedFile[];
}

/** A change that was sent to root, as a person reads it. */
export interface PastChange {
  /** What to pass to the request `undo`. */
  readonly id: number;
  /** ISO 8601. */
  readonly time: string;
  /** The user's name. */
  readonly who: string;
  readonly kind: 'done' | 'failed' | 'dismissed' | 'unknown';
  readonly message: string;
  readonly details: readonly string[];
  /** In plain words, in order. */
  readonly operations: readonly string[];
  readonly script: string;
  /** Whether undoing it now would change anything. */
  readonly canUndo: boolean;
}

/** The record in words, for the system as it is now; `placings` tells of those in it what lies on the disk. */
export function pastChange(record: HistoryRecord, now: Snapshot, placings: PlacingStates): PastChange {
  const { id, time, who, plan, installation, script, finished } = record;
  const undo = finished?.kind === 'dismissed' ? null : planUndo(record, now, placings);
  return {
    id,
    time,
    who,
    script,
    ...(finished ?? unreported(record, now, placings)),
    operations:
      installation === undefined
        ? plan.map(describeOperation)
        : [describeInstallation(installation.manager, installation.packages)],
    canUndo: undo?.ok === true,
  };
}

/** The program ended before it heard of the end: only the system can tell what took effect. */
function unreported(
  record: HistoryRecord,
  now: Snapshot,
  placings: PlacingStates,
): Pick<PastChange, 'kind' | 'message' | 'details'> {
  const outcomes = settleUnreported(record.plan, now, placings);
  if (outcomes.length === 0) {
    // An installation: its packages are for the package manager to tell of.
    return { kind: 'unknown', message: 'This program ended before it heard of the result.', details: [] };
  }
  const done = outcomes.filter((outcome) => outcome.status === 'done').length;
  return {
    kind: 'unknown',
    message: `This program ended before it heard of the result. The system shows ${done} of ${outcomes.length} as done.`,
    details: outcomes.map((outcome) => sentenceOf(outcome, now)).filter((sentence) => sentence !== null),
  };
}
