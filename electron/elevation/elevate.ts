import { execFile, spawn } from 'node:child_process';
import { failure, type Result, success } from '../binfmt/result.ts';
import { dismissed, type ElevationProblem, type Obstacle } from './problem.ts';
import { type Prompting, runWithPrompt } from './prompt.ts';
import { commandOf } from './script-command.ts';

/** The way in which root can be had here. */
export type Elevation =
  | { readonly kind: 'root' }
  /** polkit asks the person. */
  | { readonly kind: 'prompt' }
  /** sudo asks the person, in the terminal. */
  | { readonly kind: 'sudo' }
  | ({ readonly kind: 'unavailable' } & Obstacle);

/** Package managers can be wordy, and what says more is ended; in bytes, as sudo-prompt has it. */
const MOST_OUTPUT = 128 * 1024 * 1024;

/** Runs the script with bash as root and returns what it printed, also when it was cut short. */
export function runElevated(
  script: string,
  elevation: Elevation,
  prompting: Prompting = {},
): Promise<Result<string, ElevationProblem>> {
  switch (elevation.kind) {
    case 'root':
      return runDirectly(script);
    case 'prompt':
      return runWithPrompt(script, prompting);
    case 'sudo':
      return runWithSudo(script);
    case 'unavailable':
      return Promise.resolve(failure({ kind: 'impossible', reason: elevation.reason }));
  }
}

function runDirectly(script: string): Promise<Result<string, ElevationProblem>> {
  return new Promise((resolve) => {
    const options = { cwd: '/', encoding: 'latin1', maxBuffer: MOST_OUTPUT } as const;
    execFile('/bin/bash', ['-c', commandOf(script)], options, (error, stdout) => {
      // A name and no number: it did not even begin. Node's message would hold the whole script.
      if (typeof error?.code === 'string' && stdout === '') {
        resolve(failure({ kind: 'impossible', reason: `/bin/bash could not be run (${error.code}).` }));
      } else resolve(success(stdout));
    });
  });
}

/** sudo asks on the terminal itself, and says on stderr why it refuses. */
function runWithSudo(script: string): Promise<Result<string, ElevationProblem>> {
  return new Promise((resolve) => {
    const sudo = spawn('sudo', ['--', '/bin/bash', '-c', commandOf(script)], {
      cwd: '/',
      stdio: ['inherit', 'pipe', 'inherit'],
    });
    let output = '';
    sudo.stdout.setEncoding('latin1').on('data', (text: string) => {
      output += text;
    });
    sudo.on('error', ({ message }) => {
      const reason = `sudo could not be started (${message}). Start this program as root.`;
      resolve(failure({ kind: 'impossible', reason }));
    });
    sudo.on('close', (code) => {
      if (code === 0 || output !== '') resolve(success(output));
      else resolve(failure(dismissed));
    });
  });
}
