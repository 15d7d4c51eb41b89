import type { Snapshot } from './binfmt/snapshot.ts';
import { type Target, targets } from './binfmt/targets.ts';
import { circumstancesOf } from './binfmt/verify/circumstances.ts';
import type { Verification } from './binfmt/verify/verification.ts';
import { verifyTargets } from './binfmt/verify/verify.ts';

/** A verification, and what was registered for the target when it was made. */
export interface VerifiedTarget {
  readonly verification: Verification;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Under what circumstances: it counts for these only (see verify/circumstances.ts). */
  readonly circumstances: string;
}

/** Verifies the targets of these names, some at a time, and tells each result as it comes. */
export async function verify(
  names: readonly string[],
  read: () => Promise<Snapshot>,
  onVerified: (verified: VerifiedTarget) => void,
): Promise<readonly Verification[]> {
  const wanted: readonly Target[] = targets.filter((target) => names.includes(target.name));
  const snapshot = await read();
  return verifyTargets(wanted, {
    onResult: (verification) => {
      const row = snapshot.targets.find((one) => one.isTarget && one.name === verification.target);
      if (row === undefined) return;
      onVerified({ verification, time: Date.now(), circumstances: circumstancesOf(row, snapshot) });
    },
  });
}
