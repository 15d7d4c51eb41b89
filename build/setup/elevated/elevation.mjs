import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath, getuid } from 'node:process';
import { NotPossibleHere } from '../problem.mjs';
import { findProgram, run } from '../programs.mjs';
import { say } from '../progress.mjs';
import { installSystemPackages } from '../system-packages.mjs';

const programs = ['pkexec', 'pkttyagent', 'pkaction', 'dbus-daemon', 'dbus-send', 'sudo'];

/** A mount namespace of our own. Real root's, not one of a user namespace: in that pkexec does not work. */
const enter = ['unshare', '--mount', '--propagation', 'private'];

/** What private-machine.mjs does there, in short. */
const rehearsal =
  'mount -t tmpfs tmpfs /run && mkdir /run/kernel && mount -t binfmt_misc binfmt_misc /run/kernel && ' +
  'test -w /run/kernel/register && setpriv --reuid=nobody true';

/**
 * Makes sure that pkexec can be tried here.
 *
 * @returns {Promise<string[]>} what to put in front of a command to run it on a private machine
 */
export async function ensureElevation() {
  if (getuid?.() !== 0) {
    throw new NotPossibleHere('Only root can make the user and the polkit rules that these tests need.');
  }
  if (/^NoNewPrivs:\s*1$/m.test(readFileSync('/proc/self/status', 'latin1'))) {
    throw new NotPossibleHere('pkexec cannot make anybody root here (no_new_privs, as in some containers).');
  }
  const missing = programs.filter((program) => !findProgram(program));
  if (missing.length > 0) {
    say(`The tests of elevation need ${missing.join(', ')}.`);
    if (!(await installSystemPackages('elevation'))) {
      throw new NotPossibleHere(
        'There is nothing here to ask for permission with (pkexec, polkitd, D-Bus and sudo).',
      );
    }
  }
  if (!findProgram('unshare')) {
    throw new NotPossibleHere('There is no unshare here (package util-linux), which makes namespaces.');
  }
  const { code, stderr } = await run([...enter, 'sh', '-c', rehearsal]);
  if (code !== 0) {
    throw new NotPossibleHere(`Nothing can be mounted here, as in most containers (${stderr.trim()}).`);
  }
  return [...enter, execPath, join(import.meta.dirname, 'private-machine.mjs')];
}

/**
 * Runs a command on a private machine. That holds the other end of a pipe: when this process ends, in whatever
 * way, the private machine notices, ends the command and puts everything back.
 *
 * @param {readonly string[]} command
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number | null>} the exit status; null when a signal ended it
 */
export function runOnPrivateMachine([program = '', ...args], options) {
  return new Promise((resolve, reject) => {
    // Detached from the terminal, whose Ctrl+C would end it before it has put anything back.
    const child = spawn(program, args, { ...options, detached: true, stdio: ['pipe', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('close', resolve);
  });
}
