import { randomBytes } from 'node:crypto';
import { isPlacing } from './binfmt/placing.ts';
import type { Result } from './binfmt/result.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { type ChangeResult, changeResult, dismissal, refusal } from './change-result.ts';
import type { Elevation } from './elevation/elevate.ts';
import type { ElevationProblem } from './elevation/problem.ts';
import { type Outcome, parseReport } from './elevation/report.ts';
import { scriptOf } from './elevation/script.ts';
import { settle } from './elevation/settle.ts';
import type { History } from './history.ts';
import { placingStatesOf } from './install/place.ts';
import { type ChangeRequest, type PlannedChange, recordOf } from './plan-change.ts';
import { isUndoable } from './undo.ts';

/** What is read once more although nothing has told of a change yet. */
export interface ReadAnew {
  readonly bootFiles?: boolean;
  readonly interpreters?: boolean;
}

/** On whose behalf changes are carried out. */
export interface Changer {
  readonly elevation: Elevation;
  readonly history: History;
  /** Reads the system anew, with what of it is otherwise remembered. */
  readonly refresh: (anew: ReadAnew) => Promise<Snapshot>;
  readonly onMounted: () => void;
  readonly log: (message: string) => void;
}

export interface RequestedChange extends PlannedChange {
  readonly request: ChangeRequest;
}

/**
 * Carries out changes with one script, which `run` executes as root, and puts them on record. Returns what became of
 * each, in their order, and the system afterwards.
 */
export async function carryOut(
  changes: readonly RequestedChange[],
  before: Snapshot,
  { elevation, history, refresh, onMounted, log }: Changer,
  run: (script: string) => Promise<Result<string, ElevationProblem>>,
): Promise<{ readonly results: readonly ChangeResult[]; readonly after: Snapshot }> {
  const plan = changes.flatMap((change) => change.plan);
  const token = randomBytes(16).toString('hex');
  const script = scriptOf(
    changes.flatMap((change) => change.commands),
    token,
  );
  const records = changes.map((change) => history.begin(recordOf(change.plan, script, elevation, before)));
  log(`Carrying out as ${elevation.kind}:\n${script}`);
  const output = await run(script);
  log(output.ok ? `It said:\n${output.value}` : `It did not run: ${JSON.stringify(output.problem)}`);

  if (plan.some((operation) => operation.kind === 'mount')) onMounted();
  const after = await refresh({
    bootFiles: plan.some((operation) => operation.kind === 'set-boot-file'),
    interpreters: plan.some(isPlacing),
  });
  // Of what did not run at all, nothing was reached.
  const reports = parseReport(output.ok ? output.value : '', plan, token);
  const outcomes = settle(reports, after, await placingStatesOf(plan));
  let reported = 0;
  const results = changes.map((change, index) => {
    const own = outcomes.slice(reported, reported + change.plan.length);
    reported += change.plan.length;
    const record = records[index] ?? 0;
    const result = output.ok ? resultOf(change, own, record, after) : notRun(output.problem, after);
    const { kind, message, details } = result;
    const statuses = own.map(({ status }) => status);
    history.finish(record, { kind, message, details: [...details], outcomes: statuses });
    return result;
  });
  return { results, after };
}

const resultOf = (
  { request, plan, leftAlone }: RequestedChange,
  outcomes: readonly Outcome[],
  record: number,
  snapshot: Snapshot,
): ChangeResult =>
  changeResult({ request, outcomes, leftAlone, undo: isUndoable(plan) ? record : null, snapshot });

const notRun = ({ kind, reason }: ElevationProblem, snapshot: Snapshot): ChangeResult =>
  kind === 'dismissed' ? dismissal(reason, snapshot) : refusal(reason, snapshot);
