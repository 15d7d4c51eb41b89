import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import { readOsRelease } from '../../binfmt/host.ts';

/** What a tool answered. */
export interface Answer {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** The system to install on, as far as an ordinary user sees it; another one than {@link thisSystem} serves tests. */
export interface System {
  /** As `uname -m` names it. */
  readonly machine: string;
  /** The text of os-release(5). */
  osRelease(): string;
  isThere(path: string): boolean;
  /** Asks a tool something, in English. Never rejects: a tool that cannot be run has said so on stderr. */
  ask(program: string, args: readonly string[]): Promise<Answer>;
}

/** Whether systemd runs there (sd_booted(3)). */
export const runsSystemd = (system: System): boolean => system.isThere('/run/systemd/system');

/** Longer than package databases take; a tool that fetches its lists first may need it. */
const PATIENCE_MS = 60_000;

export const thisSystem: System = {
  machine: os.machine(),
  osRelease: readOsRelease,
  isThere: existsSync,
  ask: (program, args) =>
    new Promise((resolve) => {
      const options = {
        timeout: PATIENCE_MS,
        maxBuffer: 16 * 1024 * 1024,
        env: { ...process.env, LC_ALL: 'C' },
      };
      const child = execFile(program, args, options, (error, stdout, stderr) =>
        resolve({ ok: error === null, stdout, stderr: stderr || (error?.message ?? '') }),
      );
      // None of them may wait for an answer.
      child.stdin?.end();
    }),
};
