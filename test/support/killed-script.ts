import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { shellQuote } from '../../electron/elevation/shell-quote.ts';

/** The tools that the script calls by their paths, and the built-in that writes. */
const STEPS = ['/bin/mkdir', '/bin/rm', '/bin/mktemp', '/bin/ln', '/bin/chmod', '/bin/sync', '/bin/mv'];

/**
 * Runs a script that is killed by SIGKILL at its n-th step (the first is 0): before a tool runs, in the middle
 * of a write, or after either. Returns what it printed, and whether it got that far.
 */
export function runKilledAt(
  script: string,
  step: number,
): { readonly output: string; readonly died: boolean } {
  const wrappers = STEPS.map(
    (tool) => `${tool}() { step; command ${tool} "$@"; local status=$?; step; return $status; }`,
  );
  const dying = `steps=0
step() { if [[ $steps == ${step} ]]; then kill -KILL $$ $BASHPID; fi; steps=$((steps + 1)); }
printf() {
  if [[ $1 != %s ]]; then builtin printf "$@"; return; fi
  step
  local half=$(( \${#2} / 2 ))
  builtin printf %s "\${2:0:half}"
  step
  builtin printf %s "\${2:half}"
  step
}
${wrappers.join('\n')}
${script}`;
  const { stdout, signal } = spawnSync('/bin/bash', ['-c', dying], { encoding: 'latin1', timeout: 10_000 });
  return { output: stdout, died: signal === 'SIGKILL' };
}

/** Runs a script and returns what it calls to change files, each with its arguments, in order. */
export function callsOf(script: string): readonly string[] {
  const marked = 'called: ';
  const telling = (name: string, real: string): string =>
    `${name}() { builtin printf '\\n%s%s\\n' '${marked}' "${name} $*" >&3; ${real} "$@"; }`;
  const tracing = `exec 3>&1
${STEPS.map((tool) => telling(tool, `command ${tool}`)).join('\n')}
${telling('printf', 'builtin printf')}
${script}`;
  const { stdout } = spawnSync('/bin/bash', ['-c', tracing], { encoding: 'latin1', timeout: 10_000 });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith(marked))
    .map((line) => line.slice(marked.length));
}

/**
 * Runs a script that is killed by SIGKILL behind its n-th write to the kernel; with 0, before the first. Returns
 * whether it got that far. `writer` is the function that writes, be it in a subshell.
 */
export function runKilledAfterWrites(
  script: string,
  writes: number,
  { writer = 'write', args = [] }: { readonly writer?: string; readonly args?: readonly string[] } = {},
): boolean {
  const start = `${writer}() {\n`;
  if (!script.includes(start)) throw new RangeError('The script has no function that writes.');
  const directory = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-writes-'));
  const counted = shellQuote(Buffer.from(path.join(directory, 'writes')));
  const die = `mapfile -t < ${counted}; ((\${#MAPFILE[@]} != ${writes})) || kill -KILL $$ $BASHPID; echo >> ${counted}`;
  const dying = script.replace(start, () => `: > ${counted}\n${start}  ${die}\n`);
  try {
    const { signal } = spawnSync('/bin/bash', ['-c', dying, 'bash', ...args], { timeout: 10_000 });
    return signal === 'SIGKILL';
  } finally {
    rmSync(directory, { recursive: true });
  }
}
