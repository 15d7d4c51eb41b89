import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { registrableTargets, resettableEntries } from '../../electron/binfmt/snapshot.ts';
import type { BinfmtManager } from '../../electron/manager.ts';
import type { ChangeRequest } from '../../electron/plan-change.ts';
import { EVERY_SEPARATOR } from '../support/example-data.ts';
import { temporaryDirectory, writeInterpreter } from '../support/interpreters.ts';
import { newManager } from '../support/manage.ts';
import {
  BINFMT_MISC,
  clearRegistry,
  listEntries,
  readEntry,
  readRegistry,
  register,
  writeToEntry,
} from '../support/registry.ts';
import { whileAsking } from '../support/root-shell.ts';

const { directory, remove } = temporaryDirectory();

beforeEach(clearRegistry);
afterAll(() => {
  clearRegistry();
  remove();
});

const JAR = ':jar:E::jar::/bin/true:';
const PYTHON = ':python:M::\\xf3\\x0d\\x0d\\x0a::/bin/true:';

async function registerAll(manager: BinfmtManager): Promise<void> {
  const targets = registrableTargets(await manager.snapshot()).map((row) => row.name);
  expect(targets.length).toBeGreaterThan(25);
  expect(await manager.change({ kind: 'register', targets })).toMatchObject({
    kind: 'done',
    message: `Registered ${targets.length} targets`,
  });
  expect(listEntries().filter((name) => name.startsWith('qemu-'))).toHaveLength(targets.length);
}

const addJar = (interpreter: string): ChangeRequest => ({
  kind: 'add-format',
  registration: { kind: 'extension', name: 'jar', extension: 'jar', interpreter, flags: '' },
});

/** Removes all of QEMU’s entries; returns what to undo. */
async function resetAll(manager: BinfmtManager): Promise<number> {
  const names = resettableEntries(await manager.refresh());
  const result = await manager.change({ kind: 'reset', names });
  expect(result).toMatchObject({ kind: 'done', details: [] });
  return result.undo ?? Number.NaN;
}

