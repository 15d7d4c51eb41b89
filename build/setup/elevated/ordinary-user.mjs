import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PLACE } from './private-mounts.mjs';

/**
 * Makes an ordinary user with a home directory and a password, in the private /etc.
 *
 * @returns {{ TEST_USER: string, TEST_PASSWORD: string, TEST_HOME: string }}
 */
export function makeOrdinaryUser() {
  const name = `binfmt-test-${randomBytes(3).toString('hex')}`;
  const password = randomBytes(12).toString('base64url');
  const home = join(PLACE, 'home');
  // Not logged, and no mail box: those would lie outside of /etc.
  execFileSync('useradd', [
    '--no-log-init',
    '--user-group',
    '--home-dir',
    home,
    '--shell',
    '/bin/bash',
    name,
  ]);
  execFileSync('chpasswd', { input: `${name}:${password}\n` });

  const [uid = 0, gid = 0] = ['-u', '-g'].map((option) => Number(execFileSync('id', [option, name])));
  for (const directory of [home, join(home, 'tmp'), `/run/user/${uid}`]) {
    mkdirSync(directory, { recursive: true });
    execFileSync('chmod', ['700', directory]);
    chownSync(directory, uid, gid);
  }
  return { TEST_USER: name, TEST_PASSWORD: password, TEST_HOME: home };
}
