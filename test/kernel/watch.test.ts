import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isEnabled } from '../../electron/binfmt/entry.ts';
import { entryNamed } from '../../electron/binfmt/snapshot.ts';
import type { BinfmtManager } from '../../electron/manager.ts';
import { temporaryDirectory, writeInterpreter } from '../support/interpreters.ts';
import { newManager, snapshotWhere } from '../support/manage.ts';
import { coverBinfmtMisc, mountBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import { rowNamed } from '../support/read-snapshot.ts';
import { BINFMT_MISC, clearRegistry, register } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
let manager: BinfmtManager;

beforeEach(() => {
  clearRegistry();
  manager = newManager();
});
afterEach(() => manager.stop());
afterAll(() => {
  clearRegistry();
  remove();
});

/** Has another process write, and returns when it had, in milliseconds since 1970. */
async function writeInAnotherProcess(value: string, file: string): Promise<number> {
  const script = 'printf %s "$0" > "$1" && echo "$EPOCHREALTIME"';
  const bash = spawn('/bin/bash', ['-c', script, value, `${BINFMT_MISC}/${file}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  let output = '';
  bash.stdout.on('data', (text) => {
    output += text;
  });
  await once(bash, 'close');
  return Number(output) * 1000;
}

/** How long after another process wrote the manager knew, in milliseconds. */
async function delayOf(
  value: string,
  file: string,
  shows: Parameters<typeof snapshotWhere>[1],
): Promise<number> {
  const known = snapshotWhere(manager, shows).then(() => Date.now());
  const written = await writeInAnotherProcess(value, file);
  return (await known) - written;
}

describe('what another process does', () => {
  test.each([
    ['disables an entry', '0', 'x', false],
    ['removes an entry', '-1', 'x', undefined],
  ] as const)('%s is known within 100 ms', { retry: 3 }, async (_what, value, file, state) => {
    register(':x:E::x::/bin/true:');
    manager.start();
    await manager.snapshot();
    const delay = await delayOf(value, file, (snapshot) => {
      const entry = entryNamed(snapshot, 'x');
      return (entry && isEnabled(entry)) === state;
    });
    expect(delay).toBeLessThan(100);
  });

  test('registers is known within 100 ms', { retry: 3 }, async () => {
    manager.start();
    await manager.snapshot();
    const line = ':x:E::x::/bin/true:';
    const delay = await delayOf(line, 'register', (snapshot) => entryNamed(snapshot, 'x') !== undefined);
    expect(delay).toBeLessThan(100);
  });

  test('switches as a whole is known within 100 ms', { retry: 3 }, async () => {
    manager.start();
    await manager.snapshot();
    expect(await delayOf('0', 'status', (snapshot) => snapshot.binfmtMisc === 'off')).toBeLessThan(100);
  });

  test('mounts or unmounts is known, and what happens there afterwards', async () => {
    coverBinfmtMisc();
    try {
      manager.start();
      expect((await manager.snapshot()).binfmtMisc).toBe('not-mounted');
      await ready();

      const mounted = snapshotWhere(manager, (snapshot) => snapshot.binfmtMisc === 'on');
      mountBinfmtMisc();
      await mounted;
      const registered = snapshotWhere(manager, (snapshot) => snapshot.entries.length === 1);
      await writeInAnotherProcess(':x:E::x::/bin/true:', 'register');
      await registered;

      const unmounted = snapshotWhere(manager, (snapshot) => snapshot.binfmtMisc === 'not-mounted');
      uncoverBinfmtMisc();
      await unmounted;
    } finally {
      uncoverBinfmtMisc();
    }
  });

  test('does to a registered interpreter is known', async () => {
    const interpreter = path.join(directory, 'interpreter');
    register(`:x:M::\\xf0\\xf1::${interpreter}:`);
    manager.start();
    expect(rowNamed(await manager.snapshot(), 'x').state).toBe('Broken');

    const works = snapshotWhere(manager, (snapshot) => rowNamed(snapshot, 'x').state === 'Enabled');
    writeInterpreter(interpreter);
    await works;
    const isBroken = snapshotWhere(manager, (snapshot) => rowNamed(snapshot, 'x').state === 'Broken');
    rmSync(interpreter);
    await isBroken;
  });

  test('installs in one of the usual places is known', async () => {
    const place = '/usr/local/bin';
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place]);
    try {
      manager.start();
      expect(rowNamed(await manager.snapshot(), 's390x').state).toBe('Not installed');

      const installed = snapshotWhere(
        manager,
        (snapshot) => rowNamed(snapshot, 's390x').state === 'Not registered',
      );
      writeInterpreter(`${place}/qemu-s390x`);
      expect(rowNamed(await installed, 's390x').interpreter?.path).toBe(`${place}/qemu-s390x`);

      // What is static works in containers too: it is preferred once it is there.
      const better = snapshotWhere(
        manager,
        (snapshot) => rowNamed(snapshot, 's390x').interpreter?.path === `${place}/qemu-s390x-static`,
      );
      execFileSync('cp', [`${process.env.TEST_PROGRAMS}/qemu/usr/bin/qemu-s390x-static`, place]);
      await better;
    } finally {
      manager.stop();
      execFileSync('umount', [place]);
    }
  });

  test('does after the watch has ended makes no snapshot', async () => {
    register(':x:E::x::/bin/true:');
    manager.start();
    await manager.snapshot();
    manager.stop();
    let count = 0;
    manager.on('snapshot', () => {
      count += 1;
    });
    await writeInAnotherProcess('0', 'x');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(count).toBe(0);
  });
});

/** Resolves when findmnt had time to start: it reports only what happens from then on. */
const ready = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));
