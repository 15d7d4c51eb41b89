import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath, getuid } from 'node:process';
import { NotPossibleHere } from '../problem.mjs';
import { findProgram, run } from '../programs.mjs';
import { say } from '../progress.mjs';
import { installSystemPackages } from '../system-packages.mjs';
import { ensureTestPrograms } from '../test-programs.mjs';

const programs = ['pkexec', 'pkttyagent', 'pkaction', 'dbus-daemon', 'dbus-send', 'sudo', 'ip'];

/**
 * Makes sure that pkexec can be tried here: on a machine of its own, where every user is who they are here. In the user
 * namespaces that ordinary users make, which have one user, it does not work.
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
        'There is nothing here to ask for permission with (pkexec, polkitd, D-Bus, sudo and ip).',
      );
    }
  }
  if (!findProgram('unshare')) {
    throw new NotPossibleHere('There is no unshare here (package util-linux), which makes namespaces.');
  }
  const machine = [execPath, join(import.meta.dirname, 'private-machine.mjs')];
  const rehearsal = [...machine, 'setpriv', '--reuid=nobody', 'true'];
  const environment = { ...env, ELECTRON_PATH: execPath, TEST_PROGRAMS: await ensureTestPrograms() };
  const { code, stderr } = await run(rehearsal, { env: environment });
  if (code !== 0) {
    throw new NotPossibleHere(
      `No machine to try pkexec on could be made (${stderr.trim()}); it needs Linux 6.7.`,
    );
  }
  return machine;
}
