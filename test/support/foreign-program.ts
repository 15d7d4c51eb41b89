import { spawnSync } from 'node:child_process';
import path from 'node:path';

const busybox = path.join(process.env.TEST_PROGRAMS ?? '', 'arm64/bin/busybox');

/** What Debian's arm64 busybox prints when the kernel is asked to run it, or why it does not. */
export function runForeignProgram(...args: readonly string[]): string {
  // Node and most shells would run a file the kernel refuses as a shell script; bash reports the refusal.
  const { stdout, stderr } = spawnSync('/bin/bash', ['-c', 'exec "$0" "$@"', busybox, ...args], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return `${stdout}${stderr}`.trim();
}
