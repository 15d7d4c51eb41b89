import { BadgeCheck, BadgeX, CircleHelp } from 'lucide-react';
import type { Verification } from '../electron/ipc/contract.ts';

const looks = {
  passed: { icon: BadgeCheck, words: 'Verified', className: 'state-good' },
  failed: { icon: BadgeX, words: 'Not verified', className: 'state-bad' },
  // Nothing was executed, which says nothing of the target.
  open: { icon: CircleHelp, words: 'Could not be tried', className: '' },
} as const;

/** How what came of a verification is shown. */
export const lookOf = (verification: Verification): (typeof looks)[keyof typeof looks] => {
  if (verification.verdict === 'passed') return looks.passed;
  return verification.kind === 'not-tried' ? looks.open : looks.failed;
};
