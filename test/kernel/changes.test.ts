import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { runForeignProgram } from '../support/foreign-program.ts';
import { newManager } from '../support/manage.ts';
import { coverBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import { clearRegistry, listEntries, readEntry } from '../support/registry.ts';

beforeEach(clearRegistry);
afterAll(clearRegistry);

describe('a change', () => {
  test('of a target decides whether its programs run', async () => {
    const manager = newManager();
    expect(runForeignProgram('uname', '-m')).toMatch(/Exec format error/);

    expect(await manager.change({ kind: 'switch-target', target: 'aarch64', on: true })).toMatchObject({
      kind: 'done',
      message: 'Registered aarch64',
    });
    expect(runForeignProgram('uname', '-m')).toBe('aarch64');

    expect(await manager.change({ kind: 'switch-target', target: 'aarch64', on: false })).toMatchObject({
      message: 'Disabled aarch64',
    });
    expect(runForeignProgram('uname', '-m')).toMatch(/Exec format error/);
    expect(listEntries()).toEqual(['qemu-aarch64']);

    expect(await manager.change({ kind: 'switch-target', target: 'aarch64', on: true })).toMatchObject({
      message: 'Enabled aarch64',
    });
    expect(runForeignProgram('uname', '-m')).toBe('aarch64');
  });

  test('of the master switch decides it for all, and is undone', async () => {
    const manager = newManager();
    await manager.change({ kind: 'switch-target', target: 'aarch64', on: true });
    const off = await manager.change({ kind: 'switch-master', on: false });
    expect(off).toMatchObject({ kind: 'done', snapshot: { binfmtMisc: 'off' } });
    expect(runForeignProgram('uname', '-m')).toMatch(/Exec format error/);
    const undone = await manager.change({ kind: 'undo', change: off.undo ?? 0 });
    expect(undone).toMatchObject({ kind: 'done', snapshot: { binfmtMisc: 'on' } });
    expect(runForeignProgram('uname', '-m')).toBe('aarch64');
  });

  test('of the host’s own target is refused, and nothing is written', async () => {
    const manager = newManager();
    const { machine } = (await manager.snapshot()).host;
    expect(await manager.change({ kind: 'register', targets: [machine] })).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^This machine runs /),
      undo: null,
    });
    expect(listEntries()).toEqual([]);
  });

  test('mounts binfmt_misc, and is refused while it is not mounted', async () => {
    const manager = newManager();
    coverBinfmtMisc();
    try {
      expect(await manager.change({ kind: 'switch-master', on: false })).toMatchObject({
        kind: 'failed',
        message: 'binfmt_misc is not mounted. Mount it first.',
      });
      expect(await manager.change({ kind: 'mount' })).toMatchObject({
        kind: 'done',
        message: 'Mounted binfmt_misc',
        undo: null,
        snapshot: { binfmtMisc: 'on' },
      });
      uncoverBinfmtMisc();
    } finally {
      uncoverBinfmtMisc();
    }
  });

  test('asked for at once with others is carried out in its turn', async () => {
    const manager = newManager();
    const results = await Promise.all([
      manager.change({ kind: 'switch-target', target: 'arm', on: true }),
      manager.change({ kind: 'switch-target', target: 's390x', on: true }),
      manager.change({ kind: 'switch-target', target: 'vax', on: true }),
      manager.change({ kind: 'switch-master', on: false }),
    ]);
    expect(results.map((result) => result.message)).toEqual([
      'Registered arm',
      'Registered s390x',
      'QEMU has no target “vax”.',
      'Switched binfmt_misc off',
    ]);
    expect(listEntries()).toEqual(['qemu-s390x', 'qemu-arm']);
    expect(await manager.change({ kind: 'switch-target', target: 'arm', on: false })).toMatchObject({
      message: 'Disabled arm',
    });
    expect(readEntry('qemu-arm')).toMatch(/^disabled\n/);
  });

  test('previewed changes nothing', async () => {
    const manager = newManager();
    expect(await manager.preview({ kind: 'switch-target', target: 'arm', on: true })).toMatchObject({
      operations: ['Register qemu-arm with /usr/local/bin/qemu-arm-static (flags F)'],
      script: expect.stringContaining('carry_out 1 register '),
      problem: null,
    });
    expect(listEntries()).toEqual([]);
  });
});
