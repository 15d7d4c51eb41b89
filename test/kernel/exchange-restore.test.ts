import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import { registrationOf } from '../../electron/binfmt/entry.ts';
import type { DesiredEntry } from '../../electron/binfmt/exchange/desired-entry.ts';
import { differenceOf, planTowards } from '../../electron/binfmt/exchange/difference.ts';
import { documentFileOf } from '../../electron/binfmt/exchange/document.ts';
import { parseRegistrationsFile } from '../../electron/binfmt/exchange/import.ts';
import { mayTakeTheSameFile } from '../../electron/binfmt/matcher.ts';
import { formatRegisterLine, type MagicRegistration } from '../../electron/binfmt/register-line.ts';
import { resettableEntries } from '../../electron/binfmt/snapshot.ts';
import { brokenFiles } from '../support/broken-files.ts';
import { carryOut, readEntries, summaryOf } from '../support/carry-out.ts';
import { harmlessDesired } from '../support/desired-entries.ts';
import { newManager } from '../support/manage.ts';
import { readSnapshot } from '../support/read-snapshot.ts';
import {
  BINFMT_MISC,
  clearRegistry,
  listEntries,
  readRegistry,
  register,
  writeToEntry,
} from '../support/registry.ts';

beforeEach(clearRegistry);
afterAll(clearRegistry);

/** Registers these in match order, as another tool would. */
function registerAll(desired: readonly DesiredEntry[]): void {
  for (const { registration, enabled } of [...desired].reverse()) {
    const line = formatRegisterLine(registration);
    if (!line.ok) throw new RangeError(line.problem);
    register(line.value);
    if (!enabled) writeToEntry(registration.name, '0');
  }
}

async function exported(): Promise<string> {
  const { files, notCarried } = documentFileOf(await readSnapshot());
  expect(notCarried).toEqual([]);
  return files[0]?.text ?? '';
}

/** Imports a file; returns how many operations that took. */
async function imported(text: string, removeOthers: boolean): Promise<number> {
  const file = parseRegistrationsFile('x.json', encodeBytes(text));
  if (!file.ok) throw new Error(file.problem.sentence);
  const { plan, leftAlone } = planTowards(file.value.entries, readEntries(), {
    removeOthers,
    machine: 'x86_64',
  });
  expect(leftAlone).toEqual([]);
  expect(summaryOf(await carryOut(plan))).toEqual(plan.map(() => 'done'));
  return plan.length;
}

const magic = (name: string, changes: Partial<MagicRegistration> = {}, enabled = true): DesiredEntry => ({
  registration: {
    kind: 'magic',
    name,
    offset: 0,
    magic: 'f0f1',
    mask: null,
    interpreter: '/bin/true',
    flags: '',
    ...changes,
  },
  enabled,
});
const ofAllKinds: readonly DesiredEntry[] = [
  magic('$(reboot)'),
  magic('a\'b"c `d` \\ \n;#'),
  magic('\udcff\udcfe'),
  magic('-n'),
  magic('n'.repeat(255)),
  magic('off', {}, false),
  magic('placed', { offset: 253, magic: 'f0f1f2', mask: 'fffe0f' }),
  magic('whole', { magic: 'f0'.repeat(256), mask: 'ff'.repeat(256) }),
  magic('raw', { magic: '0d0a5c3a'.repeat(64) }),
  magic('spaces', { interpreter: '/opt/my programs/\n:x ' }),
  magic('flags', { flags: 'POCF' }),
  {
    registration: { kind: 'extension', name: 'jar', extension: 'jar', interpreter: '/bin/true', flags: 'C' },
    enabled: true,
  },
  {
    registration: {
      kind: 'extension',
      name: 'odd',
      extension: ':a b\udcff',
      interpreter: '/bin/true',
      flags: '',
    },
    enabled: false,
  },
];

describe('export, remove everything, import', () => {
  test('gives the identical directory: names, texts and order', async () => {
    registerAll(ofAllKinds);
    const before = readRegistry();
    expect(before).toHaveLength(ofAllKinds.length);
    const text = await exported();
    clearRegistry();
    await imported(text, false);
    expect(readRegistry()).toEqual(before);
    // And then nothing is left to do.
    expect(await imported(text, true)).toBe(0);
  });

  test('gives the identical directory, whatever is in it', async () => {
    await fc.assert(
      fc
        .asyncProperty(harmlessDesired, async (desired) => {
          registerAll(desired);
          const before = readRegistry();
          expect(before).toHaveLength(desired.length);
          const text = await exported();
          clearRegistry();
          await imported(text, false);
          expect(readRegistry()).toEqual(before);
        })
        .beforeEach(clearRegistry),
      { numRuns: 40 },
    );
  }, 120_000);

  test('leads from any other registry to the same names and texts, and the same order where it means something', async () => {
    await fc.assert(
      fc
        .asyncProperty(harmlessDesired, harmlessDesired, fc.nat(), async (wanted, present, salt) => {
          registerAll(wanted);
          const before = readRegistry();
          const order = meaningfulOrder();
          const text = await exported();
          clearRegistry();
          // Some of what is there has names of what is wanted, or says the same.
          const names = new Set(wanted.map((one) => one.registration.name));
          const kept = wanted.filter((_, index) => (index + salt) % 3 === 0).reverse();
          const changed = wanted.filter((_, index) => (index + salt) % 3 === 1);
          registerAll([
            ...kept,
            ...changed.map((one) => magic(one.registration.name)),
            ...present.filter((one) => !names.has(one.registration.name)),
          ]);
          await imported(text, true);
          expect(new Map(readRegistry())).toEqual(new Map(before));
          expect(meaningfulOrder()).toEqual(order);
        })
        .beforeEach(clearRegistry),
      { numRuns: 30 },
    );
  }, 120_000);

  test('keeps the master switch as it is', async () => {
    registerAll(ofAllKinds);
    const text = await exported();
    clearRegistry();
    writeFileSync(`${BINFMT_MISC}/status`, '0');
    await imported(text, false);
    expect((await readSnapshot()).binfmtMisc).toBe('off');
  });
});

