import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { removeStale, withLock } from '../../electron/file-lock.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'file-lock-'));
const lock = path.join(directory, 'sub', 'lock');
afterAll(() => rmSync(directory, { recursive: true }));

describe('a lock', () => {
  test('is there while the work is done, and gone afterwards, also when it fails', () => {
    expect(withLock(lock, () => existsSync(lock))).toBe(true);
    expect(existsSync(lock)).toBe(false);
    const failing = (): never => {
      throw new Error('It failed.');
    };
    expect(() => withLock(lock, failing)).toThrow('It failed.');
    expect(existsSync(lock)).toBe(false);
  });

  test('that a killed program left is taken over', () => {
    writeFileSync(lock, '');
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lock, longAgo, longAgo);
    const start = performance.now();
    expect(withLock(lock, () => 'done')).toBe('done');
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('that somebody else has made anew since is left alone, by those who take it over and who had it before', () => {
    const remake = (): void => {
      writeFileSync(`${lock}.new`, 'theirs');
      renameSync(`${lock}.new`, lock);
    };
    withLock(lock, remake);
    expect(readFileSync(lock, 'utf8')).toBe('theirs');
    removeStale(lock);
    expect(readFileSync(lock, 'utf8')).toBe('theirs');
    expect(readdirSync(path.dirname(lock))).toEqual(['lock']);
    rmSync(lock);
  });

  test('that cannot be made keeps nothing from being done', () => {
    expect(withLock('/proc/lock', () => 'done')).toBe('done');
  });
});
