import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { confFileNameFor } from '../../electron/binfmt/boot/conf-file-name.ts';
import { readConfText } from '../../electron/binfmt/boot/conf-text.ts';
import { formatConfFile } from '../../electron/binfmt/boot/own-file.ts';
import { authorOf, ownMarkFor } from '../../electron/binfmt/boot/own-mark.ts';
import type { Registration } from '../../electron/binfmt/register-line.ts';
import { byteText, registration } from '../support/arbitraries.ts';
import { registrationOfTarget } from '../support/example-data.ts';

const extensionNamed = (name: string, interpreter = '/bin/true', flags = ''): Registration => ({
  kind: 'extension',
  name,
  extension: 'x',
  interpreter,
  flags,
});

describe('the text of this program’s file', () => {
  test('is a mark and the register lines', () => {
    const text = formatConfFile([registrationOfTarget('aarch64'), extensionNamed('x')]);
    expect(text).toEqual({
      ok: true,
      value: [
        '# Kept at boot by QEMU Binfmt Manager, checksum 4ad583054bd04a4a',
        `:qemu-aarch64:M::\\x7fELF\\x02\\x01\\x01${'\\x00'.repeat(9)}\\x02\\x00\\xb7\\x00:${'\\xff'.repeat(7)}\\x00${'\\xff'.repeat(8)}\\xfe\\xff\\xff\\xff:/usr/bin/qemu-aarch64-static:F`,
        ':x:E::x::/bin/true:',
        '',
      ].join('\n'),
    });
  });

  test('is read as what was put into it, by systemd and by OpenRC, whatever that is', () => {
    const seen = { written: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(registration, { maxLength: 4 }), (registrations) => {
        const text = formatConfFile(registrations);
        if (!text.ok) {
          expect(text.problem).toMatch(/\.$/);
          seen.refused += 1;
          return;
        }
        for (const dialect of ['systemd-binfmt', 'openrc'] as const) {
          const { rules, problems } = readConfText('/x.conf', text.value, dialect);
          expect(problems).toEqual([]);
          expect(rules.map((rule) => rule.registration)).toEqual(registrations);
        }
        seen.written += 1;
      }),
      { numRuns: 150 },
    );
    expect(seen.written).toBeGreaterThan(30);
    expect(seen.refused).toBeGreaterThan(5);
  });

  test('is known again by its mark, until somebody changes anything', () => {
    const text = formatConfFile([registrationOfTarget('aarch64')]);
    if (!text.ok) throw new Error(text.problem);
    expect(authorOf(text.value)).toBe('us');
    const changes: readonly (readonly [string, string])[] = [
      [':F\n', ':OCF\n'],
      ['\n:', '\n# keep this\n:'],
      ['Manager', 'Manager of mine'],
      ['\n', '\r\n'],
    ];
    for (const [from, to] of changes) {
      expect(authorOf(text.value.replace(from, to))).toBe('us-and-others');
    }
    expect(authorOf(text.value.slice(text.value.indexOf('\n') + 1))).toBe('others');
    expect(authorOf('')).toBe('others');
  });

  test('may have its mark at any line', () => {
    fc.assert(
      fc.property(fc.array(byteText({ minLength: 0, maxLength: 20 }, '\n')), fc.nat(), (lines, place) => {
        const marked = lines.toSpliced(place % (lines.length + 1), 0, ownMarkFor(lines.join('\n')));
        expect(authorOf(marked.join('\n'))).toBe('us');
        expect(authorOf(`${marked.join('\n')}x`)).toBe('us-and-others');
      }),
    );
  });

  test.each(['a\nb', 'a\rb'])('cannot hold a name with a line break: %j', (name) => {
    expect(formatConfFile([extensionNamed(name)])).toMatchObject({
      ok: false,
      problem: 'A line break in it cannot be written into a line.',
    });
    expect(formatConfFile([extensionNamed('x', `/${name}`)]).ok).toBe(false);
  });

  test('escapes a carriage return that is part of a long magic', () => {
    const long = registrationOfTarget('aarch64', { magic: '0d'.repeat(250), mask: 'ff'.repeat(250) });
    const text = formatConfFile([long]);
    expect(text.ok && text.value.includes('\r')).toBe(false);
    expect(text.ok && readConfText('', text.value, 'systemd-binfmt').rules[0]?.registration).toEqual(long);
  });

  test('does not begin a line with a comment’s sign or white space', () => {
    const text = formatConfFile([extensionNamed(':|,!%&*+=@^~"\'()<>?[]{}$`-_')]);
    expect(text.ok && text.value.split('\n')[1]).toMatch(/^\.:/);
    const all = ':|,!%&*+=@^~"\'()<>?[]{}$`-_.';
    expect(formatConfFile([extensionNamed(`${all}\x01\x02\x03\x04\x05\x06\x07`)])).toMatchObject({
      ok: false,
    });
  });

  test('leaves room for the line break that the service adds', () => {
    const withLength = (length: number): Registration =>
      extensionNamed('n', `/${'i'.repeat(length - ':n:E::x:::'.length - 1)}`);
    expect(formatConfFile([withLength(1919)]).ok).toBe(true);
    expect(formatConfFile([withLength(1920)])).toEqual({
      ok: false,
      problem: 'With the line break that systemd adds it has 1921 bytes, more than the kernel takes.',
    });
  });

  test('cannot hold what the kernel would refuse', () => {
    expect(formatConfFile([extensionNamed('status')]).ok).toBe(false);
    expect(formatConfFile([extensionNamed('x', '')]).ok).toBe(false);
  });
});

describe('the name of an entry’s file', () => {
  test.each([
    ['qemu-aarch64', 'qemu-aarch64.conf'],
    ['$(reboot) é', '$(reboot) é.conf'],
    ['x.conf', 'x.conf.conf'],
    ['n'.repeat(250), `${'n'.repeat(250)}.conf`],
  ])('%j is %j', (name, file) => {
    expect(confFileNameFor(name)).toEqual({ ok: true, value: file });
  });

  test.each(['', '.hidden', '..', 'a/b', '/', 'a\0b', 'n'.repeat(251), 'é'.repeat(126), '\ud800'])(
    'there is none for %j',
    (name) => {
      expect(confFileNameFor(name)).toEqual({ ok: false, problem: expect.stringMatching(/\.$/) });
    },
  );

  test('is another for another entry', () => {
    const name = byteText({ minLength: 1, maxLength: 20 }, '/');
    fc.assert(
      fc.property(name, name, (one, other) => {
        fc.pre(one !== other);
        const [first, second] = [confFileNameFor(one), confFileNameFor(other)];
        expect(first.ok && second.ok && first.value === second.value).toBe(false);
      }),
    );
  });
});
