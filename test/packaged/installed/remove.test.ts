import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { changesToSystem } from '../../support/clean-system.ts';
import { user } from '../../support/ordinary-user.ts';
import { setPolicy } from '../../support/polkit-rules.ts';

const data = path.join(user.home, '.config', 'QEMU Binfmt Manager');

test('removed, it leaves nothing on the system, and a person’s own record', async () => {
  const asUser = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  execFileSync('env', [`HOME=${user.home}`, ...asUser, 'qemu-binfmt', 'list'], { stdio: 'pipe' });
  execFileSync('apt-get', ['purge', '--yes', 'qemu-binfmt-manager'], { stdio: 'pipe' });
  await setPolicy('default');

  expect(existsSync('/usr/bin/qemu-binfmt')).toBe(false);
  expect(changesToSystem()).toEqual([]);
  expect(readdirSync(data)).toContain('qemu-versions.json');
});
