import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { Interpreters } from '../../electron/binfmt/interpreters.ts';
import type { Operation } from '../../electron/binfmt/operations.ts';
import {
  type MagicRegistration,
  type Registration,
  registrationLimits,
} from '../../electron/binfmt/register-line.ts';
import { defaultRegisterOptions } from '../../electron/binfmt/register-options.ts';
import { resettableEntries } from '../../electron/binfmt/snapshot.ts';
import { trialNameOf } from '../../electron/binfmt/trial.ts';
import { explainFailure } from '../../electron/elevation/explain-failure.ts';
import { buildScript } from '../../electron/elevation/script.ts';
import { checkFormat } from '../../electron/format-check.ts';
import { carryOut, readEntries, registeringOdd, summaryOf, TOKEN } from '../support/carry-out.ts';
import { theTarget } from '../support/example-data.ts';
import { runKilledAfterWrites } from '../support/killed-script.ts';
import { newManager } from '../support/manage.ts';
import { noVersions, readSnapshot, rowNamed } from '../support/read-snapshot.ts';
import {
  clearRegistry,
  listEntries,
  readEntry,
  readRegistry,
  register,
  writeToEntry,
} from '../support/registry.ts';

beforeEach(() => {
  clearRegistry();
  register(':thing:M::\\xf0\\xf1::/bin/true:F');
});
afterAll(clearRegistry);

const replacing = (changes: Partial<MagicRegistration>, name = 'thing'): Operation => {
  const operation = registeringOdd('thing', changes);
  if (operation.kind !== 'register') throw new RangeError('It registers.');
  return { kind: 'replace', name, registration: operation.registration };
};

