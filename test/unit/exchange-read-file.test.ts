import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import { LARGEST_REGISTRATIONS_FILE } from '../../electron/binfmt/exchange/import.ts';
import { readRegistrationsFile } from '../../electron/binfmt/exchange/read-registrations-file.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

const { directory, remove } = temporaryDirectory();
afterAll(remove);

const at = (name: string): string => path.join(directory, name);
const LINE = ':a:E::a::/a:\n';

test('a file is read by its path, whatever that is', async () => {
  const file = at('for\nmats\udcff.conf');
  writeFileSync(encodeBytes(file), LINE);
  expect(await readRegistrationsFile(file)).toMatchObject({
    ok: true,
    value: { source: 'conf', entries: [{ registration: { name: 'a' } }] },
  });
});

test('a file of the largest size is read as a whole', async () => {
  const file = at('large.conf');
  writeFileSync(file, `${'#'.repeat(LARGEST_REGISTRATIONS_FILE - LINE.length - 1)}\n${LINE}`);
  expect(await readRegistrationsFile(file)).toMatchObject({ ok: true });
});

test('a file that is larger is not', async () => {
  const file = at('larger.conf');
  writeFileSync(file, '#'.repeat(LARGEST_REGISTRATIONS_FILE + 10));
  expect(await readRegistrationsFile(file)).toEqual({
    ok: false,
    problem: { sentence: 'The file has more than 4 MiB, which are too many for a list of registrations.' },
  });
});

test.each([
  ['is not there', () => at('none'), 'The file cannot be opened: no such file or directory.'],
  ['is a directory', () => directory, 'This is not a file, but a directory or a device.'],
  ['is a device', () => '/dev/zero', 'This is not a file, but a directory or a device.'],
  ['has NUL in its path', () => '/a\0b', expect.stringMatching(/^The file cannot be opened: .*\.$/)],
  [
    'leads in a circle',
    () => {
      symlinkSync('circle', at('circle'));
      return at('circle');
    },
    'The file cannot be opened: too many symbolic links encountered.',
  ],
  [
    'is a pipe that nobody writes into',
    () => {
      mkdirSync(at('with'));
      execFileSync('mkfifo', [at('with/pipe')]);
      return at('with/pipe');
    },
    'This is not a file, but a directory or a device.',
  ],
])('a file that %s is told of with a sentence', async (_what, make, sentence) => {
  expect(await readRegistrationsFile(make())).toEqual({ ok: false, problem: { sentence } });
});
