import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { findingsOfRow } from '../../electron/binfmt/diagnosis/finding.ts';
import { theTarget } from '../support/example-data.ts';
import { temporaryDirectory, writeInterpreter } from '../support/interpreters.ts';
import { coverBinfmtMisc, mountBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import { readSnapshot, rowNamed } from '../support/read-snapshot.ts';
import { BINFMT_MISC, clearRegistry, register, writeToEntry } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
const escaped = (hex: string): string => hex.replace(/../g, '\\x$&');

/** A pattern that takes aarch64’s programs, with the interpreter given. */
const aarch64Line = (name: string, interpreter: string, flags = ''): string =>
  `|${name}|M||${escaped(theTarget('aarch64').magic)}|${escaped(theTarget('aarch64').mask)}|${interpreter}|${flags}`;

beforeEach(clearRegistry);
afterAll(() => {
  clearRegistry();
  remove();
});

describe('a snapshot’s entries', () => {
  test('come newest first, as the kernel tries them, however many there are', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `entry-${(index * 37) % 120}`);
    for (const name of names) register(`:${name}:E::x::/bin/true:`);
    const { entries } = await readSnapshot();
    expect(entries.map((entry) => entry.name)).toEqual([...names].reverse());
  });

  test('keep their place when they are switched, and go to the front when registered anew', async () => {
    for (const name of ['a', 'b', 'c']) register(`:${name}:E::x::/bin/true:`);
    writeToEntry('a', '0');
    writeToEntry('a', '1');
    expect((await readSnapshot()).entries.map((entry) => entry.name)).toEqual(['c', 'b', 'a']);
    writeToEntry('b', '-1');
    register(':b:E::x::/bin/true:');
    expect((await readSnapshot()).entries.map((entry) => entry.name)).toEqual(['b', 'c', 'a']);
  });

  test('are whole while others come and go', async () => {
    const others = spawn('/bin/bash', [
      '-c',
      `cd ${BINFMT_MISC}
      while :; do
        for number in {1..30}; do printf ":vanishing-$number:E::x::/bin/true:" > register; done
        for number in {1..30}; do printf -- -1 > "vanishing-$number"; done
      done`,
    ]);
    try {
      register(':stays:E::x::/bin/true:');
      const counts = new Set<number>();
      for (let reading = 0; reading < 300; reading++) {
        const { binfmtMisc, entries } = await readSnapshot();
        counts.add(entries.length);
        expect(binfmtMisc).toBe('on');
        expect(entries.filter((entry) => entry.kind !== 'extension')).toEqual([]);
        expect(entries.filter((entry) => entry.name === 'stays')).toHaveLength(1);
      }
      expect(counts.size).toBeGreaterThan(3);
    } finally {
      others.kill('SIGKILL');
      await once(others, 'close');
    }
  });
});

describe('a snapshot’s state', () => {
  test('is on, or off when the master switch is', async () => {
    expect((await readSnapshot()).binfmtMisc).toBe('on');
    register(':x:E::x::/bin/true:');
    writeFileSync(`${BINFMT_MISC}/status`, '0');
    const off = await readSnapshot();
    expect(off.binfmtMisc).toBe('off');
    expect(off.entries).toHaveLength(1);
  });

  test('is not mounted when it is not, and then it has no entries', async () => {
    register(':x:E::x::/bin/true:');
    coverBinfmtMisc();
    try {
      expect(await readSnapshot()).toMatchObject({ binfmtMisc: 'not-mounted', entries: [], formats: [] });
      mountBinfmtMisc();
      expect((await readSnapshot()).binfmtMisc).toBe('on');
      expect((await readSnapshot()).entries).toHaveLength(1);
      uncoverBinfmtMisc();
    } finally {
      uncoverBinfmtMisc();
    }
  });
});

