import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Entry, parseEntry, registrationOf } from '../../electron/binfmt/entry.ts';
import { mayTakeTheSameFile } from '../../electron/binfmt/matcher.ts';
import type { Operation } from '../../electron/binfmt/operations.ts';
import { planRestoration, type Restoration } from '../../electron/binfmt/restore.ts';
import { EVERY_SEPARATOR, entryOf, entryText, jarEntry, magicEntry } from '../support/example-data.ts';
import { KernelModel } from '../support/kernel-model.ts';

const NOTHING: ReadonlySet<string> = new Set();
const entry = (name: string, magic: string, enabled = true): Entry =>
  magicEntry({ name, magic, mask: null }, enabled);
const a = entry('a', 'a1');
const b = entry('b', 'b1');
const c = entry('c', 'c1');
const names = (entries: readonly Entry[]): readonly string[] => entries.map((one) => one.name);
const kinds = (plan: readonly Operation[]): readonly string[] =>
  plan.map((operation) => ('name' in operation ? `${operation.kind} ${operation.name}` : operation.kind));

const restore = (
  which: readonly string[],
  before: readonly Entry[],
  now: readonly Entry[],
  irreplaceable = NOTHING,
  mayReplace?: (present: Entry) => boolean,
): Restoration => planRestoration(new Set(which), before, now, irreplaceable, mayReplace);

describe('putting entries back', () => {
  test('registers the oldest first, so that the newest is in front again', () => {
    const { plan } = restore(['a', 'b', 'c'], [c, b, a], []);
    expect(names(new KernelModel([]).carryOut(plan).entries)).toEqual(['c', 'b', 'a']);
  });

  test('disables again what was disabled', () => {
    const off = entry('a', 'a1', false);
    expect(kinds(restore(['a'], [off], []).plan)).toEqual(['register', 'disable a']);
  });

  test('switches what is still there', () => {
    const off = entry('a', 'a1', false);
    expect(kinds(restore(['a'], [off], [a]).plan)).toEqual(['disable a']);
    expect(kinds(restore(['a'], [a], [off]).plan)).toEqual(['enable a']);
    expect(restore(['a'], [a], [a]).plan).toEqual([]);
  });

  test('removes what was not there', () => {
    expect(kinds(restore(['a'], [b], [a, b], NOTHING, () => true).plan)).toEqual(['unregister a']);
  });

  test('leaves alone what was not there and somebody else registered', () => {
    expect(restore(['a'], [b], [a, b])).toEqual({
      plan: [],
      leftAlone: [{ name: 'a', reason: 'somebody registered it differently since' }],
    });
  });

  test('touches only the entries named', () => {
    expect(restore(['a'], [a, b, c], [a, entry('c', 'c1', false), entry('d', 'd1')])).toEqual({
      plan: [],
      leftAlone: [],
    });
  });

  test('leaves alone what somebody registered differently since', () => {
    expect(restore(['a'], [a], [entry('a', 'a2')])).toEqual({
      plan: [],
      leftAlone: [{ name: 'a', reason: 'somebody registered it differently since' }],
    });
  });

  test('moves an entry that stayed behind one it may share files with', () => {
    const specific = entry('specific', 'a1b1');
    const { plan } = restore(['a'], [specific, b, a], [specific, b]);
    expect(kinds(plan)).toEqual(['register', 'replace specific']);
    expect(names(new KernelModel([specific, b]).carryOut(plan).entries)).toEqual(['specific', 'a', 'b']);
  });

  test('keeps the state somebody gave since to an entry that only has to move', () => {
    const specificOff = entry('specific', 'a1b1', false);
    const { plan } = restore(['a'], [entry('specific', 'a1b1'), a], [specificOff]);
    expect(kinds(plan)).toEqual(['register', 'replace specific', 'disable specific']);
  });

  test('moves nothing that cannot share a file', () => {
    expect(kinds(restore(['a'], [c, b, a], [c, b]).plan)).toEqual(['register']);
  });

  test('never removes an entry that could not be registered again', () => {
    const { plan, leftAlone } = restore(['a'], [jarEntry(), a], [jarEntry()], new Set(['jar']));
    expect(kinds(plan)).toEqual(['register']);
    expect(leftAlone).toEqual([
      { name: 'jar', reason: 'it could not be registered again, so it now comes after what was put back' },
    ]);
  });

  test.each([
    ['a BPF program matched', parseEntry('x', 'enabled\nflags: \nbpf m\n')],
    [
      'had lines of a newer kernel',
      parseEntry('x', `${entryText(a.kind === 'magic' ? a : magicEntry())}more\n`),
    ],
  ])('leaves alone what %s', (_what, lost) => {
    expect(restore(['x', 'a'], [lost, a], [])).toMatchObject({
      plan: [{ kind: 'register' }],
      leftAlone: [{ name: 'x', reason: 'it has properties that only the kernel knows' }],
    });
  });

  test('leaves alone what this program cannot register, and puts the rest back', () => {
    const name = EVERY_SEPARATOR;
    const { plan, leftAlone } = restore([name, 'a'], [magicEntry({ name }), a], []);
    expect(kinds(plan)).toEqual(['register']);
    expect(leftAlone).toEqual([
      { name, reason: 'Its fields use up every character that could separate them.' },
    ]);
  });
});

