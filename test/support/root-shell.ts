import { copyFileSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { coverFile } from './polkit-mounts.ts';

/**
 * In the tests' mount namespace, covers the bash that the program's script is given to with one that does something
 * first: `before` is run by bash, and may change `script`. Returns what the work does under it.
 */
async function withRootShell<Value>(
  before: (directory: string) => string,
  work: (directory: string) => Promise<Value>,
): Promise<Value> {
  const directory = mkdtempSync(path.join(tmpdir(), 'root-shell-'));
  const bash = realpathSync('/bin/bash');
  const wrapper = path.join(directory, 'wrapper');
  copyFileSync(bash, path.join(directory, 'bash'));
  writeFileSync(
    wrapper,
    `#!${directory}/bash
script=\${2-}
if [[ \${1-} != -c || $script != *carry_out* ]]; then exec '${directory}/bash' "$@"; fi
${before(directory)}
exec '${directory}/bash' -c "$script"
`,
    { mode: 0o755 },
  );
  const putBack = coverFile(bash, wrapper);
  try {
    return await work(directory);
  } finally {
    putBack();
    rmSync(directory, { recursive: true });
  }
}

/** Has somebody else run a command when the plan is made, and root has not begun. */
export const whileAsking = <Value>(command: string, work: () => Promise<Value>): Promise<Value> =>
  withRootShell(() => command, work);

/**
 * Has root's script killed by SIGKILL at its n-th step (the first is 0): before a write to the kernel or a mount, or
 * behind it. Tells also whether it got that far.
 */
export const killedAtStep = <Value>(
  step: number,
  work: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly died: boolean }> =>
  withRootShell(
    (directory) => `script='steps=0
step() {
  if [[ $steps == ${step} ]]; then : > ${directory}/died; kill -KILL $$ $BASHPID; fi
  steps=$((steps + 1))
}
/bin/mount() { step; command /bin/mount "$@"; local status=$?; step; return $status; }
printf() {
  if [[ $1 != %s ]]; then builtin printf "$@"; return; fi
  step
  builtin printf "$@"
  local status=$?
  step
  return $status
}
'"$script"`,
    async (directory) => ({ value: await work(), died: existsSync(path.join(directory, 'died')) }),
  );
