import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Entry, parseEntry, registrationOf } from '../../electron/binfmt/entry.ts';
import {
  type DesiredEntry,
  desiredOf,
  entryOfDesired,
} from '../../electron/binfmt/exchange/desired-entry.ts';
import {
  type DifferenceOptions,
  differenceOf,
  planTowards,
} from '../../electron/binfmt/exchange/difference.ts';
import { mayTakeTheSameFile } from '../../electron/binfmt/matcher.ts';
import { describeOperation } from '../../electron/binfmt/operations.ts';
import type { MagicRegistration } from '../../electron/binfmt/register-line.ts';
import { entryOf, jarEntry, magicEntry, registrationOfTarget } from '../support/example-data.ts';
import { KernelModel } from '../support/kernel-model.ts';

const REPLACE: DifferenceOptions = { removeOthers: true };
const KEEP: DifferenceOptions = { removeOthers: false };

const wish = (
  name: string,
  magic: string,
  changes: Partial<MagicRegistration> = {},
  enabled = true,
): DesiredEntry => ({
  registration: registrationOfTarget('arm', { name, magic, mask: null, ...changes }),
  enabled,
});
const entry = (...wished: Parameters<typeof wish>): Entry => entryOfDesired(wish(...wished));
const wishFor = (one: Entry): DesiredEntry => {
  const [desired] = desiredOf([one]).entries;
  if (desired === undefined) throw new RangeError(`${one.name} cannot be wished for.`);
  return desired;
};

const summary = (desired: readonly DesiredEntry[], now: readonly Entry[], options = REPLACE) =>
  differenceOf(desired, now, options).changes.map(({ name, kind, what, problem }) =>
    [kind, name, problem ?? what].join(' | '),
  );
const steps = (desired: readonly DesiredEntry[], now: readonly Entry[], options = REPLACE) => {
  const { plan, leftAlone } = planTowards(desired, now, options);
  return {
    plan: plan.map(describeOperation),
    leftAlone,
    names: new KernelModel(now).carryOut(plan).entries.map((one) => one.name),
  };
};

describe('the difference to what is wanted', () => {
  test('says for each entry what becomes of it', () => {
    const now = [
      entry('same', 'a0'),
      entry('other', 'a1'),
      entry('off', 'a2'),
      entry('changed', 'a3'),
      jarEntry(),
    ];
    const desired = [
      wish('new', 'a4', { flags: 'FC' }, false),
      wish('same', 'a0'),
      wish('off', 'a2', {}, false),
      wish('changed', 'a5', { interpreter: '/i', flags: '', offset: 3, mask: 'fe' }),
      wish('jar', 'b0'),
    ];
    expect(summary(desired, now)).toEqual([
      'add | new | It is registered with /usr/bin/qemu-arm-static, flags OCF, disabled.',
      'same | same | It stays as it is.',
      'change | off | Disabled.',
      'change | changed | Interpreter /i instead of /usr/bin/qemu-arm-static; flags none instead of F; another magic; another mask; offset 3 instead of 0.',
      'change | jar | Interpreter /usr/bin/qemu-arm-static instead of /usr/bin/jexec; flags F instead of none; a magic instead of extension .jar.',
      'remove | other | It is removed.',
    ]);
    expect(summary([], now, KEEP)).toEqual([]);
  });

  test('compares flags as the kernel prints them', () => {
    expect(summary([wish('x', 'a0', { flags: 'FCP' })], [entry('x', 'a0', { flags: 'POCF' })])).toEqual([
      'same | x | It stays as it is.',
    ]);
  });

  test('names what would take the host’s own programs, and leaves it out', () => {
    const native: DesiredEntry = { registration: registrationOfTarget('x86_64'), enabled: false };
    const options = { removeOthers: false, machine: 'x86_64' };
    expect(summary([native], [], options)).toEqual([
      'add | qemu-x86_64 | It is left as it is: it would take this machine’s own programs (x86_64), and nothing on it would start any more.',
    ]);
    expect(steps([native, wish('fine', 'a0')], [], options)).toMatchObject({
      leftAlone: [{ name: 'qemu-x86_64' }],
      names: ['fine'],
    });
    // Where it is registered as wanted, nothing is made.
    expect(summary([native], [entryOfDesired(native)], options)).toEqual([
      'same | qemu-x86_64 | It stays as it is.',
    ]);
  });

  test('leaves alone what only the kernel knows how to make', () => {
    const bpf = parseEntry('odd', 'enabled\nflags: \nbpf x\n');
    expect(summary([wish('odd', 'a0')], [bpf])).toEqual([
      'change | odd | It is left as it is: only the kernel knows how it was made.',
    ]);
    expect(steps([], [bpf, jarEntry()])).toEqual({
      plan: ['Unregister jar'],
      leftAlone: [{ name: 'odd', reason: 'only the kernel knows how it was made' }],
      names: ['odd'],
    });
  });

  test('does not replace or move what could not be registered again, and says so', () => {
    const irreplaceable = new Set(['held']);
    const options = { removeOthers: true, irreplaceable };
    expect(steps([wish('held', 'a1')], [entry('held', 'a0')], options)).toEqual({
      plan: [],
      leftAlone: [{ name: 'held', reason: 'what is registered now could not be put back once replaced' }],
      names: ['held'],
    });
    // It is to come before `general`, and is behind it.
    const now = [entry('general', 'a0'), entry('held', 'a0b0')];
    const desired = [wish('held', 'a0b0', {}, false), wish('general', 'a0')];
    expect(summary(desired, now, options)).toEqual([
      'change | held | It is left as it is: it could not be registered again, so it stays behind others that can take the same files.',
      'same | general | It stays as it is.',
    ]);
    expect(steps(desired, now, options)).toMatchObject({
      plan: ['Disable held'],
      names: ['general', 'held'],
    });
    expect(summary([], now, options)).toEqual([
      'remove | general | It is removed.',
      'remove | held | It is removed, and cannot be put back.',
    ]);
  });
});

