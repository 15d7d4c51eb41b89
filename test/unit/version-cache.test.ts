import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openVersionCache } from '../../electron/version-cache.ts';

let directory: string;
let file: string;
const failUnexpectedly = (error: unknown): never => {
  throw error;
};

beforeEach(() => {
  vi.useFakeTimers();
  directory = mkdtempSync(path.join(tmpdir(), 'version-cache-'));
  file = path.join(directory, 'sub', 'versions.json');
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(directory, { recursive: true });
});

describe('the version cache', () => {
  test('remembers versions, and that there is none, for the next start', () => {
    const cache = openVersionCache(file, failUnexpectedly);
    cache.set('/usr/bin/qemu-arm\x001\x002', '9.2.0');
    cache.set('/bin/true', null);
    vi.runAllTimers();
    const next = openVersionCache(file, failUnexpectedly);
    expect(next.get('/usr/bin/qemu-arm\x001\x002')).toBe('9.2.0');
    expect(next.get('/bin/true')).toBeNull();
    expect(next.get('__proto__')).toBeUndefined();
  });

  test.each(['', 'no json', '[]', '{"key":1}', '{"key":{}}', `{"key":"${'9'.repeat(41)}"}`])(
    'begins empty with the file %j',
    (content) => {
      const here = path.join(directory, 'versions.json');
      writeFileSync(here, content);
      expect(openVersionCache(here, failUnexpectedly).get('key')).toBeUndefined();
    },
  );

  test('forgets the oldest when there are very many', () => {
    const cache = openVersionCache(file, failUnexpectedly);
    for (let index = 0; index < 600; index++) cache.set(`key-${index}`, '9.2.0');
    vi.runAllTimers();
    const saved: unknown = JSON.parse(readFileSync(file, 'utf8'));
    expect(saved).toHaveProperty('key-599');
    expect(saved).not.toHaveProperty('key-99');
  });

  test('says that it cannot be written, and goes on', () => {
    writeFileSync(path.join(directory, 'sub'), 'a file where the directory should be');
    const onProblem = vi.fn();
    const cache = openVersionCache(file, onProblem);
    cache.set('key', '9.2.0');
    vi.runAllTimers();
    expect(onProblem).toHaveBeenCalledOnce();
    expect(cache.get('key')).toBe('9.2.0');
  });
});
