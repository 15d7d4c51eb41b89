import { describe, expect, test } from 'vitest';
import { type FormatFields, parseFormat } from '../../electron/binfmt/exchange/format-fields.ts';
import { parseTypedBytes } from '../../electron/binfmt/exchange/typed-bytes.ts';
import { theTarget } from '../support/example-data.ts';

const magic = (changes: Partial<FormatFields> = {}): FormatFields => ({
  name: 'wine',
  type: 'magic',
  offset: '',
  magic: String.raw`\x4dZ`,
  mask: '',
  extension: '',
  interpreter: '/usr/bin/wine',
  flags: '',
  ...changes,
});
const extension = (changes: Partial<FormatFields> = {}): FormatFields =>
  magic({ type: 'extension', magic: '', extension: '.exe', ...changes });

const typed = (fields: FormatFields) => {
  const format = parseFormat(fields, 'x86_64');
  if (!format.ok) throw new Error(JSON.stringify(format.problem));
  return format.value;
};
const problemsOf = (fields: FormatFields) => {
  const format = parseFormat(fields, 'x86_64');
  return format.ok ? [] : format.problem;
};

describe('bytes that somebody types', () => {
  test.each([
    ['7f 45 4c 46', '7f454c46'],
    ['7f454c46', '7f454c46'],
    ['7F45 4C46', '7f454c46'],
    ['0x7f454c46', '7f454c46'],
    ['0x7f, 0x45,0x4C 0x46', '7f454c46'],
    ['7f:45:4c:46', '7f454c46'],
    ['  7f\n45 ', '7f45'],
    [String.raw`\x7fELF`, '7f454c46'],
    [String.raw`\x7f\x45\x4C\x46`, '7f454c46'],
    [String.raw`a\\x41\xf0`, '615c5c783431f0'],
    ['', ''],
  ])('%s', (text, hex) => {
    expect(parseTypedBytes(text)).toEqual({ ok: true, value: { hex, isText: false } });
  });

  test.each([
    ['MZ', '4d5a'],
    ['ä!', 'c3a421'],
    ['Hello World', '48656c6c6f20576f726c64'],
  ])('%s, which is text', (text, hex) => {
    expect(parseTypedBytes(text)).toEqual({ ok: true, value: { hex, isText: true } });
  });

  test.each(['7', '7f 4', 'BAD', '0x7', '7f 45 4g', String.raw`\x7`, String.raw`\x4G`])('not %s', (text) => {
    expect(parseTypedBytes(text)).toMatchObject({ ok: false, problem: expect.stringMatching(/^[A“].*/) });
  });
});

describe('a format that somebody describes', () => {
  test('becomes a registration', () => {
    expect(typed(magic({ offset: ' 4 ', mask: 'ff fe', flags: 'F' }))).toEqual({
      registration: {
        kind: 'magic',
        name: 'wine',
        offset: 4,
        magic: '4d5a',
        mask: 'fffe',
        interpreter: '/usr/bin/wine',
        flags: 'F',
      },
      warnings: [],
    });
  });

  test.each(['.exe', 'exe'])('has its extension with the dot or without: %s', (text) => {
    expect(typed(extension({ extension: text }))).toEqual({
      registration: {
        kind: 'extension',
        name: 'wine',
        extension: 'exe',
        interpreter: '/usr/bin/wine',
        flags: '',
      },
      warnings: [],
    });
  });

  test.each<[string, FormatFields, RegExp]>([
    ['text for a magic', magic({ magic: 'MZ' }), /^The magic was read as text: 4d 5a\.$/],
    ['an extension with a dot', extension({ extension: 'tar.gz' }), /never match/],
    ['credentials', magic({ flags: 'C' }), /set-uid/],
    ['argv[0]', magic({ flags: 'P' }), /one argument more/],
    ['a flag of the newest kernels', magic({ flags: 'T' }), /newest kernels know flag T/],
    ['a flag that nobody knows', magic({ flags: 'Z' }), /does not know flag Z/],
    ['a space behind the name', magic({ name: 'wine ' }), /space/],
    ['a space behind the path', magic({ interpreter: '/usr/bin/wine ' }), /space/],
    [
      'a magic of QEMU’s',
      magic({ magic: theTarget('aarch64').magic, mask: theTarget('aarch64').mask }),
      /programs of aarch64,/,
    ],
  ])('is taken with a warning when it has %s', (_what, fields, warning) => {
    expect(typed(fields).warnings).toEqual([expect.stringMatching(warning)]);
  });

  test.each<[keyof FormatFields, string, FormatFields, RegExp]>([
    ['name', 'no name', magic({ name: '' }), /must not be empty/],
    ['name', 'a slash in the name', magic({ name: 'a/b' }), /slash/],
    ['interpreter', 'a relative interpreter', magic({ interpreter: 'wine' }), /absolute/],
    ['flags', 'flags that are no letters', magic({ flags: 'F,C' }), /letters/],
    ['offset', 'an offset in hex', magic({ offset: '0x10' }), /decimal/],
    ['offset', 'an offset with a fraction', magic({ offset: '1.5' }), /decimal/],
    ['offset', 'a negative offset', magic({ offset: '-1' }), /0 or more/],
    ['offset', 'an offset out of reach', magic({ offset: '255' }), /first 256 bytes/],
    ['offset', 'a huge offset', magic({ offset: '9'.repeat(400) }), /whole number/],
    ['magic', 'no magic', magic({ magic: '' }), /empty/],
    ['magic', 'half a byte of magic', magic({ magic: '7f4' }), /two hex digits/],
    ['mask', 'half a byte of mask', magic({ mask: 'fff' }), /two hex digits/],
    ['mask', 'a mask too short', magic({ mask: 'ff' }), /has 1 bytes, and the magic 2/],
    ['extension', 'no extension', extension({ extension: '' }), /empty/],
    ['extension', 'a dot for an extension', extension({ extension: '.' }), /empty/],
    ['extension', 'a slash in the extension', extension({ extension: 'a/b' }), /slash/],
    ['magic', 'a magic of scripts', magic({ magic: '#!' }), /this machine’s own programs/],
    ['magic', 'a magic of the host', magic({ magic: String.raw`\x7fELF` }), /this machine’s own programs/],
    ['magic', 'a mask that lets everything pass', magic({ mask: '00 00' }), /this machine’s own programs/],
  ])('has a problem in its %s: %s', (field, _what, fields, sentence) => {
    expect(problemsOf(fields)).toEqual([{ field, sentence: expect.stringMatching(sentence) }]);
  });

  test('has all of its problems told at once, each with its field', () => {
    const fields = magic({ name: '', magic: '7', mask: 'f', offset: 'x', interpreter: '', flags: '1' });
    expect(problemsOf(fields).map((problem) => problem.field)).toEqual([
      'magic',
      'mask',
      'offset',
      'interpreter',
      'name',
      'flags',
    ]);
  });

  test('has a problem as a whole when its line would be too long', () => {
    expect(problemsOf(magic({ interpreter: `/${'i'.repeat(1920)}` }))).toEqual([
      { field: null, sentence: expect.stringMatching(/at most 1920/) },
    ]);
  });
});