describe('any entries, removed or changed in any way,', () => {
  /** Few bytes and masks: many of these share files. */
  const anyEntry = fc
    .record({
      extension: fc.constantFrom(null, null, null, 'jar', 'exe'),
      magic: fc.constantFrom('a1', 'a2', 'a1b1', 'a1b2', 'b1'),
      masked: fc.boolean(),
      flags: fc.constantFrom('', 'F', 'POC'),
      enabled: fc.boolean(),
    })
    .map(
      ({ extension, magic, masked, flags, enabled }) =>
        (name: string) =>
          entryOf(
            extension === null
              ? {
                  kind: 'magic',
                  name,
                  interpreter: '/i',
                  flags,
                  offset: 0,
                  magic,
                  mask: masked ? 'f0'.repeat(magic.length / 2) : null,
                }
              : { kind: 'extension', name, interpreter: '/i', flags, extension },
            enabled,
          ),
    );
  const history = fc.record({
    makers: fc.array(anyEntry, { maxLength: 7 }),
    fates: fc.array(fc.constantFrom('kept', 'removed', 'switched', 'bystander'), {
      minLength: 7,
      maxLength: 7,
    }),
  });

  test('come back with their fields, their state and the order that means something', () => {
    fc.assert(
      fc.property(history, ({ makers, fates }) => {
        const before = makers.map((make, index) => make(`entry-${index}`));
        const changed = new KernelModel(before).carryOut(
          before.flatMap((one, index): readonly Operation[] => {
            if (fates[index] === 'removed') return [{ kind: 'unregister', name: one.name }];
            if (fates[index] !== 'switched') return [];
            const wasEnabled = one.kind !== 'unreadable' && one.enabled;
            return [{ kind: wasEnabled ? 'disable' : 'enable', name: one.name }];
          }),
        );
        const named = before.filter((_, index) => fates[index] !== 'bystander').map((one) => one.name);

        const { plan, leftAlone } = restore(named, before, changed.entries);
        const after = new KernelModel(changed.entries).carryOut(plan).entries;

        expect(leftAlone).toEqual([]);
        expect(textsByName(after)).toEqual(textsByName(before));
        expect(meaningfulOrder(after)).toEqual(meaningfulOrder(before));
        // And then there is nothing left to do.
        expect(restore(named, before, after)).toEqual({ plan: [], leftAlone: [] });
      }),
      { numRuns: 1000 },
    );
  });
});

const textsByName = (entries: readonly Entry[]): ReadonlyMap<string, string> =>
  new Map(entries.map((one) => [one.name, one.text] as const).sort());

/** Which entry comes before which, of those that may take the same file. */
function meaningfulOrder(entries: readonly Entry[]): readonly string[] {
  return entries
    .flatMap((one, index) =>
      entries.slice(index + 1).flatMap((other) => {
        const first = registrationOf(one);
        const second = registrationOf(other);
        const matters = first !== null && second !== null && mayTakeTheSameFile(first, second);
        return matters ? [`${one.name} before ${other.name}`] : [];
      }),
    )
    .sort();
}
