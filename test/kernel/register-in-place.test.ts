import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { formatRegisterLine } from '../../electron/binfmt/register-line.ts';
import { defaultRegisterOptions } from '../../electron/binfmt/register-options.ts';
import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
import type { BinfmtManager } from '../../electron/manager.ts';
import { broadMips } from '../support/example-data.ts';
import { newManager } from '../support/manage.ts';
import { rowNamed } from '../support/read-snapshot.ts';
import { clearRegistry, listEntries, readEntry, register, writeToEntry } from '../support/registry.ts';

let manager: BinfmtManager;
beforeEach(() => {
  clearRegistry();
  manager = newManager();
});
afterAll(clearRegistry);

/** Registers the entry that takes programs of mips and mipsn32, under a name. */
function registerBroad(name = broadMips.name): void {
  const line = formatRegisterLine({ ...broadMips, name });
  if (!line.ok) throw new RangeError(line.problem);
  register(line.value);
}
const replacing = (...targets: readonly string[]) =>
  ({ kind: 'register', targets, options: defaultRegisterOptions, existing: 'replace' }) as const;
const servedBy = (snapshot: Snapshot, target: string): readonly string[] =>
  rowNamed(snapshot, target).entryNames;
const warningsOf = async (...targets: readonly string[]) =>
  (await manager.previewRegistration(replacing(...targets))).targets.map(({ warnings }) => warnings);

describe('an entry that serves two targets', () => {
  test.each([[['mips', 'mipsn32']], [['mipsn32', 'mips']]])(
    'gives way once where both are registered anew, in the order %s',
    async (targets) => {
      for (const name of [broadMips.name, 'mine']) {
        clearRegistry();
        registerBroad(name);
        expect(await warningsOf(...targets)).toEqual([[], []]);
        const result = await manager.change(replacing(...targets));
        expect(result).toMatchObject({ kind: 'done', message: 'Registered 2 targets', details: [] });
        expect([...listEntries()].sort()).toEqual(['qemu-mips', 'qemu-mipsn32']);
        expect(servedBy(result.snapshot, 'mips')).toEqual(['qemu-mips']);
        expect(servedBy(result.snapshot, 'mipsn32')).toEqual(['qemu-mipsn32']);
      }
    },
  );

  test('stays for the other target, behind the new one', async () => {
    registerBroad();
    const { targets } = await manager.previewRegistration(replacing('mipsn32'));
    expect(targets).toMatchObject([{ taken: { name: 'qemu-mips', stays: true, note: null }, warnings: [] }]);
    const { snapshot } = await manager.change(replacing('mipsn32'));
    expect(listEntries()).toEqual(['qemu-mipsn32', 'qemu-mips']);
    expect(servedBy(snapshot, 'mips')).toEqual(['qemu-mips']);
    expect(servedBy(snapshot, 'mipsn32')[0]).toBe('qemu-mipsn32');
  });

  test.each([[['mipsn32']], [['mips', 'mipsn32']], [['mipsn32', 'mips']]])(
    'leaves disabled what it has been disabled for: %s',
    async (targets) => {
      registerBroad();
      writeToEntry('qemu-mips', '0');
      await manager.change(replacing(...targets));
      for (const target of targets) expect(readEntry(`qemu-${target}`)).toMatch(/^disabled\n/);
    },
  );

  test('gives way to the target of its name, and the other’s loss is told before', async () => {
    registerBroad();
    expect(await warningsOf('mips')).toEqual([
      ['qemu-mips takes programs for mipsn32, too, and nothing will any more. Register that target as well.'],
    ]);
    const { snapshot } = await manager.change(replacing('mips'));
    expect(listEntries()).toEqual(['qemu-mips']);
    expect(servedBy(snapshot, 'mipsn32')).toEqual([]);
  });

  test('loses nothing where another serves the other target', async () => {
    registerBroad('mine');
    registerBroad('theirs');
    expect(await warningsOf('mips')).toEqual([[]]);
    await manager.change(replacing('mips'));
    expect(listEntries()).toEqual(['qemu-mips', 'mine']);
  });
});

describe('a name that is taken by what does not serve its target', () => {
  const OWNER = 'The name qemu-arm is taken by an entry registered with /bin/true.';
  beforeEach(() => register(':qemu-arm:E::armthing::/bin/true:'));

  test('is told of, with the line that has it, and replaced where that is wanted', async () => {
    const { targets } = await manager.previewRegistration(replacing('arm'));
    const line = ':qemu-arm:E::armthing::/bin/true:';
    expect(targets).toMatchObject([
      { taken: { name: 'qemu-arm', line, stays: false, note: `${OWNER} It takes no programs for arm.` } },
    ]);
    expect(await manager.change(replacing('arm'))).toMatchObject({ kind: 'done' });
    expect(readEntry('qemu-arm')).toContain('magic 7f454c46');
  });

  test('is passed over by a request that keeps what is there, which says so', async () => {
    const leftAlone = `arm was left alone. ${OWNER} “Register with options…” replaces that one.`;
    const keeping = { kind: 'register', targets: ['arm', 's390x'], existing: 'keep' } as const;
    expect(await manager.change(keeping)).toMatchObject({ kind: 'done', details: [leftAlone] });
    expect(listEntries()).toEqual(['qemu-s390x', 'qemu-arm']);
    expect(await manager.change(keeping)).toMatchObject({
      kind: 'failed',
      message: `Nothing was changed. ${leftAlone}`,
    });
  });
});