describe('a target’s row', () => {
  test('shows the entry that takes its programs, whatever it is called', async () => {
    register(aarch64Line('any name', '/bin/true'));
    expect(rowNamed(await readSnapshot(), 'aarch64')).toMatchObject({
      isTarget: true,
      state: 'Enabled',
      entryNames: ['any name'],
      interpreter: { path: '/bin/true', file: 'executable' },
    });
  });

  test('shows one with Debian’s mask, which lets the OS/ABI through in part', async () => {
    const mask = 'ffffffffffffff00fffffffffffffffffeffffff'.replace(/^(.{14})00/, '$1fc');
    register(`:qemu-aarch64:M::${escaped(theTarget('aarch64').magic)}:${escaped(mask)}:/bin/true:OPF`);
    expect(rowNamed(await readSnapshot(), 'aarch64')).toMatchObject({
      state: 'Enabled',
      entryNames: ['qemu-aarch64'],
    });
  });

  test('shows the first one that is enabled of several', async () => {
    register(aarch64Line('old', '/bin/true'));
    register(aarch64Line('new', '/bin/false'));
    expect(rowNamed(await readSnapshot(), 'aarch64')).toMatchObject({
      entryNames: ['new', 'old'],
      entry: { name: 'new' },
    });
    writeToEntry('new', '0');
    expect(rowNamed(await readSnapshot(), 'aarch64')).toMatchObject({
      state: 'Enabled',
      entry: { name: 'old' },
    });
    writeToEntry('old', '0');
    expect(rowNamed(await readSnapshot(), 'aarch64')).toMatchObject({
      state: 'Disabled',
      entry: { name: 'new' },
    });
  });

  test('is not that of an entry that only has its name', async () => {
    register(':qemu-aarch64:M::\\xf0\\xf1::/bin/true:');
    const snapshot = await readSnapshot();
    const rows = snapshot.targets.filter((row) => row.name.includes('aarch64') && !row.name.endsWith('_be'));
    expect(rows).toMatchObject([
      { name: 'aarch64', isTarget: true, state: 'Not registered', entry: null },
      { name: 'qemu-aarch64', isTarget: false, state: 'Enabled' },
    ]);
  });

  test('offers the emulator that is installed, and says which the machine runs itself', async () => {
    const snapshot = await readSnapshot();
    expect(snapshot.targets.filter((row) => row.isTarget)).toHaveLength(34);
    expect(rowNamed(snapshot, 's390x')).toMatchObject({
      state: 'Not registered',
      interpreter: { path: '/usr/local/bin/qemu-s390x-static', linkage: 'static' },
      registerLine: expect.stringMatching(/^:qemu-s390x:M::.*:\/usr\/local\/bin\/qemu-s390x-static:F$/),
    });
    const native = snapshot.targets.filter((row) => row.state === 'Native').map((row) => row.name);
    expect(native).toContain(snapshot.host.machine);
  });
});

describe('an entry whose interpreter', () => {
  /** The row says so, and a finding says why. */
  async function expectBroken(name: string, why: string): Promise<void> {
    const snapshot = await readSnapshot();
    const row = rowNamed(snapshot, name);
    expect(row.state).toBe('Broken');
    expect(findingsOfRow(snapshot.findings, row)[0]?.sentence).toContain(why);
  }

  test('is missing is Broken', async () => {
    register(`:x:M::\\xf0\\xf1::${directory}/missing:`);
    await expectBroken('x', `Its interpreter ${directory}/missing is not there`);
  });

  test('is not executable is Broken', async () => {
    const interpreter = writeInterpreter(path.join(directory, 'interpreter'));
    register(`:x:M::\\xf0\\xf1::${interpreter}:`);
    expect(rowNamed(await readSnapshot(), 'x').state).toBe('Enabled');
    chmodSync(interpreter, 0o644);
    await expectBroken('x', 'is not an executable file');
  });

  test('is missing and held open by F works, and could not be put back', async () => {
    const interpreter = writeInterpreter(path.join(directory, 'soon-gone'));
    register(`:qemu-x:M::\\xf0\\xf1::${interpreter}:F`);
    expect((await readSnapshot()).losses).toEqual([]);
    rmSync(interpreter);
    const snapshot = await readSnapshot();
    expect(rowNamed(snapshot, 'qemu-x')).toMatchObject({ state: 'Enabled' });
    expect(snapshot.losses).toEqual([
      {
        name: 'qemu-x',
        reason: `its interpreter ${interpreter} is not on this machine; the kernel only holds it open`,
      },
    ]);
  });
});

describe('other formats', () => {
  test('have rows of their own, in match order', async () => {
    register(`:jar:E::jar::${directory}/jexec:`);
    register(':python:M::\\xf3\\x0d\\x0d\\x0a::/bin/true:');
    const { formats } = await readSnapshot();
    expect(formats.map((row) => [row.name, row.label, row.state])).toEqual([
      ['python', 'magic f3 0d 0d 0a', 'Enabled'],
      ['jar', 'extension .jar', 'Broken'],
    ]);
  });

  test('under names that are no UTF-8 are found and can be told apart', async () => {
    register(':a\udcff:E::x::/bin/true:');
    register(':a\udcfe:E::x::/bin/true:');
    expect((await readSnapshot()).formats.map((row) => row.name)).toEqual(['a\udcfe', 'a\udcff']);
  });
});