describe('reset and undo', () => {
  test('leave the registry as it was, byte for byte and in its order', async () => {
    const manager = newManager();
    register(PYTHON);
    register(JAR);
    await registerAll(manager);
    writeToEntry('qemu-s390x', '0');
    writeToEntry('jar', '0');
    const before = readRegistry();

    const undo = await resetAll(manager);
    expect(readRegistry()).toEqual(before.filter(([name]) => name === 'jar' || name === 'python'));

    expect(await manager.change({ kind: 'undo', change: undo })).toMatchObject({ kind: 'done', details: [] });
    expect(readRegistry()).toEqual(before);
    expect(readEntry('qemu-s390x')).toMatch(/^disabled\n/);
  });

  test('bring back the order also around an entry that may take the same files', async () => {
    const manager = newManager();
    await manager.change({ kind: 'register', targets: ['arm', 'aarch64'] });
    register(JAR);
    await manager.change({ kind: 'register', targets: ['s390x', 'riscv64'] });
    register(
      ':also-aarch64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7::/bin/true:',
    );
    const before = readRegistry();
    expect(listEntries()).toEqual([
      'also-aarch64',
      'qemu-riscv64',
      'qemu-s390x',
      'jar',
      'qemu-aarch64',
      'qemu-arm',
    ]);

    const undo = await resetAll(manager);
    await manager.change({ kind: 'undo', change: undo });
    expect(readRegistry()).toEqual(before);
  });

  test('can be done after the program was started anew', async () => {
    const file = path.join(directory, 'history');
    await newManager(file).change({ kind: 'register', targets: ['arm', 'aarch64'] });
    const before = readRegistry();
    const undo = await resetAll(newManager(file));
    expect(await newManager(file).change({ kind: 'undo', change: undo })).toMatchObject({ kind: 'done' });
    expect(readRegistry()).toEqual(before);
  });

  test('leave alone what somebody has registered differently since', async () => {
    const manager = newManager();
    await manager.change({ kind: 'register', targets: ['arm', 'aarch64'] });
    const undo = await resetAll(manager);
    register(':qemu-arm:M::\\xf0\\xf1::/bin/true:');
    const theirs = readEntry('qemu-arm');

    expect(await manager.change({ kind: 'undo', change: undo })).toMatchObject({
      kind: 'done',
      details: ['qemu-arm: somebody registered it differently since'],
    });
    expect(readEntry('qemu-arm')).toBe(theirs);
    expect(listEntries()).toContain('qemu-aarch64');
  });

  test('never lose an entry that only the kernel still holds', async () => {
    const manager = newManager();
    const interpreter = writeInterpreter(path.join(directory, 'from-a-container'));
    await manager.change({ kind: 'register', targets: ['arm'] });
    register(`:theirs:E::jar::${interpreter}:F`);
    rmSync(interpreter);
    const undo = await resetAll(manager);

    const result = await manager.change({ kind: 'undo', change: undo });
    expect(result.details).toEqual([
      'theirs: it could not be registered again, so it now comes after what was put back',
    ]);
    expect(listEntries()).toEqual(['qemu-arm', 'theirs']);
  });

  test('put the rest back when one entry cannot be', async () => {
    const manager = newManager();
    register(`Qqemu-${EVERY_SEPARATOR}QMQQ\\xf0\\xf1QQ/bin/trueQ`);
    await manager.change({ kind: 'register', targets: ['arm'] });
    const undo = await resetAll(manager);
    const result = await manager.change({ kind: 'undo', change: undo });
    expect(result.details).toEqual([expect.stringMatching(/^qemu-:.*: Its fields use up every/s)]);
    expect(listEntries()).toEqual(['qemu-arm']);
  });

  test('put back an entry whose interpreter is a relative path', async () => {
    const manager = newManager();
    register(':qemu-relative:M::\\xf0\\xf1::relative:');
    const held = `printf %s ':qemu-held:M::\\xf0\\xf2::bin/true:F' > ${BINFMT_MISC}/register`;
    execFileSync('/bin/bash', ['-c', held], { cwd: '/' });
    const before = readRegistry();
    const undo = await resetAll(manager);
    expect(await manager.change({ kind: 'undo', change: undo })).toMatchObject({ kind: 'done', details: [] });
    expect(readRegistry()).toEqual(before);
  });

  test('take back a registration, and are themselves taken back', async () => {
    const manager = newManager();
    const registered = await manager.change({ kind: 'register', targets: ['arm'] });
    const before = readRegistry();
    const undone = await manager.change({ kind: 'undo', change: registered.undo ?? 0 });
    expect(listEntries()).toEqual([]);
    await manager.change({ kind: 'undo', change: undone.undo ?? 0 });
    expect(readRegistry()).toEqual(before);
  });

  test('leave alone what somebody registered in the place of what was registered', async () => {
    const manager = newManager();
    const { undo } = await manager.change(addJar('/bin/true'));
    writeToEntry('jar', '-1');
    register(':jar:E::theirs::/bin/false:');
    const theirs = readRegistry();
    expect(await manager.change({ kind: 'undo', change: undo ?? 0 })).toMatchObject({
      kind: 'failed',
      message: 'Nothing could be put back. jar: somebody registered it differently since.',
    });
    expect(readRegistry()).toEqual(theirs);
  });

  test.each(['/bin/true', '/bin/false'])(
    'take nothing from somebody who was quicker to register, with %s',
    async (interpreter) => {
      const manager = newManager();
      const theirs = `:jar:E::jar::${interpreter}:`;
      const result = await whileAsking(`printf %s '${theirs}' > /proc/sys/fs/binfmt_misc/register`, () =>
        manager.change(addJar('/bin/true')),
      );
      const isSame = interpreter === '/bin/true';
      expect(result).toMatchObject({
        kind: isSame ? 'done' : 'failed',
        message: isSame
          ? 'Somebody else registered jar meanwhile, in the same way'
          : 'The name jar is taken by an entry registered with /bin/false. Unregister that one first.',
        details: [],
        undo: null,
      });
      const registry = readRegistry();
      const [past] = await manager.pastChanges();
      expect(past).toMatchObject({ message: result.message, canUndo: false });
      await manager.change({ kind: 'undo', change: past?.id ?? 0 });
      expect(readRegistry()).toEqual(registry);
      expect(listEntries()).toEqual(['jar']);
    },
  );

  test('take back what was done, and not what somebody else did at the same time', async () => {
    const manager = newManager();
    register(JAR);
    register(PYTHON);
    const result = await whileAsking('echo -1 > /proc/sys/fs/binfmt_misc/jar', () =>
      manager.change({ kind: 'unregister', names: ['jar', 'python'] }),
    );
    expect(result).toMatchObject({
      kind: 'done',
      message: 'Unregistered python; somebody else removed jar meanwhile',
    });
    await manager.change({ kind: 'undo', change: result.undo ?? 0 });
    expect(listEntries()).toEqual(['python']);
  });

  test('are there for records of older versions, too, which do not tell what became of each operation', async () => {
    const file = path.join(directory, 'old-history');
    register(JAR);
    const before = readRegistry();
    const { undo } = await newManager(file).change({ kind: 'unregister', names: ['jar'] });
    writeFileSync(file, readFileSync(file, 'utf8').replace(/,"outcomes":\["done"\]/, ''));
    await newManager(file).change({ kind: 'undo', change: undo ?? 0 });
    expect(readRegistry()).toEqual(before);
  });

  test('are refused for a change that nobody knows', async () => {
    expect(await newManager().change({ kind: 'undo', change: 4711 })).toMatchObject({
      kind: 'failed',
      message: 'There is nothing to undo any more.',
      undo: null,
    });
  });
});
