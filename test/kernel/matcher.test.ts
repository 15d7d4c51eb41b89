import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Entry, parseEntry } from '../../electron/binfmt/entry.ts';
import { hexOfBytes } from '../../electron/binfmt/hex.ts';
import { firstToTake } from '../../electron/binfmt/matcher.ts';
import { formatRegisterLine } from '../../electron/binfmt/register-line.ts';
import { readHead } from '../../electron/binfmt/sample-files.ts';
import {
  interpreterThatRuns,
  temporaryDirectory,
  writeExecutable,
  writeInterpreter,
} from '../support/interpreters.ts';
import {
  BINFMT_MISC,
  clearRegistry,
  listEntries,
  readEntry,
  register,
  writeToEntry,
} from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
const interpreters = Array.from({ length: 6 }, (_, index) =>
  writeInterpreter(path.join(directory, `interpreter-${index}`)),
);

beforeEach(clearRegistry);
afterAll(() => {
  clearRegistry();
  remove();
});

/**
 * Few bytes, so that many patterns overlap. All have their highest bit, as none of the first bytes of this
 * machine's programs and scripts has: no entry made of them can take those.
 */
const byte = fc.constantFrom(0xa0, 0xa0, 0xa0, 0xa1, 0x80);
const maskByte = fc.constantFrom(0xff, 0xf0, 0x80, 0xfe, 0x00, 0x00);

const magicFields = fc
  .record({
    offset: fc.constantFrom(0, 0, 0, 1, 2),
    bytes: fc.array(fc.record({ magic: byte, mask: maskByte }), { minLength: 1, maxLength: 3 }),
    hasMask: fc.boolean(),
    /** Some reach up to the last byte that counts, over bytes that do not matter. */
    last: fc.option(byte, { freq: 5 }),
  })
  .map(({ offset, bytes, hasMask, last }) => {
    // The first one looks at the highest bit: see above.
    const masks = bytes.map(({ mask }, index) => (index === 0 ? mask | 0x80 : mask));
    const magic = bytes.map((one) => one.magic);
    const kind = 'magic' as const;
    if (last === null) {
      return { kind, offset, magic: hexOfBytes(magic), mask: hasMask ? hexOfBytes(masks) : null };
    }
    const free = 256 - offset - bytes.length - 1;
    return {
      kind,
      offset,
      magic: `${hexOfBytes(magic)}${'61'.repeat(free)}${hexOfBytes([last])}`,
      mask: `${hexOfBytes(masks)}${'00'.repeat(free)}ff`,
    };
  });

const extensionFields = fc.record({
  kind: fc.constant('extension' as const),
  extension: fc.constantFrom('qa', 'qb', 'qb.qa'),
});

const format = fc.record({
  fields: fc.oneof({ weight: 3, arbitrary: magicFields }, { weight: 1, arbitrary: extensionFields }),
  flags: fc.constantFrom('', 'F', 'P', 'PF'),
  enabled: fc.constantFrom(true, true, true, false),
});
type Format = typeof format extends fc.Arbitrary<infer Value> ? Value : never;

const file = fc.record({
  head: fc.array(byte, { minLength: 2, maxLength: 6 }),
  name: fc.constantFrom(
    'file',
    'file.qa',
    'file.qb',
    'file.qb.qa',
    '.qa',
    'qa',
    'file.QA',
    'file.',
    'a.qa.qb',
  ),
  /** What stands at position 255; null for a shorter file. */
  last: fc.option(byte, { freq: 2 }),
});

const contentOf = ({
  head,
  last,
}: {
  readonly head: readonly number[];
  readonly last: number | null;
}): Buffer => {
  if (last === null) return Buffer.from(head);
  const content = Buffer.alloc(300);
  content.set(head);
  content[255] = last;
  return content;
};

/** Registers them in this order: the last one comes first in the kernel's. */
function registerAll(formats: readonly Format[]): readonly Entry[] {
  clearRegistry();
  formats.forEach(({ fields, flags, enabled }, index) => {
    const registration = {
      ...fields,
      name: `format-${index}`,
      interpreter: interpreters[index] ?? '',
      flags,
    };
    const line = formatRegisterLine(registration);
    if (!line.ok) throw new Error(line.problem);
    register(line.value);
    if (!enabled) writeToEntry(registration.name, '0');
  });
  return readEntries();
}

const readEntries = (): readonly Entry[] =>
  listEntries().map((name) => parseEntry(name, readEntry(name) ?? ''));

describe('the entry that takes a file', () => {
  test('is the one whose interpreter the kernel runs', () => {
    const seen = { pairs: 0, taken: 0, contested: 0 };
    fc.assert(
      fc.property(
        fc.array(format, { minLength: 4, maxLength: interpreters.length }),
        fc.array(file, { minLength: 12, maxLength: 12 }),
        (formats, files) => {
          const entries = registerAll(formats);
          expect(entries).toHaveLength(formats.length);
          for (const { name, ...bytes } of files) {
            const program = writeExecutable(path.join(directory, name), contentOf(bytes));
            const matched = { head: readHead(program) ?? new Uint8Array(), path: program };
            const winner = firstToTake(entries, matched);
            const wanted = winner !== undefined && 'interpreter' in winner ? winner.interpreter : null;
            expect(interpreterThatRuns(program)).toBe(wanted);

            const rest = entries.filter((entry) => entry !== winner);
            seen.pairs += 1;
            if (winner !== undefined) seen.taken += 1;
            if (winner !== undefined && firstToTake(rest, matched) !== undefined) seen.contested += 1;
          }
        },
      ),
      { numRuns: 50 },
    );
    expect(seen.pairs).toBeGreaterThanOrEqual(600);
    expect(seen.taken).toBeGreaterThan(120);
    expect(seen.pairs - seen.taken).toBeGreaterThan(50);
    expect(seen.contested).toBeGreaterThan(25);
  });

  test('is nobody’s while the master switch is off', () => {
    const program = writeExecutable(path.join(directory, 'program'), Buffer.of(0xa0));
    register(`:x:M::\\xa0::${interpreters[0]}:`);
    expect(interpreterThatRuns(program)).toBe(interpreters[0]);
    writeFileSync(`${BINFMT_MISC}/status`, '0');
    expect(interpreterThatRuns(program)).toBeNull();
    writeFileSync(`${BINFMT_MISC}/status`, '1');
    expect(interpreterThatRuns(program)).toBe(interpreters[0]);
  });

  test('keeps it also when its interpreter is missing: the next one gets no try', () => {
    const program = writeExecutable(path.join(directory, 'program'), Buffer.of(0xa0));
    register(`:second:M::\\xa0::${interpreters[0]}:`);
    register(`:first:M::\\xa0::${directory}/missing:`);
    expect(
      firstToTake(readEntries(), { head: readHead(program) ?? new Uint8Array(), path: program })?.name,
    ).toBe('first');
    expect(interpreterThatRuns(program)).toBeNull();
  });
});
