import os from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import { entryOfDesired } from '../../electron/binfmt/exchange/desired-entry.ts';
import { type FormatFields, parseFormat } from '../../electron/binfmt/exchange/format-fields.ts';
import { bytesOfHex } from '../../electron/binfmt/hex.ts';
import { formatRegisterLine } from '../../electron/binfmt/register-line.ts';
import { byteText } from '../support/arbitraries.ts';
import { clearRegistry } from '../support/registry.ts';
import { askKernel } from '../support/try-kernel.ts';

beforeEach(clearRegistry);
afterAll(clearRegistry);

const escapes = (hex: string): string => hex.replace(/../g, '\\x$&');

/** The ways in which people write the same bytes. */
const spellings: readonly ((hex: string) => string)[] = [
  (hex) => hex,
  (hex) => hex.toUpperCase(),
  (hex) => hex.replace(/../g, '$& ').trimEnd(),
  (hex) => hex.replace(/../g, '0x$&, '),
  escapes,
  (hex) => escapes(hex).toUpperCase().replaceAll('X', 'x'),
];

const bytes = fc.oneof(
  { weight: 5, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 24 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, 1, 128, 255, 256, 257).map((length) => new Uint8Array(length).fill(0xf0)),
  },
);
const hex = bytes.map((all) => Buffer.from(all).toString('hex'));

/** What the kernel takes, and what it does not. */
const fields = fc.record({
  name: fc.oneof(
    { weight: 6, arbitrary: byteText({ minLength: 1, maxLength: 20 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        '.',
        '..',
        'a/b',
        'register',
        'status',
        'n'.repeat(255),
        'n'.repeat(256),
      ),
    },
  ),
  type: fc.constantFrom('magic' as const, 'magic' as const, 'extension' as const),
  offset: fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.integer({ min: -2, max: 258 }).map(String) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('+4', '007', '-0', '+', '-', '1.5', '4x', '1e1', '0x4', '99999999999'),
    },
  ),
  magic: hex,
  // Mostly as long as the magic.
  mask: fc.oneof(fc.constant(null), fc.constant('same'), fc.constant('same'), hex),
  extension: fc.oneof(
    { weight: 4, arbitrary: byteText({ minLength: 1, maxLength: 10 }, '/\n') },
    { weight: 1, arbitrary: fc.constantFrom('', '.', '..', '.exe', 'a/b', 'tar.gz', 'e'.repeat(2000)) },
  ),
  flags: fc.oneof(
    { weight: 4, arbitrary: fc.subarray(['P', 'O', 'C', 'F']).map((flags) => flags.join('')) },
    { weight: 1, arbitrary: fc.constantFrom('FF', 'P O', 'F,', '1', 'CO') },
  ),
  spelling: fc.constantFrom(...spellings),
});

/** The line for these fields as they are, with a separator that none of them has; null where there is none. */
function lineOf(typed: FormatFields, magic: string, mask: string): Buffer | null {
  const matching =
    typed.type === 'extension'
      ? ['E', '', typed.extension.replace(/^\./, ''), '']
      : ['M', typed.offset, escapes(magic), escapes(mask)];
  const parts = [typed.name, ...matching, typed.interpreter, typed.flags].map(encodeBytes);
  const separator = Array.from({ length: 31 }, (_, index) => index + 1).find(
    (byte) => !parts.some((part) => part.includes(byte)),
  );
  return separator === undefined
    ? null
    : Buffer.concat(parts.flatMap((part) => [Buffer.of(separator), part]));
}

test('what people type to describe a format is taken exactly when the kernel takes it, and becomes that entry', () => {
  const seen = { accepted: 0, refused: 0, ownPrograms: 0 };
  fc.assert(
    fc.property(fields, ({ mask: wantedMask, spelling, magic, ...rest }) => {
      const mask = wantedMask === 'same' ? 'fe'.repeat(magic.length / 2) : (wantedMask ?? '');
      const typed = { ...rest, interpreter: '/bin/bash', magic: spelling(magic), mask: spelling(mask) };
      const raw = lineOf(typed, magic, mask);
      // What is too long with every byte an escape may fit otherwise.
      if (raw === null || raw.length > 1920) return;

      const verdict = parseFormat(typed, os.machine());
      if (!verdict.ok && verdict.problem.some((problem) => /own programs/.test(problem.sentence))) {
        // Ours is the stricter one: registering it would stop the machine.
        seen.ownPrograms += 1;
        return;
      }
      const answer = askKernel(raw, typed.name);
      expect(verdict.ok, JSON.stringify([typed, verdict, answer])).toBe('text' in answer);
      if (!verdict.ok || !('text' in answer)) {
        seen.refused += 1;
        return;
      }
      const { registration } = verdict.value;
      const line = formatRegisterLine(registration);
      expect(line.ok && askKernel(encodeBytes(line.value), registration.name)).toEqual(answer);
      expect(entryOfDesired({ registration, enabled: true }).text).toBe(answer.text);
      if (registration.kind === 'magic') expect(bytesOfHex(registration.magic)).toEqual(bytesOfHex(magic));
      seen.accepted += 1;
    }),
    { numRuns: 3000 },
  );
  expect(seen.accepted).toBeGreaterThan(400);
  expect(seen.refused).toBeGreaterThan(400);
});
