import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packageOf } from '../../electron/binfmt/package-of.ts';

test.skipIf(!existsSync('/usr/bin/dpkg-query'))('a file’s package is the one dpkg knows', async () => {
  const [name = ''] = execFileSync('dpkg-query', ['--search', '/usr/bin/dpkg-query'], {
    encoding: 'utf8',
  }).split(':');
  expect(name).not.toBe('');
  expect(await packageOf('/usr/bin/dpkg-query')).toBe(name);
});

test('a file of no package, and a name that is a pattern, have none', async () => {
  expect(await packageOf('/nowhere/at all')).toBeNull();
  expect(await packageOf('/usr/bin/*')).toBeNull();
  expect(await packageOf('--help')).toBeNull();
});