describe('replacing an entry', () => {
  test('gives it other fields and leaves nothing else behind', async () => {
    expect(summaryOf(await carryOut([replacing({ interpreter: '/bin/false', flags: 'PF' })]))).toEqual([
      'done',
    ]);
    expect(listEntries()).toEqual(['thing']);
    expect(readEntry('thing')).toContain('interpreter /bin/false\nflags: PF\n');
  });

  test('by one of another name removes it once the new one is there', async () => {
    expect(summaryOf(await carryOut([replacing({ name: 'other' })]))).toEqual(['done']);
    expect(listEntries()).toEqual(['other']);
  });

  test.each<[string, Partial<MagicRegistration>, RegExp]>([
    ['an interpreter that is not there, with F', { interpreter: '/no/such', flags: 'F' }, /No such file/],
    [
      'an interpreter that is not executable, with F',
      { interpreter: '/etc/passwd', flags: 'F' },
      /Permission denied/,
    ],
    ['a name that another entry has', { name: 'taken' }, /File exists/],
  ])('keeps the old entry where the kernel refuses %s', async (_what, changes, message) => {
    register(':taken:E::taken::/bin/true:');
    writeToEntry('thing', '0');
    const before = readRegistry();
    const plan = [replacing(changes)];
    const [outcome] = await carryOut(plan);
    expect(outcome).toMatchObject({ status: 'failed', message: expect.stringMatching(message) });
    expect(readRegistry()).toEqual(before);
    if (outcome?.status === 'failed') {
      const sentence = explainFailure(outcome.operation, outcome.message, await readSnapshot());
      expect(sentence).toMatch(/thing stays as it was\.$/);
    }
  });

  test('keeps also an old entry that nobody could register again', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-'));
    const gone = path.join(directory, 'gone');
    writeFileSync(gone, '#!/bin/sh\n', { mode: 0o755 });
    register(`:held:E::held::${gone}:F`);
    rmSync(directory, { recursive: true });
    expect(existsSync(gone)).toBe(false);
    const before = readRegistry();
    expect(
      summaryOf(
        await carryOut([
          { ...replacing({ name: 'held', interpreter: '/no/such', flags: 'F' }), name: 'held' } as Operation,
        ]),
      ),
    ).toEqual([expect.stringMatching(/^failed: .*No such file/)]);
    expect(readRegistry()).toEqual(before);
  });

  test('leaves alone what somebody changed since the plan was made', async () => {
    const planned = readEntries();
    writeToEntry('thing', '-1');
    register(':thing:E::theirs::/bin/false:');
    const before = readRegistry();
    expect(summaryOf(await carryOut([replacing({})], planned))).toEqual(['failed: Entry was changed']);
    writeToEntry('thing', '-1');
    expect(summaryOf(await carryOut([replacing({})], planned))).toEqual(['failed: Entry is gone']);
    expect(before).toHaveLength(1);
    expect(listEntries()).toEqual([]);
  });

  test('killed at any write, there is always an entry that works; the next one clears up', async () => {
    const script = buildScript([replacing({ interpreter: '/bin/false' })], TOKEN, readEntries());
    for (let writes = 0; writes <= 4; writes++) {
      clearRegistry();
      register(':thing:M::\\xf0\\xf1::/bin/true:F');
      runKilledAfterWrites(script, writes);
      expect(listEntries().length).toBeGreaterThan(0);
      for (const name of listEntries()) expect(readEntry(name)).toContain('magic f0f1');

      const isLeft = !listEntries().includes('thing');
      const name = isLeft ? trialNameOf('thing') : 'thing';
      expect(summaryOf(await carryOut([replacing({ flags: 'P' }, name)]))).toEqual(['done']);
      expect(listEntries()).toEqual(['thing']);
    }
  });

  describe('that was cut off, when only what took its place is left,', () => {
    const trial = trialNameOf('thing');
    beforeEach(() => {
      runKilledAfterWrites(buildScript([replacing({ flags: 'F' })], TOKEN, readEntries()), 2);
      expect(listEntries()).toEqual([trial]);
    });

    test('keeps that where the kernel refuses another in its place', async () => {
      const before = readRegistry();
      const another = replacing({ interpreter: '/no/such', flags: 'F' }, trial);
      expect(summaryOf(await carryOut([another]))).toEqual([expect.stringMatching(/No such file/)]);
      expect(readRegistry()).toEqual(before);
    });

    test('keeps that while other entries are replaced', async () => {
      register(':other:E::other::/bin/true:');
      const another = { ...replacing({ name: 'other' }), name: 'other' } as Operation;
      expect(summaryOf(await carryOut([another]))).toEqual(['done']);
      expect(listEntries()).toEqual(['other', trial]);
    });

    test('is mended by what its finding offers', async () => {
      const fields = readEntry(trial);
      const manager = newManager();
      const { findings } = await manager.snapshot();
      expect(findings).toMatchObject([{ id: 'left-by-replacement', action: { label: 'Rename' } }]);
      const [request] = findings[0]?.action?.requests ?? [];
      if (request === undefined) throw new Error('Nothing is offered.');
      const result = await manager.change(request);
      expect(result).toMatchObject({ kind: 'done', message: 'Renamed thing~trial to thing' });
      expect(readRegistry()).toEqual([['thing', fields]]);
    });
  });

  test('of a target that was cut off is a row’s, goes with Reset all, and is taken back by Undo', async () => {
    const line = `:qemu-arm:M::${escaped(theTarget('arm').magic)}:${escaped(theTarget('arm').mask)}:/bin/true:F`;
    clearRegistry();
    register(line);
    const before = readRegistry();
    const manager = newManager();
    const result = await manager.change({
      kind: 'register',
      targets: ['arm'],
      options: { ...defaultRegisterOptions, interpreter: { kind: 'file', path: '/bin/false' } },
      existing: 'replace',
    });
    // As if it had been killed before its last two writes.
    writeToEntry('qemu-arm', '-1');
    register(line.replace('qemu-arm', trialNameOf('qemu-arm')).replace('/bin/true', '/bin/false'));

    const snapshot = await manager.refresh();
    expect(rowNamed(snapshot, 'arm')).toMatchObject({ state: 'Enabled', entryNames: ['qemu-arm~trial'] });
    expect(resettableEntries(snapshot)).toEqual(['qemu-arm~trial']);
    await manager.change({ kind: 'undo', change: result.undo ?? 0 });
    expect(readRegistry()).toEqual(before);
  });

  describe('by a line so long that it cannot be tried under another name', () => {
    const ofLength = (length: number): Registration => ({
      kind: 'extension',
      name: 'thing',
      extension: 'thing',
      interpreter: `/${'i'.repeat(length - ':thing:E::thing::/:'.length)}`,
      flags: '',
    });
    const { longestLine } = registrationLimits;
    const longest = ofLength(longestLine);

    test('says so, in a preview and when it is to be done, and does not keep others waiting', async () => {
      const manager = newManager();
      const before = readRegistry();
      const request = { kind: 'add-format', registration: longest, existing: 'replace' } as const;
      const problem = expect.stringMatching(/^thing cannot be replaced: its register line is too long/);
      expect(await manager.preview(request)).toMatchObject({ problem });
      const results = await Promise.all([
        manager.change(request),
        manager.change({ kind: 'switch-master', on: false }),
      ]);
      expect(results).toMatchObject([{ kind: 'failed', message: problem }, { kind: 'done' }]);
      expect(readRegistry()).toEqual(before);
    });

    test('says so in the form that asks for one', async () => {
      const fields = {
        name: 'thing',
        type: 'extension',
        extension: 'thing',
        interpreter: longest.interpreter,
        offset: '',
        magic: '',
        mask: '',
        flags: '',
      } as const;
      const interpreters = new Interpreters(noVersions, () => undefined);
      expect(await checkFormat(fields, await readSnapshot(), interpreters)).toMatchObject({
        registration: null,
        problems: [{ field: null, sentence: expect.stringMatching(/^thing cannot be replaced: /) }],
      });
    });

    test('leaves it alone in an import, and what was there before in Undo', async () => {
      const manager = newManager();
      const entries = [{ registration: longest, enabled: true }];
      const reason = 'its register line is too long to be tried first under another name';
      expect(await manager.difference(entries, false)).toMatchObject([
        { problem: `It is left as it is: ${reason}.` },
      ]);
      expect(await manager.change({ kind: 'bring', entries, removeOthers: false })).toMatchObject({
        kind: 'failed',
        message: `Nothing was changed. thing: ${reason}.`,
      });

      writeToEntry('thing', '-1');
      await manager.change({ kind: 'add-format', registration: longest });
      const { undo } = await manager.change({
        kind: 'add-format',
        registration: replacementOf(replacing({})),
        existing: 'replace',
      });
      expect(await manager.change({ kind: 'undo', change: undo ?? 0 })).toMatchObject({
        kind: 'failed',
        message: `Nothing could be put back. thing: ${reason}.`,
      });
    });

    test('is only what it says: one that just fits is replaced, and put back', async () => {
      const manager = newManager();
      const replace = (registration: Registration) =>
        manager.change({ kind: 'add-format', registration, existing: 'replace' });
      const longestTried = longestLine - trialNameOf('').length;
      expect(await replace(ofLength(longestTried + 1))).toMatchObject({ kind: 'failed' });
      expect(await replace(ofLength(longestTried))).toMatchObject({ kind: 'done' });
      const before = readRegistry();
      const { undo } = await replace(replacementOf(replacing({})));
      expect(await manager.change({ kind: 'undo', change: undo ?? 0 })).toMatchObject({ kind: 'done' });
      expect(readRegistry()).toEqual(before);
    });
  });

  test('can be taken back, and is on record', async () => {
    const manager = newManager();
    const before = readRegistry();
    const result = await manager.change({
      kind: 'add-format',
      registration: replacementOf(replacing({ interpreter: '/bin/false' })),
      existing: 'replace',
    });
    expect(result).toMatchObject({ kind: 'done', message: 'Registered thing' });
    expect(readEntry('thing')).toContain('/bin/false');
    const undone = await manager.change({ kind: 'undo', change: result.undo ?? 0 });
    expect(undone).toMatchObject({ kind: 'done', message: 'Put back thing' });
    expect(readRegistry()).toEqual(before);
  });

  test('taken back leaves alone what somebody registered in its place since', async () => {
    const manager = newManager();
    const registration = replacementOf(replacing({ interpreter: '/bin/false' }));
    const result = await manager.change({ kind: 'add-format', registration, existing: 'replace' });
    writeToEntry('thing', '-1');
    register(':thing:E::theirs::/bin/false:');
    const undone = await manager.change({ kind: 'undo', change: result.undo ?? 0 });
    expect(undone.message).toMatch(
      /^Nothing could be put back\. thing: somebody registered it differently since/,
    );
  });
});

const escaped = (hex: string): string => hex.replace(/../g, '\\x$&');

function replacementOf(operation: Operation): MagicRegistration {
  if (operation.kind !== 'replace' || operation.registration.kind !== 'magic')
    throw new RangeError('It replaces.');
  return operation.registration;
}
