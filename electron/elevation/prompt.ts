import type { ExecException } from 'node:child_process';
import { exec as sudoPrompt } from 'sudo-prompt';
import { failure, type Result, success } from '../binfmt/result.ts';
import { PkexecProcess } from './pkexec-process.ts';
import { dismissed, type ElevationProblem, obstacles } from './problem.ts';
import { packedCommandOf } from './script-command.ts';

/** What goes on while a person is asked. */
export interface Prompting {
  /** Aborting it closes the prompt; once permission was given it has no effect. */
  readonly signal?: AbortSignal | undefined;
  /** Called when permission was given, unless the script has ended by then. */
  readonly onGranted?: () => void;
}

/** How often it is looked whether permission was given, and whether there is something to cancel. */
const LOOK_MS = 100;

/**
 * What pkexec would hand on to root. It looks at all of it first and refuses what it does not expect, such as a SHELL
 * that is not in /etc/shells, or a path as LC_TIME (pkexec.c). The script needs none of it.
 */
const environment: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    (
      'LANG LINGUAS LANGUAGE LC_COLLATE LC_CTYPE LC_MESSAGES LC_MONETARY LC_NUMERIC LC_TIME LC_ALL ' +
      'TERM COLORTERM DISPLAY XAUTHORITY'
    )
      .split(' ')
      .map((name) => [name, '']),
  ),
  SHELL: '/bin/sh',
};

/** Has polkit ask whether the script may run as root, through sudo-prompt and pkexec. */
export function runWithPrompt(
  script: string,
  { signal, onGranted }: Prompting,
): Promise<Result<string, ElevationProblem>> {
  if (signal?.aborted === true) return Promise.resolve(failure(dismissed));
  // The first echo fails where nobody listens: this program was killed while it asked, and what is permitted then
  // is not done. It also tells a script that said nothing from one that did not run.
  const command = `echo && ${packedCommandOf(script)}`;
  // The unprivileged shell that sudo-prompt starts expands $ and ` in a command, and this one has neither. It also
  // expands them in the working directory's name.
  process.chdir('/');
  return new Promise((resolve) => {
    const pkexec = new PkexecProcess(process.pid);
    const look = (): void => {
      // More than once: it may not have been there yet when somebody cancelled.
      if (signal?.aborted === true) pkexec.end();
      else if (pkexec.hasBecomeRoot()) {
        clearInterval(looking);
        onGranted?.();
      }
    };
    const looking = setInterval(look, LOOK_MS);
    signal?.addEventListener('abort', look);
    sudoPrompt(command, { name: 'QEMU Binfmt Manager', env: environment }, (error, stdout, stderr) => {
      clearInterval(looking);
      signal?.removeEventListener('abort', look);
      const output = String(stdout ?? '');
      if (output.startsWith('\n')) resolve(success(output.slice(1)));
      else if (signal?.aborted === true) resolve(failure(dismissed));
      else resolve(failure(problemOf(error ?? undefined, String(stderr ?? ''))));
    });
  });
}

/** What it means that the script did not run. sudo-prompt hands on how pkexec ended (pkexec(1)), and its own words. */
function problemOf(error: ExecException | undefined, stderr: string): ElevationProblem {
  const said = (pattern: RegExp): boolean => pattern.test(stderr);
  if (error?.code === 126) return dismissed;
  // sudo-prompt's own words. It was there when this program started.
  if (error?.message.includes('Unable to find pkexec'))
    return { kind: 'impossible', reason: obstacles.noPkexec.reason };
  if (said(/No authentication agent found/)) return { kind: 'impossible', reason: reasons.noAgent };
  if (said(/must be setuid root/)) return { kind: 'impossible', reason: obstacles.notSetuid.reason };
  if (said(/getting authority|polkit.*(not connect|not provided)/i))
    return { kind: 'impossible', reason: reasons.noPolkit };
  if (said(/Not authorized/)) return { kind: 'dismissed', reason: reasons.refused };
  const words = stderr
    .split('\n')
    .filter((line) => line !== '' && line !== 'This incident has been reported.');
  return {
    kind: 'impossible',
    reason:
      words.length === 0 ? reasons.ended : `Nothing was changed, for pkexec refused: ${words.join(' ')}`,
  };
}

const reasons = {
  noAgent:
    'No polkit authentication agent is running to ask for the password. ' +
    'Start one (desktops bring theirs, for example polkit-gnome or lxpolkit), or start this program as root.',
  noPolkit:
    'The service polkit is not running. Start it (systemctl start polkit), or start this program as root.',
  ended: 'Nothing was changed: pkexec ended before anybody had answered it. Try again.',
  /** pkexec says the same of both. */
  refused:
    'Nothing was changed: the password was wrong, or this system’s policy does not let you. ' +
    'Try again, or ask an administrator to add you to the group sudo or wheel, or to make the change.',
} as const;
