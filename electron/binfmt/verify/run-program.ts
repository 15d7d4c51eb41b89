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
  /** execve(2) failed; `ENOEXEC`, `ENOENT`, … */
  | { readonly end: 'not-executed'; readonly code: string }
  /** There is nowhere to put it; the problem says why, directory for directory. */
  | { readonly end: 'no-directory'; readonly problem: string };

export interface RunOptions {
  readonly directories: readonly string[];
  readonly timeoutMs: number;
}

/** The child's descriptors of the two files. */
const SCRIPT = 3;
const PROGRAM = 4;
const NOT_EXECUTED = 'ENOEXEC';

/**
 * A script whose interpreter is the program. Node starts children with execvp(3), and where the kernel answers
 * ENOEXEC glibc has /bin/sh read the file instead, be it a program or not. Executing the program through the
 * kernel's `#!` leaves the kernel's part as it is (any foreign script runs so), reports every error code
 * as execve(2) returns it, and gives the shell something to read that is meant for it and says what happened.
 * bash's `exec` would do as well, but tells errors apart by texts, and takes a process more.
 */
const script = Buffer.from(`#!/proc/self/fd/${PROGRAM}\nprintf ${NOT_EXECUTED}\n`);

/** More than a sentence needs of what a program prints. */
const LONGEST_OUTPUT = 4096;

/** Executes a program through the kernel, without argument and input, and kills it when its time is up. */
export async function runProgram(program: Uint8Array, options: RunOptions): Promise<Run> {
  const scriptFile = openUnnamedExecutable(options.directories, script);
  if (!scriptFile.ok) return { end: 'no-directory', problem: scriptFile.problem };
  const programFile = openUnnamedExecutable(options.directories, program);
  try {
    if (!programFile.ok) return { end: 'no-directory', problem: programFile.problem };
    // Another thread's child may hold the descriptor the file was written through, until it executes something.
    for (let attempt = 1; ; attempt++) {
      const run = await execute(scriptFile.value, programFile.value, options.timeoutMs);
      if (run.end !== 'not-executed' || run.code !== 'ETXTBSY' || attempt === 5) return run;
      await sleep(10 * attempt);
    }
  } finally {
    closeSync(scriptFile.value);
    if (programFile.ok) closeSync(programFile.value);
  }
}

async function execute(scriptFile: number, programFile: number, timeoutMs: number): Promise<Run> {
  const started = performance.now();
  let child: ChildProcess;
  try {
    child = spawn(`/proc/self/fd/${SCRIPT}`, spawnOptions(scriptFile, programFile));
  } catch (error) {
    return notExecuted(error); // Node throws some codes and emits others.
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
      resolve(notExecuted(error));
    });
    child.once('close', (status, signal) => {
      clearTimeout(timer);
      const output = errors.text + prints.text;
      if (status === null) resolve({ end: 'killed', signal: signal ?? 'unknown', output });
      else if (prints.text === NOT_EXECUTED) resolve({ end: 'not-executed', code: 'ENOEXEC' });
      else resolve({ end: 'exited', status, output, milliseconds });
    });
  });
}

function collect(stream: Readable | null): { readonly text: string } {
  const collected = { text: '' };
  stream?.on('data', (chunk: Buffer) => {
    if (collected.text.length < LONGEST_OUTPUT) collected.text += chunk.toString('latin1');
  });
  return collected;
}

const spawnOptions = (scriptFile: number, programFile: number): SpawnOptions => ({
  stdio: ['ignore', 'pipe', 'pipe', scriptFile, programFile],
  // A process group of its own, to be killed with all it started.
  detached: true,
  // Nothing can be written there: a program that crashes leaves no core file.
  cwd: '/proc',
  // The result must not depend on what this program was started with (QEMU_CPU, an AppImage's LD_LIBRARY_PATH);
  // an interpreter that is a script needs PATH.
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
});

const notExecuted = (error: unknown): Run => ({
  end: 'not-executed',
  code: (error as NodeJS.ErrnoException).code ?? String(error),
});

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of it runs any more.
  }
}
