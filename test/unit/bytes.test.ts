import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBytes, encodeBytes } from '../../electron/binfmt/bytes.ts';
import { bytesOfHex, hexOfBytes } from '../../electron/binfmt/hex.ts';
import { byteText } from '../support/arbitraries.ts';

describe('bytes as text', () => {
  test('any bytes come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(encodeBytes(decodeBytes(bytes))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('also bytes that nearly are UTF-8', () => {
    // Lead and continuation bytes, surrogates, overlong forms, the byte order mark.
    const nearlyUtf8 = fc.constantFrom(
      0x41,
      0x80,
      0xbf,
      0xc0,
      0xc3,
      0xe0,
      0xed,
      0xef,
      0xbb,
      0xf0,
      0xf4,
      0xff,
    );
    fc.assert(
      fc.property(fc.array(nearlyUtf8, { maxLength: 12 }), (bytes) => {
        expect([...encodeBytes(decodeBytes(Uint8Array.from(bytes)))]).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  test('texts joined are their bytes joined', () => {
    const text = byteText({ minLength: 0, maxLength: 20 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(encodeBytes(one + other)).toEqual(Buffer.concat([encodeBytes(one), encodeBytes(other)]));
      }),
    );
  });

  test('valid UTF-8 is the text it always was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeBytes(Buffer.from(text, 'utf8'))).toBe(text);
        expect(encodeBytes(text)).toEqual(Buffer.from(text, 'utf8'));
      }),
    );
  });

  test('a byte that is no UTF-8 becomes a lone surrogate, as in PEP 383', () => {
    expect(decodeBytes(Buffer.from([0x61, 0xff, 0x62]))).toBe('a\udcffb');
    expect(decodeBytes(Buffer.from([0xc3, 0xa4, 0xc3]))).toBe('ä\udcc3');
    expect(decodeBytes(Buffer.from([0xff, 0xf0, 0x9f, 0x98, 0x80, 0xff]))).toBe('\udcff😀\udcff');
  });

  test('bytes in the middle of a larger buffer are read alone', () => {
    expect(decodeBytes(Buffer.from('before-name-after').subarray(7, 11))).toBe('name');
  });
});

describe('hex digits', () => {
  test('stand for any bytes, and those for the digits', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(hexOfBytes(bytes)).toMatch(/^[0-9a-f]*$/);
        expect(bytesOfHex(hexOfBytes(bytes))).toEqual(bytes);
      }),
    );
  });

  test.each(['7', '7f4', 'zz', '0x7f', ' 7f', '7f\n'])('%j is refused', (text) => {
    expect(() => bytesOfHex(text)).toThrow(RangeError);
  });
});
