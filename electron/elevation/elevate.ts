import { execFile, spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { exec as sudoPrompt } from 'sudo-prompt';
import { failure, type Result, success } from '../binfmt/result.ts';
import { endPkexec } from './end-pkexec.ts';
import { commandOf, packedCommandOf } from './script-command.ts';

/** The way in which root can be had here. */
export type Elevation =
  | { readonly kind: 'root' }
  /** polkit asks the person. */
  | { readonly kind: 'prompt' }
  /** sudo asks the person, in the terminal. */
  | { readonly kind: 'sudo' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/**
 * Why a script did not run as root: `dismissed` is somebody's decision and no error, `impossible` is a state
 * of the system. Both come with a sentence.
 */
export interface ElevationProblem {
  readonly kind: 'dismissed' | 'impossible';
  readonly reason: string;
}

const PKEXEC = '/usr/bin/pkexec';

/** Package managers can be wordy, and what says more is ended; in bytes, as sudo-prompt has it. */
const MOST_OUTPUT = 128 * 1024 * 1024;

const reasons = {
  noPkexec:
    'pkexec is not installed, so nobody can be asked for the administrator’s password. ' +
    'Install the package polkit (policykit-1, pkexec), or start this program as root.',
  notSetuid:
    'pkexec cannot become root here: it is not set-uid root, as in most containers. ' +
    'Start this program on the host, or as root.',
  noNewPrivileges:
    'This program was started in a way that forbids it ever to become root (no_new_privs, as containers and snaps do). ' +
    'Start it outside of them.',
  noAgent:
    'No polkit authentication agent is running to ask for the password. ' +
    'Start one (desktops bring theirs, for example polkit-gnome or lxpolkit), or start this program as root.',
  noPolkit:
    'The service polkit is not running. Start it (systemctl start polkit), or start this program as root.',
  dismissed: 'Nothing was changed: permission was not given.',
  refused:
    'Nothing was changed: this system’s policy does not let you. ' +
    'Ask an administrator to add you to the group sudo or wheel, or to make the change.',
} as const;

/** Finds out how root can be had, without asking anybody. */
export function detectElevation(): Elevation {
  if (process.geteuid?.() === 0) return { kind: 'root' };
  const reason = obstacleToPkexec();
  return reason === null ? { kind: 'prompt' } : { kind: 'unavailable', reason };
}

function obstacleToPkexec(): string | null {
  const pkexec = statSync(PKEXEC, { throwIfNoEntry: false });
  if (pkexec === undefined || !pkexec.isFile()) return reasons.noPkexec;
  if (/^NoNewPrivs:\s*1$/m.test(readFileSync('/proc/self/status', 'latin1'))) return reasons.noNewPrivileges;
  const isSetuidRoot = pkexec.uid === 0 && (pkexec.mode & 0o4000) !== 0;
  return isSetuidRoot ? null : reasons.notSetuid;
}

/**
 * Runs the script with bash as root and returns what it printed, also when it was cut short. Aborting the
 * signal closes the prompt; once permission was given it has no effect.
 */
export function runElevated(
  script: string,
  elevation: Elevation,
  signal?: AbortSignal,
): Promise<Result<string, ElevationProblem>> {
  switch (elevation.kind) {
    case 'root':
      return runDirectly(script);
    case 'prompt':
      return runWithPrompt(script, signal);
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
      if (error !== null && stdout === '') {
        resolve(failure({ kind: 'impossible', reason: `/bin/bash could not be run: ${error.message}` }));
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
      else resolve(failure({ kind: 'dismissed', reason: reasons.dismissed }));
    });
  });
}

function runWithPrompt(script: string, signal?: AbortSignal): Promise<Result<string, ElevationProblem>> {
  // The unprivileged shell that sudo-prompt starts expands $ and ` in a command, and a packed one has neither. It also
  // expands them in the working directory's name.
  process.chdir('/');
  return new Promise((resolve) => {
    const cancel = (): void => endPkexec(process.pid);
    signal?.addEventListener('abort', cancel);
    sudoPrompt(packedCommandOf(script), { name: 'QEMU Binfmt Manager' }, (error, stdout, stderr) => {
      signal?.removeEventListener('abort', cancel);
      const output = stdout === undefined ? '' : String(stdout);
      if (error === undefined || error === null || output !== '') resolve(success(output));
      else resolve(failure(problemOfSudoPrompt(error, String(stderr ?? ''))));
    });
  });
}

/** What sudo-prompt's error means; pkexec's own words (`stderr`) tell more than sudo-prompt passes on. */
function problemOfSudoPrompt(error: Error, stderr: string): ElevationProblem {
  const impossible = (reason: string): ElevationProblem => ({ kind: 'impossible', reason });
  if (error.message.includes('No polkit authentication agent')) return impossible(reasons.noAgent);
  if (error.message.includes('Unable to find pkexec')) return impossible(reasons.noPkexec);
  if (/must be setuid root/.test(stderr)) return impossible(reasons.notSetuid);
  if (/getting authority|polkit.*(not connect|not provided)/i.test(stderr))
    return impossible(reasons.noPolkit);
  if (/Not authorized/.test(stderr)) return { kind: 'dismissed', reason: reasons.refused };
  if (error.message.includes('did not grant permission'))
    return { kind: 'dismissed', reason: reasons.dismissed };
  return impossible(`The elevated script failed before it began: ${error.message}`);
}
