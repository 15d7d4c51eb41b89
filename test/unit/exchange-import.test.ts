import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readConfText } from '../../electron/binfmt/boot/conf-text.ts';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import { confFileOf } from '../../electron/binfmt/exchange/conf.ts';
import { entryOfDesired } from '../../electron/binfmt/exchange/desired-entry.ts';
import {
  type ImportedRegistrations,
  LARGEST_REGISTRATIONS_FILE,
  parseRegistrationsFile,
} from '../../electron/binfmt/exchange/import.ts';
import { jsonErrorIndex, placeOf } from '../../electron/binfmt/exchange/json-syntax.ts';
import { brokenFiles } from '../support/broken-files.ts';
import { anyDesired } from '../support/desired-entries.ts';

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
const read = (name: string, content: string | Uint8Array): ImportedRegistrations => {
  const result = parseRegistrationsFile(name, bytesOf(content));
  if (!result.ok) throw new Error(result.problem.sentence);
  return result.value;
};

const ELF = String.raw`\x7fELF\x02\x01\x01\x00`;
const jsonWith = (entry: object): string =>
  JSON.stringify({ format: 'qemu-binfmt-manager/registrations', version: 1, entries: [entry] });
const jar = { name: 'jar', enabled: true, type: 'extension', extension: 'jar', interpreter: '/i', flags: '' };

