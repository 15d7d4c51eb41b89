import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeDirectory } from '../../electron/make-directory.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

const { directory, remove } = temporaryDirectory();
afterAll(remove);

test('a directory is made with those above it, and left where it is there', () => {
  const place = path.join(directory, 'a', 'b', 'c');
  makeDirectory(place);
  expect(existsSync(place)).toBe(true);
  makeDirectory(place);
});

test('one that cannot be made anywhere is no endless work', () => {
  expect(() => makeDirectory('/proc/nope/.config/program')).toThrow('ENOENT');
});
