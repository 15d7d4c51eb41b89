import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEntry } from '../../electron/binfmt/entry.ts';
import { bytesOfHex } from '../../electron/binfmt/hex.ts';
import { firstToTake, mayTakeTheSameFile, takes } from '../../electron/binfmt/matcher.ts';
import type { MagicRegistration, Registration } from '../../electron/binfmt/register-line.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import { magicRegistration } from '../support/arbitraries.ts';
import { entryOf, jarEntry, magicEntry, registrationOfTarget } from '../support/example-data.ts';

const pattern = (magic: string, mask: string | null = null, offset = 0): MagicRegistration => ({
  ...registrationOfTarget('arm'),
  magic,
  mask,
  offset,
});

/** A file that begins with these bytes. */
const fileOf = (hex: string, path = '/tmp/file'): { head: Uint8Array; path: string } => {
  const head = new Uint8Array(256);
  head.set(bytesOfHex(hex));
  return { head, path };
};

const extension = (name: string): Registration => ({
  kind: 'extension',
  name,
  extension: name,
  interpreter: '/usr/bin/jexec',
  flags: '',
});

/** Short patterns of few different bytes, so that many of them overlap. */
const shortPattern = fc
  .record({
    offset: fc.nat(3),
    bytes: fc.array(fc.record({ magic: fc.constantFrom(0, 1, 2), mask: fc.constantFrom(0, 1, 3) }), {
      minLength: 1,
      maxLength: 3,
    }),
    hasMask: fc.boolean(),
  })
  .map(({ offset, bytes, hasMask }) =>
    pattern(
      bytes.map((byte) => `0${byte.magic}`).join(''),
      hasMask ? bytes.map((byte) => `0${byte.mask}`).join('') : null,
      offset,
    ),
  );

describe('an entry takes a file', () => {
  test('whose bytes at the offset are the magic’s, where the mask looks', () => {
    expect(takes(pattern('a1b2'), fileOf('a1b2'))).toBe(true);
    expect(takes(pattern('a1b2'), fileOf('a1b3'))).toBe(false);
    expect(takes(pattern('a1b2', 'fff0'), fileOf('a1b3'))).toBe(true);
    expect(takes(pattern('a1b2', null, 2), fileOf('ffffa1b2'))).toBe(true);
    expect(takes(pattern('a1b2', null, 2), fileOf('a1b2'))).toBe(false);
    expect(takes(pattern('ff', '00', 255), fileOf(''))).toBe(true);
  });

  test('shorter than the magic when zeros are asked for behind its end', () => {
    expect(takes(pattern('a10000'), fileOf('a1'))).toBe(true);
    expect(takes(pattern('a10001'), fileOf('a1'))).toBe(false);
  });

  test('whose path ends in the extension behind its last dot', () => {
    const jar = extension('jar');
    expect(takes(jar, fileOf('', '/tmp/a.b.jar'))).toBe(true);
    expect(takes(jar, fileOf('', '/tmp/a.JAR'))).toBe(false);
    expect(takes(jar, fileOf('', '/tmp/jar'))).toBe(false);
    expect(takes(jar, fileOf('', '/tmp/dir.jar/program'))).toBe(false);
    expect(takes(extension('b.jar'), fileOf('', '/tmp/a.b.jar'))).toBe(false);
  });

  test('never when nobody here can tell what it matches', () => {
    expect(takes(parseEntry('x', 'enabled\nflags: \nbpf m\n'), fileOf(''))).toBe(false);
    expect(takes(parseEntry('x', 'nonsense'), fileOf(''))).toBe(false);
  });
});

describe('of several entries', () => {
  const broad = magicEntry({ name: 'broad', magic: 'a1', mask: null });
  const narrow = magicEntry({ name: 'narrow', magic: 'a1b2', mask: null });

  test('the first in match order takes the file', () => {
    expect(firstToTake([narrow, broad], fileOf('a1b2'))?.name).toBe('narrow');
    expect(firstToTake([broad, narrow], fileOf('a1b2'))?.name).toBe('broad');
    expect(firstToTake([jarEntry(), broad], fileOf('a1b2', '/x.jar'))?.name).toBe('jar');
  });

  test('disabled ones are passed over', () => {
    expect(firstToTake([{ ...broad, enabled: false }, narrow], fileOf('a1b2'))?.name).toBe('narrow');
    expect(firstToTake([{ ...broad, enabled: false }], fileOf('a1b2'))).toBeUndefined();
  });
});

describe('whether two entries may take the same file', () => {
  test('is the same question either way round', () => {
    const any = fc.oneof(
      shortPattern,
      magicRegistration,
      fc.constantFrom(extension('jar'), extension('exe')),
    );
    fc.assert(
      fc.property(any, any, (one, other) => {
        expect(mayTakeTheSameFile(one, other)).toBe(mayTakeTheSameFile(other, one));
        expect(mayTakeTheSameFile(one, one)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('is answered with yes exactly when there is such a file', () => {
    // With two bits a byte and six bytes, every file that matters can be tried.
    const files = Array.from({ length: 4 ** 6 }, (_, number) => {
      const head = new Uint8Array(256);
      for (let position = 0; position < 6; position++) head[position] = (number >> (2 * position)) & 3;
      return { head, path: '/tmp/file' };
    });
    fc.assert(
      fc.property(shortPattern, shortPattern, (one, other) => {
        const there = files.some((file) => takes(one, file) && takes(other, file));
        expect(mayTakeTheSameFile(one, other)).toBe(there);
      }),
      { numRuns: 150 },
    );
  });

  test('is yes for a magic and an extension, and for equal extensions only', () => {
    expect(mayTakeTheSameFile(pattern('a1'), extension('jar'))).toBe(true);
    expect(mayTakeTheSameFile(extension('jar'), extension('jar'))).toBe(true);
    expect(mayTakeTheSameFile(extension('jar'), extension('exe'))).toBe(false);
  });

  test('is no for every pair of QEMU’s targets', () => {
    for (const one of targets) {
      for (const other of targets.filter((target) => target !== one)) {
        const answer = mayTakeTheSameFile(registrationOfTarget(one.name), registrationOfTarget(other.name));
        expect(answer, `${one.name} and ${other.name}`).toBe(false);
      }
    }
  });

  test('is yes for a target and somebody else’s broader pattern of it', () => {
    const anyElf = entryOf(pattern('7f454c46'));
    expect(anyElf.kind === 'magic' && mayTakeTheSameFile(anyElf, registrationOfTarget('arm'))).toBe(true);
  });
});