describe('export, Reset all, import', () => {
  /** All of it through the program, as the window and the terminal do it. */
  async function roundTrip(): Promise<void> {
    const manager = newManager();
    const text = await exported();
    const names = resettableEntries(await manager.refresh());
    if (names.length > 0) {
      expect(await manager.change({ kind: 'reset', names })).toMatchObject({ kind: 'done' });
    }
    expect(listEntries().filter((name) => name.startsWith('qemu-'))).toEqual([]);
    const file = parseRegistrationsFile('x.json', Buffer.from(text));
    if (!file.ok) throw new Error(file.problem.sentence);
    if (names.length === 0) return;
    const { entries } = file.value;
    expect(await manager.change({ kind: 'bring', entries, removeOthers: false })).toMatchObject({
      kind: 'done',
      details: [],
    });
    const left = await manager.difference(entries, true);
    expect(left.filter(({ kind }) => kind !== 'same')).toEqual([]);
  }

  test('gives the identical directory where QEMU’s entries were tried first', async () => {
    registerAll([
      magic('qemu-b', { magic: 'f0f2' }),
      magic('qemu-a', { magic: 'f0f1' }, false),
      magic('wine', { magic: '4d5a' }),
      magic('jar', { magic: '504b' }),
    ]);
    const before = readRegistry();
    await roundTrip();
    expect(readRegistry()).toEqual(before);
  });

  test('leaves alone what Reset all left: its place is another only where that means nothing', async () => {
    registerAll([magic('wine', { magic: '4d5a' }), magic('qemu-b', { magic: 'f0f2' })]);
    const before = readRegistry();
    await roundTrip();
    expect(readRegistry()).toEqual([...before].reverse());
    // Where it means something, it is registered anew.
    clearRegistry();
    registerAll([magic('elf', { magic: 'f0' }), magic('qemu-b', { magic: 'f0f2' })]);
    const withRival = readRegistry();
    await roundTrip();
    expect(readRegistry()).toEqual(withRival);
  });

  test('gives the same entries, each before all those that it was before and that can take its files', async () => {
    await fc.assert(
      fc
        .asyncProperty(harmlessDesired, fc.nat(), async (desired, salt) => {
          const isQemus = (index: number): boolean => (index * 7 + salt) % 3 > 0;
          registerAll(
            desired.map(({ registration, enabled }, index) => ({
              registration: isQemus(index) ? { ...registration, name: `qemu-${index}` } : registration,
              enabled,
            })),
          );
          const before = readRegistry();
          const order = meaningfulOrder();
          await roundTrip();
          expect(new Map(readRegistry())).toEqual(new Map(before));
          expect(meaningfulOrder()).toEqual(order);
        })
        .beforeEach(clearRegistry),
      { numRuns: 30 },
    );
  }, 120_000);
});

describe('a file that would take the host’s own programs', () => {
  test('is carried out but for that', async () => {
    const { machine } = (await readSnapshot()).host;
    const native = magic('native', { magic: '7f454c46' });
    const options = { removeOthers: false, machine };
    const desired = [native, magic('fine')];
    expect(differenceOf(desired, [], options).changes[0]?.problem).toMatch(/this machine’s own programs/);
    const { plan, leftAlone } = planTowards(desired, readEntries(), options);
    expect(leftAlone).toEqual([{ name: 'native', reason: expect.stringMatching(/own programs/) }]);
    expect(summaryOf(await carryOut(plan))).toEqual(['done']);
    expect(readRegistry().map(([name]) => name)).toEqual(['fine']);
  });
});

describe('a file that is broken, foreign or hostile', () => {
  test('gives no plan, and changes nothing', () => {
    registerAll(ofAllKinds);
    const before = readRegistry();
    for (const { name = 'x.json', content } of brokenFiles) {
      expect(parseRegistrationsFile(name, Buffer.from(content))).toMatchObject({ ok: false });
    }
    expect(readRegistry()).toEqual(before);
  });
});

/** Which entry comes before which, of those that may take the same file. */
function meaningfulOrder(): readonly string[] {
  const registrations = readEntries().map((entry) => registrationOf(entry));
  return registrations
    .flatMap((one, index) =>
      registrations
        .slice(index + 1)
        .flatMap((other) =>
          one !== null && other !== null && mayTakeTheSameFile(one, other)
            ? [`${one.name} before ${other.name}`]
            : [],
        ),
    )
    .sort();
}
