import { execFileSync } from 'node:child_process';
import { BINFMT_MISC, mount, unmount } from './registry.ts';

/**
 * Covers the namespace's binfmt_misc with an empty file system, as if it was not mounted. Unmounting it could
 * bring the machine's own to light, which no test may touch.
 */
export const coverBinfmtMisc = (): void => void execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', BINFMT_MISC]);

/** Takes away the uppermost of what was mounted there. */
export const uncoverBinfmtMisc = unmount;

/** Mounts the namespace's binfmt_misc on top of whatever is there. */
export const mountBinfmtMisc = mount;
