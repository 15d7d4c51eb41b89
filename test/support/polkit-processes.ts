import { readdirSync, readFileSync, statSync } from 'node:fs';
import { user } from './ordinary-user.ts';

interface Process {
  readonly pid: number;
  readonly uid: number;
  readonly commandLine: string;
  readonly environment: readonly string[];
}

/** The prompts that are open: every pkexec waits for an answer. */
export const openPrompts = (): readonly Process[] =>
  listProcesses().filter(
    (one) => one.commandLine.startsWith('/usr/bin/pkexec ') && one.environment.includes(`HOME=${user.home}`),
  );

/** Root's shells that read a script of the program's. */
export const elevatedShells = (): readonly Process[] =>
  listProcesses().filter(
    (one) =>
      one.uid === 0 && one.commandLine === '/bin/bash' && one.environment.includes(`PKEXEC_UID=${user.uid}`),
  );

/** What the kernel says of a process, by key: `Seccomp`, `Uid`. */
export const statusOf = (pid: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/status`, 'utf8')
      .split('\n')
      .map((line) => line.split(':\t'))
      .map(([key = '', value = '']) => [key, value.trim()]),
  );

/** What a process was started with; Chromium's say it in one word. */
export const commandLineOf = (pid: number): string => readWords(`/proc/${pid}/cmdline`).join(' ');

function listProcesses(): readonly Process[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.flatMap((pid) => {
    try {
      return [
        {
          pid,
          uid: statSync(`/proc/${pid}`).uid,
          commandLine: commandLineOf(pid),
          environment: readWords(`/proc/${pid}/environ`),
        },
      ];
    } catch {
      return []; // It has ended since it was listed.
    }
  });
}

const readWords = (file: string): readonly string[] => readFileSync(file, 'utf8').split('\0').slice(0, -1);
