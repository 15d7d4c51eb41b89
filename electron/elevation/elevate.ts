import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { exec as sudoPrompt } from 'sudo-prompt';
import { failure, type Result, success } from '../binfmt/result.ts';

/** The way in which root can be had here. */
export type Elevation =
  | { readonly kind: 'root' }
  /** polkit asks the person. */
  | { readonly kind: 'prompt' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Why a script did not run as root. */
export type ElevationProblem =
  /** A choice, no error: nothing was changed. */
  { readonly kind: 'dismissed' } | { readonly kind: 'impossible'; readonly reason: string };

const PKEXEC = '/usr/bin/pkexec';

const noPkexec =
  'pkexec is not installed, so nobody can be asked for the administrator’s password. ' +
  'Install the package polkit (policykit-1, pkexec), or start this program as root.';
const noAgent =
  'No polkit authentication agent is running to ask for the password. ' +
  'Start one (desktops bring theirs, for example polkit-gnome or lxpolkit), or start this program as root.';

/** Finds out how root can be had, without asking anybody. */
export function detectElevation(): Elevation {
  if (process.geteuid?.() === 0) return { kind: 'root' };
  try {
    accessSync(PKEXEC, constants.X_OK);
  } catch {
    return { kind: 'unavailable', reason: noPkexec };
  }
  if (/^NoNewPrivs:\s*1$/m.test(readFileSync('/proc/self/status', 'latin1'))) {
    const reason =
      'This program was started in a way that forbids it ever to become root (no_new_privs, as containers and snaps do). ' +
      'Start it outside of them.';
    return { kind: 'unavailable', reason };
  }
  return { kind: 'prompt' };
}

/** Runs the script with bash as root and returns what it printed, also when it was cut short. */
export function runElevated(script: string, elevation: Elevation): Promise<Result<string, ElevationProblem>> {
  switch (elevation.kind) {
    case 'root':
      return runDirectly(script);
    case 'prompt':
      return runWithPrompt(script);
    case 'unavailable':
      return Promise.resolve(failure({ kind: 'impossible', reason: elevation.reason }));
  }
}

function runDirectly(script: string): Promise<Result<string, ElevationProblem>> {
  return new Promise((resolve) => {
    execFile('/bin/bash', ['-c', script], { cwd: '/', encoding: 'latin1' }, (error, stdout) => {
      if (error !== null && stdout === '') {
        resolve(failure({ kind: 'impossible', reason: `/bin/bash could not be run: ${error.message}` }));
      } else resolve(success(stdout));
    });
  });
}

function runWithPrompt(script: string): Promise<Result<string, ElevationProblem>> {
  // The unprivileged shell that sudo-prompt starts expands $ and ` in a command; base64 has neither.
  const encoded = Buffer.from(script, 'ascii').toString('base64');
  const command = `echo ${encoded} | /usr/bin/base64 --decode | /bin/bash`;
  // It also expands them in the working directory's name.
  process.chdir('/');
  return new Promise((resolve) => {
    sudoPrompt(command, { name: 'QEMU Binfmt Manager' }, (error, stdout) => {
      const output = stdout === undefined ? '' : String(stdout);
      if (error === undefined || error === null || output !== '') resolve(success(output));
      else resolve(failure(problemOfSudoPrompt(error)));
    });
  });
}

function problemOfSudoPrompt(error: Error): ElevationProblem {
  if (error.message.includes('did not grant permission')) return { kind: 'dismissed' };
  if (error.message.includes('No polkit authentication agent'))
    return { kind: 'impossible', reason: noAgent };
  if (error.message.includes('Unable to find pkexec')) return { kind: 'impossible', reason: noPkexec };
  return { kind: 'impossible', reason: `The elevated script failed before it began: ${error.message}` };
}
