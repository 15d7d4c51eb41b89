import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { openUnnamedExecutable } from './unnamed-file.ts';

/** How the execution of a program went. */
export type Run =
  | {
      readonly end: 'exited';
      readonly status: number;
      readonly output: string;
      readonly milliseconds: number;
    }
  | { readonly end: 'killed'; readonly signal: string; readonly output: string }
  | { readonly end: 'timed-out' }
  /** execve(2) failed; the error as strerror(3) words it: `Exec format error`. */
  | { readonly end: 'not-executed'; readonly error: string }
  /** It did not come to execve(2). */
  | { readonly end: 'not-tried'; readonly problem: string };

export interface RunOptions {
  /** Where to put the program; the first one that will do is used. */
  readonly directories: readonly string[];
  readonly timeoutMs: number;
}

/** bash, under a name by which its own messages are told from the interpreter's. */
const BASH = { path: '/bin/bash', name: 'verify' };
/** The child's descriptor of the program. */
const PROGRAM = 3;
const PROGRAM_PATH = `/proc/self/fd/${PROGRAM}`;
/** The child's descriptor of a socket to us: its end is ours, however that comes. */
const LIFELINE = 4;

/**
 * bash executes the program, not Node: Node uses execvp(3), which hands what the kernel refuses with ENOEXEC
 * to /bin/sh as a script, and so do env(1), perl and the other shells. bash tells programs from scripts and
 * reports the error. Letting the kernel start the program as the `#!` of a script would save bash, but adds
 * the script's path to the arguments, which hides interpreters that want more of them (Debian's `-binfmt-P`).
 * Crashes are to leave no core files.
 *
 * A second bash waits at the lifeline. It kills the group when we are gone, and when we are stopped or stuck
 * and do not do it ourselves in time ($1, in seconds).
 */
const COMMAND =
  `ulimit -c 0; { read -rt "$1" -u ${LIFELINE}; kill -KILL 0; } >&- 2>&- & ` +
  `exec ${PROGRAM_PATH} ${LIFELINE}<&-`;
/** How much longer than we the second bash waits: the first to kill says what became of the program. */
const GRACE_S = 1;
const BASH_MESSAGE = new RegExp(`^${BASH.name}: line \\d+: ${PROGRAM_PATH}: (?:.*: )?(.+)$`, 'm');
/** For ENOENT alone newer versions of bash have words of their own. */
const REQUIRED_FILE_NOT_FOUND = 'required file not found';

/** What bash exits with when it could not execute something. */
const FAILED_EXECUTIONS: readonly number[] = [126, 127];

/** More than a sentence needs of what a program prints. */
const LONGEST_OUTPUT = 4096;

/** Has the kernel execute a program, without arguments and input, and kills it when its time is up. */
export async function runProgram(program: Uint8Array, options: RunOptions): Promise<Run> {
  const file = openUnnamedExecutable(options.directories, program);
  if (!file.ok) {
    const problem = `there is no directory to start a program from: ${file.problem}`;
    return { end: 'not-tried', problem };
  }
  try {
    // A file is busy while it is written: an interpreter that is being installed, or ours, whose descriptor
    // another thread's child may hold until it executes something.
    for (let attempt = 1; ; attempt++) {
      const run = await execute(file.value, options.timeoutMs);
      if (run.end !== 'not-executed' || run.error !== 'Text file busy' || attempt === 5) return run;
      await sleep(10 * attempt);
    }
  } finally {
    closeSync(file.value);
  }
}

async function execute(file: number, timeoutMs: number): Promise<Run> {
  const started = performance.now();
  let child: ChildProcess;
  try {
    const patience = `${timeoutMs / 1000 + GRACE_S}`;
    child = spawn(BASH.path, ['-c', COMMAND, BASH.name, patience], optionsWith(file));
  } catch (error) {
    return bashNotStarted(error); // Node throws some errors and emits others.
  }
  return await new Promise((resolve) => {
    const errors = collect(child.stderr);
    const prints = collect(child.stdout);
    let milliseconds = 0;
    const timer = setTimeout(() => {
      resolve({ end: 'timed-out' });
      killGroup(child);
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, timeoutMs);
    child.once('exit', () => {
      milliseconds = performance.now() - started;
      killGroup(child); // What it may have left running would keep the output open.
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve(bashNotStarted(error));
    });
    child.once('close', (status, signal) => {
      clearTimeout(timer);
      const output = errors.text + prints.text;
      const error = FAILED_EXECUTIONS.includes(status ?? -1) ? errorIn(errors.text) : null;
      if (error !== null) resolve({ end: 'not-executed', error });
      else if (status === null) resolve({ end: 'killed', signal: signal ?? 'a signal', output });
      else resolve({ end: 'exited', status, output, milliseconds });
    });
  });
}

const optionsWith = (file: number): SpawnOptions => ({
  stdio: ['ignore', 'pipe', 'pipe', file, 'pipe'],
  // A process group of its own, to be killed with all it started.
  detached: true,
  // Nothing can be written there, and it exists.
  cwd: '/proc',
  // The result must not depend on what this program was started with (QEMU_CPU, an AppImage's LD_LIBRARY_PATH);
  // an interpreter that is a script needs PATH.
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
});

const bashNotStarted = (error: unknown): Run => ({
  end: 'not-tried',
  problem: `${BASH.path}, which is to execute the program, cannot be started (${(error as NodeJS.ErrnoException).code ?? error})`,
});

function errorIn(messages: string): string | null {
  const error = BASH_MESSAGE.exec(messages)?.[1];
  if (error === undefined) return null;
  return error === REQUIRED_FILE_NOT_FOUND ? 'No such file or directory' : error;
}

function collect(stream: Readable | null): { readonly text: string } {
  const collected = { text: '' };
  stream?.on('data', (chunk: Buffer) => {
    if (collected.text.length < LONGEST_OUTPUT) collected.text += chunk.toString('latin1');
  });
  return collected;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of it runs any more.
  }
}
