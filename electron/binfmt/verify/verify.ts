import { availableParallelism } from 'node:os';
import type { Target } from '../targets.ts';
import { proofProgram } from './proof-program.ts';
import { type RunOptions, runProgram } from './run-program.ts';
import { executableDirectories } from './unnamed-file.ts';
import { judge, type Verification } from './verification.ts';

export type VerifyOptions = Partial<RunOptions>;

export interface VerifyAllOptions extends VerifyOptions {
  /** How many run at a time; as many as there are cores unless told, but 4 at least. */
  readonly concurrency?: number;
  /** Called with each result as it comes. */
  readonly onResult?: (verification: Verification) => void;
}

const TIMEOUT_MS = 5000;
const LEAST_CONCURRENCY = 4;

/**
 * Has the kernel execute a program of the target, and says whether it ran. It changes nothing and leaves
 * nothing behind. Never rejects for what the system does: that is the result.
 */
export async function verifyTarget(target: Target, options: VerifyOptions = {}): Promise<Verification> {
  const { directories = executableDirectories(), timeoutMs = TIMEOUT_MS } = options;
  return judge(target, await runProgram(proofProgram(target), { directories, timeoutMs }), timeoutMs);
}

/** Verifies several targets, some at a time. The results are in the order of the targets. */
export async function verifyTargets(
  targets: readonly Target[],
  options: VerifyAllOptions = {},
): Promise<readonly Verification[]> {
  const { concurrency = Math.max(LEAST_CONCURRENCY, availableParallelism()), onResult } = options;
  const results: Verification[] = [];
  const waiting = targets.entries();
  const work = async (): Promise<void> => {
    for (const [index, target] of waiting) {
      const verification = await verifyTarget(target, options);
      results[index] = verification;
      onResult?.(verification);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}
