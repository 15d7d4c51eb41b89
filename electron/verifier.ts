import type { Snapshot } from './binfmt/snapshot.ts';
import { type Target, targets } from './binfmt/targets.ts';
import type { Verification } from './binfmt/verify/verification.ts';
import { verifyTargets } from './binfmt/verify/verify.ts';

/** A verification, and what was registered for the target when it was made. */
export interface VerifiedTarget {
  readonly verification: Verification;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The kernel's text of the entry that was used; null when there was none. It counts for that one only. */
  readonly entryText: string | null;
}

/** Verifies the targets of these names, some at a time, and tells each result as it comes. */
export async function verify(
  names: readonly string[],
  snapshot: () => Promise<Snapshot>,
  onVerified: (verified: VerifiedTarget) => void,
): Promise<void> {
  const wanted: readonly Target[] = targets.filter((target) => names.includes(target.name));
  const { targets: rows } = await snapshot();
  await verifyTargets(wanted, {
    onResult: (verification) => {
      const row = rows.find((one) => one.isTarget && one.name === verification.target);
      onVerified({ verification, time: Date.now(), entryText: row?.entry?.text ?? null });
    },
  });
}
