import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Result, success } from '../../binfmt/result.ts';
import type { ElevationProblem } from '../../elevation/problem.ts';
import { followInstallation } from './follow-installation.ts';
import { inWords } from './in-words.ts';
import {
  explainInstallation,
  type InstallProgress,
  parseInstallOutput,
  startOfInstallation,
} from './install-progress.ts';
import { installScript } from './install-script.ts';
import type { InstallationPlan } from './plan-installation.ts';

/** Runs a script as root and returns all that it printed, as `runElevated()` does. */
export type RunAsRoot = (script: string, signal: AbortSignal) => Promise<Result<string, ElevationProblem>>;

/** How an installation has ended that somebody allowed. */
export interface InstallationEnd {
  readonly outcome: 'done' | 'cancelled' | 'failed';
  /** What became of it, a sentence. */
  readonly sentence: string;
  /** What a person could type instead; null where that is of no use. */
  readonly command: string | null;
  /** What the tools said. */
  readonly lines: readonly string[];
}

/**
 * Installs what was planned, under one elevation. Aborting the signal takes back the prompt, or ends the fetching;
 * once packages are being installed it has no effect, as {@link InstallProgress.canCancel} tells.
 */
export async function installFromDistribution(
  plan: InstallationPlan,
  runAsRoot: RunAsRoot,
  signal: AbortSignal,
  onProgress: (progress: InstallProgress) => void,
): Promise<Result<InstallationEnd, ElevationProblem>> {
  const token = randomBytes(16).toString('hex');
  const directory = await mkdtemp(path.join(tmpdir(), 'qemu-binfmt-manager-'));
  const stop = path.join(directory, 'stop');
  const cancel = (): void => void writeFile(stop, '').catch(() => undefined); // Gone: it has ended.
  signal.addEventListener('abort', cancel);
  let progress = startOfInstallation;
  const stopFollowing = followInstallation(token, (line) => {
    progress = parseInstallOutput(line, token, progress);
    onProgress(progress);
  });
  try {
    const output = await runAsRoot(installScript(plan, { token, stop }), signal);
    if (!output.ok) return output;
    // What came last was not read any more by following.
    stopFollowing();
    const lines = Buffer.from(output.value, 'latin1').toString('utf8').split('\n');
    progress = lines.reduce((before, line) => parseInstallOutput(line, token, before), startOfInstallation);
    onProgress(progress);
    return success(endOf(progress, plan));
  } finally {
    stopFollowing();
    signal.removeEventListener('abort', cancel);
    await rm(directory, { recursive: true, force: true });
  }
}

function endOf(
  { outcome, lines }: InstallProgress,
  { packages, command }: InstallationPlan,
): InstallationEnd {
  switch (outcome) {
    case 'done':
      return { outcome, lines, sentence: `QEMU is installed (${inWords(packages)}).`, command: null };
    case 'cancelled': {
      const sentence = 'Cancelled: QEMU was not installed, and nothing was changed.';
      return { outcome, lines, sentence, command: null };
    }
    case 'failed':
      return { outcome, lines, sentence: explainInstallation(lines), command };
    case null: {
      const sentence =
        'It is not known whether QEMU was installed: the report is incomplete. Installing it again does no harm.';
      return { outcome: 'failed', lines, sentence, command };
    }
  }
}
