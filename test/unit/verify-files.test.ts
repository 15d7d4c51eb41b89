import { closeSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { executableDirectories, openUnnamedExecutable } from '../../electron/binfmt/verify/unnamed-file.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

const { directory, remove } = temporaryDirectory();
afterAll(remove);

test('an unnamed executable has its content and no name', () => {
  const file = openUnnamedExecutable([directory], Buffer.from('content'));
  if (!file.ok) throw new Error(file.problem);
  expect(readFileSync(file.value, 'utf8')).toBe('content');
  expect(readdirSync(directory)).toEqual([]);
  closeSync(file.value);
});

test('the next directory is used where one will not do, and each is explained where none will', () => {
  const notADirectory = path.join(directory, 'file');
  writeFileSync(notADirectory, '');
  const useless = [`${directory}/missing`, notADirectory, '/proc'];
  const file = openUnnamedExecutable([...useless, directory], Buffer.from(''));
  if (!file.ok) throw new Error(file.problem);
  closeSync(file.value);
  const failure = openUnnamedExecutable(useless, Buffer.from(''));
  // Root learns more of /proc than others do.
  expect(failure.ok || failure.problem).toMatch(
    new RegExp(
      `^${directory}/missing does not exist, ${notADirectory} does not exist, ` +
        '/proc is (on a file system without unnamed files \\(O_TMPFILE\\)|not writable)$',
    ),
  );
});

test('the directories are the usual ones, each once, the temporary one first', () => {
  vi.stubEnv('TMPDIR', '/var/tmp');
  vi.stubEnv('XDG_RUNTIME_DIR', 'not/absolute');
  vi.stubEnv('XDG_CACHE_HOME', '/cache');
  expect(executableDirectories()).toEqual(['/var/tmp', '/cache', '/dev/shm']);
  vi.unstubAllEnvs();
});
