import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Operation } from '../../electron/binfmt/operations.ts';
import type { MagicRegistration } from '../../electron/binfmt/register-line.ts';
import { explainFailure } from '../../electron/elevation/explain-failure.ts';
import { buildScript, TRIAL_NAME } from '../../electron/elevation/script.ts';
import { carryOut, readEntries, registeringOdd, summaryOf, TOKEN } from '../support/carry-out.ts';
import { runKilledAfterWrites } from '../support/killed-script.ts';
import { newManager } from '../support/manage.ts';
import { readSnapshot } from '../support/read-snapshot.ts';
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

      const [name = ''] = listEntries().filter((one) => one !== TRIAL_NAME);
      if (name === '') continue;
      expect(summaryOf(await carryOut([replacing({ flags: 'P' })]))).toEqual(['done']);
      expect(listEntries()).toEqual(['thing']);
    }
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

function replacementOf(operation: Operation): MagicRegistration {
  if (operation.kind !== 'replace' || operation.registration.kind !== 'magic')
    throw new RangeError('It replaces.');
  return operation.registration;
}
