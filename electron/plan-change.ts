import { inspect } from 'node:util';
import { type Plan, problemOfPlan } from './binfmt/operations.ts';
import type { PlacingStates } from './binfmt/placing.ts';
import { type PlannedRequest, planOf, type Request } from './binfmt/requests.ts';
import { failure, type Result, success } from './binfmt/result.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { faultOf } from './change-result.ts';
import type { Elevation } from './elevation/elevate.ts';
import { commandsOf, scriptOf } from './elevation/script.ts';
import { isTooLong } from './elevation/script-command.ts';
import type { History } from './history.ts';
import { placingStatesOf } from './install/place.ts';
import { planUndo } from './undo.ts';
import { userName } from './user-name.ts';

/** A request, or the wish to take back an earlier change. */
export type ChangeRequest = Request | { readonly kind: 'undo'; readonly change: number };

/** What lies on the disk of the placings that these requests would take back. */
export const placingsToUndo = (
  requests: readonly ChangeRequest[],
  history: History,
): Promise<PlacingStates> =>
  placingStatesOf(
    requests.flatMap((request) => (request.kind === 'undo' ? (history.get(request.change)?.plan ?? []) : [])),
  );

/** A plan that may be carried out, with a line of bash for each of its operations. */
export interface PlannedChange extends PlannedRequest {
  readonly commands: readonly string[];
}

/**
 * The plan for a request on this system, checked; or a sentence saying why it must not or cannot be. Never throws: a
 * fault in planning one request is no other’s problem.
 */
export function planChange(
  request: ChangeRequest,
  snapshot: Snapshot,
  placings: PlacingStates,
  { history, log }: { readonly history: History; readonly log: (message: string) => void },
): Result<PlannedChange, string> {
  try {
    return planAndCheck(request, snapshot, placings, history);
  } catch (error) {
    log(`Planning failed: ${inspect(error)}\n${JSON.stringify(request)}`);
    return failure(`Nothing was changed. ${faultOf(error)}`);
  }
}

function planAndCheck(
  request: ChangeRequest,
  snapshot: Snapshot,
  placings: PlacingStates,
  history: History,
): Result<PlannedChange, string> {
  const planned =
    request.kind === 'undo'
      ? planUndo(history.get(request.change), snapshot, placings)
      : planOf(request, snapshot);
  if (!planned.ok) return planned;
  const { plan } = planned.value;
  const problem = problemOfPlan(plan, snapshot);
  if (problem !== null) return failure(problem);
  const commands = commandsOf(plan, snapshot.entries);
  return isTooLong(scriptOf(commands, ''))
    ? failure('That is more than can be changed at once. Do it in parts.')
    : success({ ...planned.value, commands });
}

/** What is on record of a change before its end is known. */
export const recordOf = (plan: Plan, script: string, elevation: Elevation, before: Snapshot) => ({
  time: new Date().toISOString(),
  who: userName(),
  way: elevation.kind,
  plan: [...plan],
  script,
  before: {
    masterOn: before.binfmtMisc === 'on',
    entries: before.entries.map(({ name, text }) => ({ name, text })),
  },
});
