import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import { shellQuote } from '../../electron/elevation/shell-quote.ts';
import { byteText } from '../support/arbitraries.ts';

/** The bytes that bash takes each word for. */
function readByBash(words: readonly string[]): readonly Buffer[] {
  const script = words.map((word) => `printf '%s\\0' ${word}\n`).join('');
  const output = execFileSync('/bin/bash', ['-c', script], { cwd: '/', maxBuffer: 1 << 26 });
  const bytes: Buffer[] = [];
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf(0, start);
    bytes.push(output.subarray(start, end));
    start = end + 1;
  }
  return bytes;
}

describe('a quoted word', () => {
  test('stands for its bytes and nothing else, whatever they are', () => {
    const words = fc.array(byteText({ minLength: 0, maxLength: 40 }).map(encodeBytes), {
      minLength: 60,
      maxLength: 60,
    });
    fc.assert(
      fc.property(words, (wanted) => {
        expect(readByBash(wanted.map(shellQuote))).toEqual(wanted);
      }),
      { numRuns: 15 },
    );
  });

  test('stands for every single byte, and for a digit behind it', () => {
    const wanted = Array.from({ length: 255 }, (_, index) => Buffer.of(index + 1, 0x31));
    expect(readByBash(wanted.map(shellQuote))).toEqual(wanted);
  });

  test.each([
    '',
    '$(reboot)',
    '`reboot`',
    "it's",
    "';reboot;'",
    '\\',
    "\\'",
    'a\nb',
    "a\n'b\\",
    '\x1b]0;title\x07',
    'ä\udcff',
    '-n',
    '!!',
    '~',
    '*',
    "$'\\x41'",
  ])('stands for %j', (text) => {
    expect(readByBash([shellQuote(encodeBytes(text))])).toEqual([encodeBytes(text)]);
  });

  test('is printable ASCII on one line', () => {
    fc.assert(
      fc.property(byteText({ minLength: 0, maxLength: 60 }), (text) => {
        expect(shellQuote(encodeBytes(text))).toMatch(/^\$?'[ -~]*'$/);
      }),
    );
  });

  test('cannot hold NUL', () => {
    expect(() => shellQuote(Buffer.from('a\0b'))).toThrow(RangeError);
  });
});
