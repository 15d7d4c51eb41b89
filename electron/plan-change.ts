import { userInfo } from 'node:os';
import { type Plan, problemOfPlan } from './binfmt/operations.ts';
import type { PlacingStates } from './binfmt/placing.ts';
import { type PlannedRequest, planOf, type Request } from './binfmt/requests.ts';
import { failure, type Result } from './binfmt/result.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import type { Elevation } from './elevation/elevate.ts';
import type { History } from './history.ts';
import { placingStatesOf } from './install/place.ts';
import { planUndo } from './undo.ts';

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

/** The plan for a request on this system, checked; or a sentence saying why it must not or cannot be. */
export function planChange(
  request: ChangeRequest,
  snapshot: Snapshot,
  history: History,
  placings: PlacingStates,
): Result<PlannedRequest, string> {
  const planned =
    request.kind === 'undo'
      ? planUndo(history.get(request.change), snapshot, placings)
      : planOf(request, snapshot);
  if (!planned.ok) return planned;
  const problem = problemOfPlan(planned.value.plan, snapshot);
  return problem === null ? planned : failure(problem);
}

/** What is on record of a change before its end is known. */
export const recordOf = (plan: Plan, script: string, elevation: Elevation, before: Snapshot) => ({
  time: new Date().toISOString(),
  who: userInfo().username,
  way: elevation.kind,
  plan: [...plan],
  script,
  before: {
    masterOn: before.binfmtMisc === 'on',
    entries: before.entries.map(({ name, text }) => ({ name, text })),
  },
});