describe('a file that is broken, foreign, too new or hostile', () => {
  test('is one of forty kinds and more', () => {
    expect(brokenFiles.length).toBeGreaterThanOrEqual(40);
  });

  test.each(brokenFiles)(
    'is refused with the place: $what',
    ({ name = 'x.json', content, place, sentence }) => {
      const result = parseRegistrationsFile(name, bytesOf(content));
      expect(result).toMatchObject({ ok: false });
      if (result.ok) return;
      const { problem } = result;
      expect(problem.line ?? problem.path).toBe(place);
      expect(problem.sentence).toMatch(/^[^\n]{1,300}(\.|:flags)$/);
      expect(problem.sentence).toContain(sentence);
      expect(problem.sentence.startsWith(typeof place === 'number' ? `Line ${place}` : place)).toBe(true);
    },
  );

  test('is refused by its size before it is looked at', () => {
    const result = parseRegistrationsFile('x.json', Buffer.alloc(100 * 1024 * 1024, '['));
    expect(result).toEqual({
      ok: false,
      problem: { sentence: 'The file has more than 4 MiB, which are too many for a list of registrations.' },
    });
  });

  test.each([
    ['nested as deep as fits', Buffer.alloc(LARGEST_REGISTRATIONS_FILE, '[')],
    ['nested and closed', Buffer.from(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`)],
    ['a string that never ends', Buffer.from(`{"${'a'.repeat(LARGEST_REGISTRATIONS_FILE - 2)}`)],
    ['spaces only', Buffer.alloc(LARGEST_REGISTRATIONS_FILE, ' ')],
    ['line breaks only', Buffer.alloc(LARGEST_REGISTRATIONS_FILE, '\n')],
    [
      'blanks around one letter',
      Buffer.alloc(LARGEST_REGISTRATIONS_FILE, ' ').fill('x', 1_000_000, 1_000_001),
    ],
    ['as many lines as fit', Buffer.alloc(LARGEST_REGISTRATIONS_FILE, ':a:E::a::/:\n')],
    [
      'as many different lines as fit',
      Buffer.from(Array.from({ length: 200_000 }, (_, n) => `:${n}:E::a::/:`).join('\n')),
    ],
    ['bytes that are no text', Buffer.alloc(LARGEST_REGISTRATIONS_FILE, 0xff)],
  ])('is refused before a test runs out of time, and no stack ends: %s', (_what, content) => {
    expect(parseRegistrationsFile('x.json', content)).toMatchObject({ ok: false });
  });

  test('pollutes nothing', () => {
    parseRegistrationsFile(
      'x.json',
      bytesOf('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'),
    );
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a .conf file', () => {
  test('gives what systemd would register, the last line first', () => {
    const text = `# comment\n\n; another\n  :a:E::a::/a:F\t\r\n|b|M|4|${ELF}||/b:c|\n`;
    expect(read('x.conf', text)).toEqual({
      source: 'conf',
      notes: [],
      entries: [
        {
          registration: {
            kind: 'magic',
            name: 'b',
            offset: 4,
            magic: '7f454c4602010100',
            mask: null,
            interpreter: '/b:c',
            flags: '',
          },
          enabled: true,
        },
        {
          registration: { kind: 'extension', name: 'a', extension: 'a', interpreter: '/a', flags: 'F' },
          enabled: true,
        },
      ],
    });
  });

  test('comes in as what went out, but for what it cannot say', () => {
    fc.assert(
      fc.property(anyDesired, (desired) => {
        const { files, notCarried } = confFileOf(desired, 'x.conf');
        const text = files[0]?.text ?? '';
        const carried = desired.filter(
          ({ registration: { name } }) =>
            !notCarried.some((one) => one.startsWith(`${name} cannot be written`)),
        );
        expect(carried.every((one) => one.enabled)).toBe(
          !notCarried.some((one) => one.includes(' is disabled, which a .conf file cannot say')),
        );
        if (carried.length === 0) {
          expect(text).toBe('');
          return;
        }
        expect(read('x.conf', encodeBytes(text)).entries.map(entryOfDesired)).toEqual(
          carried.map((one) => entryOfDesired({ ...one, enabled: true })),
        );
      }),
      { numRuns: 100 },
    );
  }, 30_000);

  test('may say a name twice: as with systemd, the later line takes the place of the earlier', () => {
    expect(read('x.conf', ':a:E::one::/one:\n:b:E::b::/b:\n:a:E::two::/two:\n')).toMatchObject({
      entries: [{ registration: { name: 'a', extension: 'two' } }, { registration: { name: 'b' } }],
      notes: ['Line 3 takes the place of line 1: both register a.'],
    });
  });

  test('is read as systemd reads it, relative interpreters and all', () => {
    const text = ':a:E::a::bin/a:\0:b:E::b::/b:\r\n\n\t:c:E::c::/c: \r';
    const { rules } = readConfText('', text, 'systemd-binfmt');
    expect(rules).toHaveLength(3);
    expect(read('x.conf', text).entries.map(({ registration }) => registration)).toEqual(
      rules.map(({ registration }) => registration).reverse(),
    );
  });

  test('leaves room for the line break that systemd adds', () => {
    const lineOf = (length: number): string => `:abc:E::x::/${'i'.repeat(length - 13)}:`;
    expect(lineOf(1919)).toHaveLength(1919);
    expect(parseRegistrationsFile('x.conf', bytesOf(lineOf(1919)))).toMatchObject({ ok: true });
    expect(parseRegistrationsFile('x.conf', bytesOf(lineOf(1920)))).toMatchObject({ ok: false });
  });

  test('keeps bytes that are not UTF-8', () => {
    const content = Buffer.from(':a:E::\xff\xe4::/\xf6:', 'latin1');
    expect(read('x', content).entries[0]?.registration).toMatchObject({
      extension: '\udcff\udce4',
      interpreter: '/\udcf6',
    });
  });
});

describe('what a file is', () => {
  test.each([
    ['registrations.json', jsonWith(jar), 'json'],
    ['registrations', `\ufeff \n${jsonWith(jar)}`, 'json'],
    ['misnamed.conf', jsonWith(jar), 'json'],
    ['formats.conf', ':a:E::a::/a:', 'conf'],
    ['misnamed.json', ':a:E::a::/a:', 'conf'],
    ['odd.conf', '{a{E{{a{{/a{', 'conf'],
  ] as const)('decides its content, as in %s', (name, content, source) => {
    expect(read(name, content).source).toBe(source);
  });

  test('hex digits come in as the kernel prints them', () => {
    const entry = {
      name: 'a',
      enabled: false,
      type: 'magic',
      offset: 0,
      magic: 'F0AB',
      mask: 'FFfe',
      interpreter: '/i',
      flags: 'C',
    };
    expect(read('x', jsonWith(entry)).entries).toEqual([
      {
        registration: {
          kind: 'magic',
          name: 'a',
          offset: 0,
          magic: 'f0ab',
          mask: 'fffe',
          interpreter: '/i',
          flags: 'C',
        },
        enabled: false,
      },
    ]);
  });
});

describe('the place where a text stops being JSON', () => {
  const token = fc.constantFrom(
    ...['{', '}', '[', ']', ',', ':', '"', '"a"', '"\\u00e4"', '\\', '\\x', '"\\q"', '"\\u12"', '"a\nb"'],
    ...['1', '-', '-0', '01', '1.', '.5', '1e', '1e+5', 'true', 'nul', 'null', ' ', '\n', '\t', '\v', 'ä'],
  );
  const nearlyJson = fc.oneof(
    fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join('')),
    fc.tuple(fc.json(), fc.nat(), token, fc.boolean()).map(([json, where, piece, inserted]) => {
      const index = where % (json.length + 1);
      return json.slice(0, index) + piece + json.slice(inserted ? index : index + 1);
    }),
    fc.json(),
    fc.tuple(fc.json(), fc.nat()).map(([json, length]) => json.slice(0, length % (json.length + 1))),
  );

  test('is told exactly when it is none', () => {
    const seen = { json: 0, broken: 0, told: 0 };
    fc.assert(
      fc.property(nearlyJson, (text) => {
        const index = jsonErrorIndex(text);
        const message = messageOf(text);
        expect(index === null, text).toBe(message === null);
        if (index === null || message === null) {
          seen.json += 1;
          return;
        }
        seen.broken += 1;
        expect(index).toBeLessThanOrEqual(text.length);
        // V8 tells the place of errors of this kind.
        const told = /Expected (?!double).* at position (\d+)/.exec(message)?.[1];
        if (told === undefined) return;
        expect(index, `${text}: ${message}`).toBe(Number(told));
        seen.told += 1;
      }),
      { numRuns: 5000 },
    );
    expect(Math.min(seen.json, seen.broken, seen.told)).toBeGreaterThan(300);
  });

  test('is a line and a column, both from 1', () => {
    expect(placeOf('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
    expect(placeOf('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
  });

  function messageOf(text: string): string | null {
    try {
      JSON.parse(text);
      return null;
    } catch (error) {
      return String(error);
    }
  }
});
