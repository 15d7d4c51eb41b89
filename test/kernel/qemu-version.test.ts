import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readElfFile } from '../../electron/binfmt/elf-file.ts';
import { Interpreters, type VersionCache } from '../../electron/binfmt/interpreters.ts';
import { readQemuVersion } from '../../electron/binfmt/qemu-version.ts';
import { theTarget } from '../support/example-data.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

const directory = `${process.env.TEST_PROGRAMS}/qemu/usr/bin`;
const emulators = readdirSync(directory).filter(
  (name) => name.startsWith('qemu-') && name.endsWith('-static'),
);
const { directory: temporary, remove } = temporaryDirectory();
afterAll(remove);

/** What it says of itself. */
const ownVersion = (emulator: string): string => {
  const said = execFileSync(path.join(directory, emulator), ['--version'], { encoding: 'utf8' });
  return /version (\d+(?:\.\d+)*)/.exec(said)?.[1] ?? said;
};

describe('an emulator’s version', () => {
  test.each(emulators)('is read from the file of %s as it tells itself', async (emulator) => {
    expect(await readQemuVersion(path.join(directory, emulator))).toBe(ownVersion(emulator));
  });

  test('is unknown for other programs, scripts and empty files', async () => {
    const script = path.join(temporary, 'script');
    writeFileSync(script, '#!/bin/sh\n# qemu-arm version 9.2.0\n');
    const empty = path.join(temporary, 'empty');
    writeFileSync(empty, '');
    for (const file of ['/bin/bash', script, empty]) expect(await readQemuVersion(file), file).toBeNull();
  });

  test('becomes known after the first look, is kept, and is read again when the file changes', async () => {
    const known = new Map<string, string | null>();
    const reads: string[] = [];
    const versions: VersionCache = {
      get: (key) => known.get(key),
      set: (key, version) => {
        reads.push(key);
        known.set(key, version);
      },
    };
    let told = 0;
    const interpreters = new Interpreters(versions, () => {
      told += 1;
    });
    const copy = path.join(temporary, 'qemu-arm');
    execFileSync('cp', [path.join(directory, 'qemu-arm-static'), copy]);

    expect((await interpreters.inspect(copy)).qemuVersion).toBeNull();
    await interpreters.versionsRead();
    expect(told).toBe(1);
    expect((await interpreters.inspect(copy)).qemuVersion).toBe(ownVersion('qemu-arm-static'));
    interpreters.forget();
    await interpreters.inspect(copy);
    expect(reads).toHaveLength(1);

    execFileSync('touch', ['--date=2001-01-01', copy]);
    interpreters.forget();
    await interpreters.inspect(copy);
    await interpreters.versionsRead();
    expect(reads).toHaveLength(2);
    rmSync(copy);
  });
});

describe('an emulator’s linkage', () => {
  test('is static exactly where the file names no loader', async () => {
    const interpreters = new Interpreters({ get: () => null, set: () => undefined }, () => undefined);
    for (const emulator of emulators) {
      const file = path.join(directory, emulator);
      // readelf is not everywhere; the loader's path stands in a dynamic program as it is.
      const { linkage } = await interpreters.inspect(file);
      expect(linkage, emulator).toBe('static');
    }
    expect((await interpreters.inspect('/bin/bash')).linkage).toBe('dynamic');
    expect((await interpreters.inspect('/etc/passwd')).file).toBe('not-executable');
    expect((await interpreters.inspect(temporary)).file).toBe('not-executable');
    expect((await interpreters.inspect(`${temporary}/none`)).file).toBe('missing');
  });

  test('is read from foreign programs too', async () => {
    const busybox = await readElfFile(`${process.env.TEST_PROGRAMS}/arm64/bin/busybox`);
    expect(busybox).toMatchObject({ machine: 183, isStatic: true });
    expect(await readElfFile('/etc/passwd')).toBeNull();
    await expect(readElfFile('/none')).rejects.toThrow(/ENOENT/);
  });
});

describe('the best emulator for a target', () => {
  const interpreters = new Interpreters({ get: () => null, set: () => undefined }, () => undefined);

  test('is the static one in the usual places', async () => {
    expect(await interpreters.bestFor(theTarget('riscv64'))).toMatchObject({
      path: '/usr/local/bin/qemu-riscv64-static',
      file: 'executable',
      linkage: 'static',
    });
  });

  test('is i386’s for i486, which has none of its own', async () => {
    expect((await interpreters.bestFor(theTarget('i486')))?.path).toBe('/usr/local/bin/qemu-i386-static');
  });
});
