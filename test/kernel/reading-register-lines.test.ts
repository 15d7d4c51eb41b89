import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeBytes, encodeBytes } from '../../electron/binfmt/bytes.ts';
import { parseEntry, registrationOf } from '../../electron/binfmt/entry.ts';
import { parseRegisterLine } from '../../electron/binfmt/register-line.ts';
import { clearRegistry } from '../support/registry.ts';
import { askKernel, printedFlags } from '../support/try-kernel.ts';

beforeEach(clearRegistry);

describe('reading a line', () => {
  /** Made of what lines are made of, so that many are nearly right. */
  const piece = fc.constantFrom(
    ':',
    ':',
    ':',
    ':x',
    ':M:',
    ':E:',
    '0',
    '7',
    '+1',
    '-0',
    '\\xf0',
    '\\xF1',
    '\\x4',
    '\\',
    '\\\\',
    'a',
    'x',
    '/bin/bash',
    '/i',
    'F',
    'POC',
    'Z',
    ' ',
  );
  const field = fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join(''));
  const magicField = fc
    .array(fc.constantFrom('\\xf0', '\\x41', '\\xFf', '\\', '\\\\', 'x', '41', 'a', '\\x4', '\\X', 'é'), {
      minLength: 1,
      maxLength: 5,
    })
    .map((pieces) => `\\xf0${pieces.join('')}`);
  const line = fc.oneof(
    fc.array(field, { minLength: 5, maxLength: 9 }).map((fields) => `:${fields.join(':')}`),
    magicField.map((magic) => `:x:M::${magic}::/bin/bash:`),
    fc
      .tuple(magicField, fc.constantFrom('', '0', '3', '+4', '255'))
      .map(([magic, offset]) => `|x|M|${offset}|${magic}|${magic}|/bin/bash|F`),
    magicField.map((magic) => `:x:M::${magic}::/bin/bash:\n`),
    magicField.map((magic) => `:x:M::${magic}::/bin/bash`),
  );
  /** `-0` is an offset to the kernel, and nobody writes it; for unknown flags see above. */
  const isKnownDifference = (text: string): boolean => /-0/.test(text) || /Z/.test(text) || text.length < 11;

  test('gives the fields that the kernel gives it, and refuses what it refuses', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(line, (text) => {
        if (isKnownDifference(text)) return;
        const parsed = parseRegisterLine(text);
        const answer = askKernel(encodeBytes(text), text.split(text.charAt(0))[1] ?? '');
        if (!('text' in answer)) {
          expect(parsed, `${answer.code} for ${text}`).toMatchObject({ ok: false });
          seen.refused += 1;
          return;
        }
        const fromKernel = registrationOf(parseEntry(parsed.ok ? parsed.value.name : '', answer.text));
        expect(parsed.ok && { ...parsed.value, flags: printedFlags(parsed.value.flags) }, text).toEqual(
          fromKernel,
        );
        seen.accepted += 1;
      }),
      { numRuns: 1500 },
    );
    expect(seen.accepted).toBeGreaterThan(100);
    expect(seen.refused).toBeGreaterThan(100);
  });

  test('that is decoded from bytes keeps them', () => {
    const bytes = Buffer.concat([
      Buffer.from(':x:M::'),
      Buffer.of(0xf0, 0xff, 0xc3),
      Buffer.from('::/bin/bash:'),
    ]);
    const answer = askKernel(bytes, 'x');
    const parsed = parseRegisterLine(decodeBytes(bytes));
    expect('text' in answer && registrationOf(parseEntry('x', answer.text))).toEqual(
      parsed.ok && parsed.value,
    );
  });
});
