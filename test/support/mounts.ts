import { execFileSync } from 'node:child_process';
import { BINFMT_MISC, unmount } from './registry.ts';

/** findmnt does not report a mount whose source and place are those of another one beneath: each has its own. */
const uniqueSource = (): string => `source-${process.hrtime.bigint()}`;

const mountThere = (type: string): void =>
  void execFileSync('mount', ['-t', type, uniqueSource(), BINFMT_MISC]);

/**
 * Covers the namespace's binfmt_misc with an empty file system, as if it was not mounted. Unmounting it could
 * bring the machine's own to light, which no test may touch.
 */
export const coverBinfmtMisc = (): void => mountThere('tmpfs');

/** Takes away the uppermost of what was mounted there. */
export const uncoverBinfmtMisc = unmount;

/** Mounts the namespace's binfmt_misc on top of whatever is there. */
export const mountBinfmtMisc = (): void => mountThere('binfmt_misc');