describe('the way there', () => {
  test('registers into an empty registry in the order wanted', () => {
    const desired = [wish('c', 'a0'), wish('b', 'a1', {}, false), wish('a', 'a2')];
    expect(steps(desired, [])).toMatchObject({ names: ['c', 'b', 'a'], leftAlone: [] });
  });

  test('replaces what differs, in one step', () => {
    expect(steps([wish('x', 'a0', { interpreter: '/new' })], [entry('x', 'a0')]).plan).toEqual([
      'Register x with /new (flags F) in place of the present entry',
    ]);
  });

  test('moves what stays only where its place means something', () => {
    const general = wish('general', 'a0');
    const special = wish('special', 'a0b0');
    const other = wish('other', 'b0');
    const now = [general, other, special].map(entryOfDesired);
    expect(steps([special, general, other], now)).toEqual({
      plan: ['Register special with /usr/bin/qemu-arm-static (flags F) in place of the present entry'],
      leftAlone: [],
      names: ['special', 'general', 'other'],
    });
    expect(summary([special, general, other], now)).toEqual([
      'change | special | Tried before entries that can take the same files, no longer after them.',
      'same | general | It stays as it is.',
      'same | other | It stays as it is.',
    ]);
    expect(steps([other, special, general], now).names).toEqual(['special', 'general', 'other']);
  });

  test('leaves what is not wanted unless told to remove it', () => {
    expect(steps([], [jarEntry(), magicEntry()], KEEP).plan).toEqual([]);
    expect(steps([], [jarEntry(), magicEntry()], REPLACE).names).toEqual([]);
  });
});

describe('from any registry to any other', () => {
  /** Few names, bytes and masks: many entries change, and many can take the same files. */
  const anyRegistry = fc
    .uniqueArray(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        extension: fc.constantFrom(null, null, null, 'jar', 'exe'),
        magic: fc.constantFrom('a1', 'a2', 'a1b1', 'a1b2', 'b1'),
        masked: fc.boolean(),
        flags: fc.constantFrom('', 'F', 'POC'),
        enabled: fc.boolean(),
      }),
      { selector: ({ name }) => name, maxLength: 6 },
    )
    .map((all) =>
      all.map(({ name, extension, magic, masked, flags, enabled }) =>
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
      ),
    );

  test.each([true, false])('the plan leads to what is wanted, others removed: %s', (removeOthers) => {
    fc.assert(
      fc.property(anyRegistry, anyRegistry, (wanted, now) => {
        const desired = wanted.map(wishFor);
        const options = { removeOthers };
        const { plan, leftAlone } = planTowards(desired, now, options);
        const after = new KernelModel(now).carryOut(plan).entries;

        expect(leftAlone).toEqual([]);
        const names = new Set(wanted.map((one) => one.name));
        const others = now.filter((one) => !names.has(one.name));
        expect(textsByName(after)).toEqual(textsByName([...wanted, ...(removeOthers ? [] : others)]));
        expect(meaningfulOrder(after.filter((one) => names.has(one.name)))).toEqual(meaningfulOrder(wanted));
        // And then there is nothing left to do.
        expect(planTowards(desired, after, options)).toEqual({ plan: [], leftAlone: [] });
        expect(differenceOf(desired, after, options).changes.every((change) => change.kind === 'same')).toBe(
          true,
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('nothing is touched that is as wanted', () => {
    fc.assert(
      fc.property(anyRegistry, anyRegistry, (wanted, now) => {
        const { changes } = differenceOf(wanted.map(wishFor), now, KEEP);
        const { plan } = planTowards(wanted.map(wishFor), now, KEEP);
        const touched = new Set(plan.map((operation) => ('name' in operation ? operation.name : '')));
        const changed = changes.filter((change) => change.kind !== 'same');
        expect(plan.length === 0).toBe(changed.length === 0);
        // What has to be moved for others’ sake shares files with one that changes.
        for (const { name } of changes.filter((change) => change.kind === 'same')) {
          if (!touched.has(name)) continue;
          const own = registrationOf(wanted.find((one) => one.name === name) ?? jarEntry());
          const shares = wanted.some((one) => {
            const other = registrationOf(one);
            return one.name !== name && own !== null && other !== null && mayTakeTheSameFile(own, other);
          });
          expect(shares).toBe(true);
        }
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
