import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEntry } from '../../electron/binfmt/entry.ts';
import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
import { nameOf, targetsCalled, thingsCalled, wordForEntry } from '../../electron/terminal/words.ts';
import { entryText, exampleRow, exampleSnapshot, registrationOfTarget } from '../support/example-data.ts';

/** A system with entries of these names. */
const systemWith = (...names: readonly string[]): Snapshot =>
  exampleSnapshot({
    entries: names.map((name) => parseEntry(name, entryText(registrationOfTarget('arm')))),
    targets: ['aarch64', 'arm', 'x86_64'].map((name) => exampleRow({ name })),
  });

const namesOf = async (words: readonly string[], system: Snapshot): Promise<readonly string[]> =>
  (await thingsCalled(words, system)).found.map((thing) => `${thing.kind} ${nameOf(thing)}`);

describe('a target', () => {
  test.each([
    ['aarch64', 'aarch64'],
    ['arm64', 'aarch64'],
    ['linux/arm64', 'aarch64'],
    ['linux/arm64/v8', 'aarch64'],
    ['arm64/v9', 'aarch64'],
    ['ARM64', 'aarch64'],
    ['linux/arm/v7', 'arm'],
    ['arm/v6', 'arm'],
    ['linux/arm/v8', 'arm'],
    ['armhf', 'arm'],
    ['armel', 'arm'],
    ['amd64', 'x86_64'],
    ['linux/amd64/v1', 'x86_64'],
    ['386', 'i386'],
    ['linux/386', 'i386'],
    ['i386', 'i386'],
    ['s390x', 's390x'],
    ['linux/s390x', 's390x'],
    ['ppc64le', 'ppc64le'],
    ['ppc64el', 'ppc64le'],
    ['powerpc', 'ppc'],
    ['mips64le', 'mips64el'],
    ['mips64el', 'mips64el'],
    ['mipsle', 'mipsel'],
    ['loong64', 'loongarch64'],
    ['riscv64', 'riscv64'],
    ['hppa', 'hppa'],
    ['sh4', 'sh4'],
  ])('that is called %s is %s', (word, target) => {
    expect(targetsCalled([word]).found.map(({ name }) => name)).toEqual([target]);
  });

  test('may stand in a list with others, and counts once', () => {
    const { found, unknown, isAll } = targetsCalled(['arm64,riscv64', 'aarch64,', 's390x']);
    expect(found.map(({ name }) => name)).toEqual(['aarch64', 'riscv64', 's390x']);
    expect(unknown).toEqual([]);
    expect(isAll).toBe(false);
    expect(targetsCalled(['arm64,all'])).toMatchObject({
      found: [{ name: 'aarch64' }],
      unknown: [],
      isAll: true,
    });
  });

  test('is none where a word names nothing', () => {
    expect(targetsCalled(['', ',', ',,']).unknown).toEqual([
      '“” names nothing.',
      '“,” names nothing.',
      '“,,” names nothing.',
    ]);
  });

  test('that nobody knows is answered with the nearest names', () => {
    expect(targetsCalled(['arch64', 'mipsl', 'vax']).unknown).toEqual([
      '“arch64” is none of QEMU’s targets. Did you mean aarch64?',
      expect.stringMatching(/^“mipsl” .* Did you mean (mipsel|mipsle|mips)\b/),
      '“vax” is none of QEMU’s targets. The verb “list” shows them all.',
    ]);
  });
});

describe('a word for entries', () => {
  const system = systemWith('qemu-arm', 'qemu-armeb', 'jar', 'arm64', 'a,b', 'x*y', 'xzy', '.hidden');

  test.each([
    [['jar'], ['entry jar']],
    [['qemu-*'], ['entry qemu-arm', 'entry qemu-armeb']],
    [['qemu-arm??'], ['entry qemu-armeb']],
    [['[jx]*'], ['entry jar', 'entry x*y', 'entry xzy']],
    [['*hidden'], ['entry .hidden']],
    [['all'], ['entry qemu-arm', 'entry qemu-armeb']],
    // A target's name means the target, unless its first letter means itself.
    [['arm64'], ['target aarch64']],
    [['\\arm64'], ['entry arm64']],
    [['jar,qemu-arm'], ['entry jar', 'entry qemu-arm']],
    [['a\\,b'], ['entry a,b']],
    [['x\\*y'], ['entry x*y']],
    [['x*y'], ['entry x*y', 'entry xzy']],
    [['jar', 'j*'], ['entry jar']],
  ])('%j means %j', async (words, things) => {
    expect(await namesOf(words, system)).toEqual(things);
  });

  test('that means nothing is told from one that means nothing now', async () => {
    expect(
      await thingsCalled(['qemu-mips', 'z*', 'qemu-amr', 'nonsense', 'linux/arm65', '', ','], system),
    ).toEqual({
      found: [],
      absent: [
        'qemu-mips is not registered.',
        'No entry matches “z*”.',
        '“qemu-amr” is neither a target nor a registered entry. Did you mean qemu-arm?',
        '“nonsense” is neither a target nor a registered entry. The verb “list” shows them all.',
      ],
      unknown: [
        '“” names nothing.',
        '“,” names nothing.',
        expect.stringMatching(/^“linux\/arm65” is neither a target nor a registered entry\./),
      ],
    });
    expect((await thingsCalled(['all'], systemWith('jar'))).absent).toEqual([
      'Nothing is registered for QEMU.',
    ]);
  });

  test('can be made for every entry, and means that one alone', async () => {
    const name = fc.string({
      unit: fc.constantFrom(...'ab*?[]\\,!{}()|"\' $-.\n', 'ü', '\udcff'),
      minLength: 1,
      maxLength: 6,
    });
    const names = fc.uniqueArray(fc.oneof(name, fc.constantFrom('all', 'arm64', 'ARM', 'qemu-*')), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(names, async (all) => {
        const present = systemWith(...all);
        for (const one of all) expect(await namesOf([wordForEntry(one)], present)).toEqual([`entry ${one}`]);
      }),
    );
  });
});
