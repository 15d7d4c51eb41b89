import { failure, type Result } from './binfmt/result.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { type Elevation, runElevated } from './elevation/elevate.ts';
import type { ElevationProblem } from './elevation/problem.ts';
import type { History } from './history.ts';
import {
  type InstallationEnd,
  installFromDistribution,
} from './install/distribution/install-from-distribution.ts';
import type { InstallProgress } from './install/distribution/install-progress.ts';
import type { InstallationPlan } from './install/distribution/plan-installation.ts';
import { recordOf } from './plan-change.ts';

/** On whose behalf something is installed. */
export interface Installer {
  readonly elevation: Elevation;
  readonly history: History;
  readonly log: (message: string) => void;
  readonly before: Snapshot;
}

/**
 * Installs what was planned, as {@link installFromDistribution} does, and puts it on record: the script, and what came
 * of it. Nothing of it can be undone: packages are not this program's to take back.
 */
export async function installOnRecord(
  plan: InstallationPlan,
  { elevation, history, log, before }: Installer,
  signal: AbortSignal,
  onProgress: (progress: InstallProgress) => void,
): Promise<Result<InstallationEnd, ElevationProblem>> {
  if (signal.aborted) {
    return failure({ kind: 'dismissed', reason: 'Nothing was changed: the request was cancelled.' });
  }
  let record: number | null = null;
  const end = await installFromDistribution(
    plan,
    async (script, stop) => {
      const { manager, packages } = plan;
      const installation = { manager, packages: [...packages] };
      record = history.begin({ ...recordOf([], script, elevation, before), installation });
      log(`Installing ${plan.packages.join(' ')} as ${elevation.kind}:\n${script}`);
      const output = await runElevated(script, elevation, { signal: stop });
      log(output.ok ? `It said:\n${output.value}` : `It did not run: ${JSON.stringify(output.problem)}`);
      return output;
    },
    signal,
    onProgress,
  );
  if (record !== null) history.finish(record, { ...resultOf(end), details: [] });
  return end;
}

function resultOf(end: Result<InstallationEnd, ElevationProblem>): {
  kind: 'done' | 'failed' | 'dismissed';
  message: string;
} {
  if (!end.ok) {
    return { kind: end.problem.kind === 'dismissed' ? 'dismissed' : 'failed', message: end.problem.reason };
  }
  const { outcome, sentence } = end.value;
  return { kind: outcome === 'cancelled' ? 'dismissed' : outcome, message: sentence };
}
