import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { newerEmulator, newerVersion, unpackedDirectory } from '../support/archives-real.ts';
import type { ThrowawayRoot } from '../support/archives-root.ts';
import { BuiltTerminal } from '../support/built-terminal.ts';
import { coverSystem } from '../support/covered-system.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { clearRegistry, readEntry } from '../support/registry.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const { directory, remove } = temporaryDirectory();
const archive = path.join(directory, 'newer.tar.gz');
const newer = newerEmulator('s390x');
let machine: ThrowawayRoot;
let terminal: BuiltTerminal;

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
  machine = coverSystem(directory);
  const from = path.join(directory, 'newer');
  mkdirSync(from);
  writeFileSync(path.join(from, 'qemu-s390x-static'), newer.content, { mode: 0o755 });
  utimesSync(path.join(from, 'qemu-s390x-static'), 1_600_000_000, 1_600_000_000);
  expect(spawnSync('tar', ['-czf', archive, '-C', from, 'qemu-s390x-static']).status).toBe(0);
});
afterAll(() => {
  machine.remove();
  clearRegistry();
  remove();
});
beforeEach(() => {
  clearRegistry();
  for (const place of ['/usr/bin', '/usr/local/bin']) {
    for (const name of readdirSync(place)) if (name.startsWith('qemu-')) rmSync(path.join(place, name));
  }
});

const interpreterOf = (entry: string): string | undefined =>
  /^interpreter (.*)$/m.exec(readEntry(entry) ?? '')?.[1];

const run = (...words: readonly string[]): string => {
  const { status, stdout, stderr } = terminal.run(...words);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
};

describe('an emulator from a file', () => {
  beforeEach(() => {
    const own = path.join(unpackedDirectory, 'usr/bin/qemu-s390x-static');
    copyFileSync(own, '/usr/bin/qemu-s390x-static');
  });

  test('comes before the distribution’s, whatever is done next', () => {
    run('register', 's390x');
    expect(interpreterOf('qemu-s390x')).toBe('/usr/bin/qemu-s390x-static');
    run('get', archive, 's390x', '--replace');
    expect(interpreterOf('qemu-s390x')).toBe('/usr/local/bin/qemu-s390x-static');
    run('unregister', 's390x');
    run('register', 's390x');
    expect(interpreterOf('qemu-s390x')).toBe('/usr/local/bin/qemu-s390x-static');

    const tags = run('image', 's390x', '--only', 'targets', '-o', path.join(directory, 'images'));
    expect(tags).toContain(`s390x-${newerVersion(newer.before)} `);
    expect(tags).not.toContain(newer.before);
    expect(
      spawnSync('/usr/local/bin/qemu-s390x-static', ['--version'], { encoding: 'utf8' }).stdout,
    ).toContain(` version ${newerVersion(newer.before)} `);
  });

  test('makes the same tarball whenever it is fetched from it', () => {
    const tarballAfter = (place: string): Buffer => {
      run('get', archive, 's390x');
      const output = path.join(directory, place);
      mkdirSync(output);
      run('tarball', 's390x', '-o', output);
      run('undo');
      return readFileSync(path.join(output, 'qemu-s390x-static.tar.gz'));
    };
    const [first, second] = [tarballAfter('first'), tarballAfter('second')];
    expect(first.equals(second)).toBe(true);
    const listed = spawnSync('tar', ['--list', '--verbose', '--full-time', '--utc'], {
      input: gunzipSync(first),
    });
    expect(String(listed.stdout)).toContain(' 2020-09-13 12:26:40 ');
  });

  test('does not where it needs libraries and the distribution’s does not', () => {
    // Any dynamic program of this machine is one by its headers.
    copyFileSync('/bin/true', '/usr/local/bin/qemu-s390x');
    run('register', 's390x');
    expect(interpreterOf('qemu-s390x')).toBe('/usr/bin/qemu-s390x-static');
  });
});
