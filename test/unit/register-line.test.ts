import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBytes, encodeBytes } from '../../electron/binfmt/bytes.ts';
import {
  formatRegisterLine,
  type MagicRegistration,
  parseRegisterLine,
  problemOfRegistration,
  type Registration,
  registrationLimits,
} from '../../electron/binfmt/register-line.ts';
import { registration } from '../support/arbitraries.ts';
import { registrationOfTarget } from '../support/example-data.ts';

const SENTENCE = /^[A-Z“].*\.$/s;
const arm = (changes: Partial<MagicRegistration> = {}): MagicRegistration =>
  registrationOfTarget('arm', changes);
const jar = (changes: { name?: string; extension?: string }): Registration => ({
  kind: 'extension',
  name: 'jar',
  extension: 'jar',
  interpreter: '/usr/bin/jexec',
  flags: '',
  ...changes,
});

describe('a register line', () => {
  test('looks as qemu-binfmt-conf.sh writes it', () => {
    expect(formatRegisterLine(arm())).toEqual({
      ok: true,
      value: String.raw`:qemu-arm:M::\x7fELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x28\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-arm-static:F`,
    });
  });

  test('of an extension has neither offset nor mask', () => {
    expect(formatRegisterLine(jar({}))).toEqual({ ok: true, value: ':jar:E::jar::/usr/bin/jexec:' });
  });

  test('begins with a separator that occurs in none of its fields', () => {
    const line = formatRegisterLine(arm({ name: 'a:b|c', interpreter: '/opt/d,e;f' }));
    expect(line).toMatchObject({ ok: true, value: expect.stringMatching(/^!a:b\|c!M!!/) });
  });

  test('is read back as what it was made of, whatever that is', () => {
    fc.assert(
      fc.property(registration, (wanted) => {
        expect(problemOfRegistration(wanted)).toBeNull();
        const line = formatRegisterLine(wanted);
        if (!line.ok) {
          expect(line.problem).toMatch(/^(The register line has \d+ bytes|Its fields use up)/);
          return;
        }
        expect(parseRegisterLine(line.value)).toEqual({ ok: true, value: wanted });
        // What the kernel gets are the bytes.
        const asBytes = encodeBytes(line.value);
        expect(parseRegisterLine(`${decodeBytes(asBytes)}\n`)).toEqual({ ok: true, value: wanted });
        expect(asBytes.length).toBeGreaterThanOrEqual(registrationLimits.shortestLine);
        expect(asBytes.length).toBeLessThanOrEqual(registrationLimits.longestLine);
      }),
      { numRuns: 600 },
    );
  });

  test.each(['41', '80', 'ff', '3a', '5c'])('of 256 bytes %s and their mask fits', (byte) => {
    const wanted = arm({ magic: byte.repeat(256), mask: '0f'.repeat(256) });
    const line = formatRegisterLine(wanted);
    expect(line.ok && parseRegisterLine(line.value)).toEqual({ ok: true, value: wanted });
  });

  test('that would be too long is refused with its length and the limit', () => {
    const line = formatRegisterLine(arm({ magic: '00'.repeat(256), mask: '00'.repeat(256) }));
    expect(line).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/has 20\d\d bytes; .* at most 1920\.$/),
    });
  });

  test('may be exactly as long as the kernel takes, and no longer', () => {
    const rest = encodeBytes(':x:E::e:::').length;
    const withInterpreterOf = (length: number): boolean =>
      formatRegisterLine({ ...jar({ name: 'x', extension: 'e' }), interpreter: `/${'i'.repeat(length - 1)}` })
        .ok;
    expect(withInterpreterOf(registrationLimits.longestLine - rest)).toBe(true);
    expect(withInterpreterOf(registrationLimits.longestLine - rest + 1)).toBe(false);
  });

  test('cannot be made when the fields leave no separator', () => {
    const name = Array.from({ length: 127 }, (_, index) => String.fromCharCode(index + 1))
      .join('')
      .replace('/', '');
    expect(formatRegisterLine(arm({ name }))).toEqual({
      ok: false,
      problem: 'Its fields use up every character that could separate them.',
    });
  });
});

describe('reading a register line', () => {
  const magicOf = (line: string): unknown => {
    const parsed = parseRegisterLine(line);
    return parsed.ok && parsed.value.kind === 'magic' ? parsed.value.magic : parsed;
  };

  test('undoes escapes as the kernel does', () => {
    expect(magicOf(String.raw`:x:M::\x7fELF::/i:`)).toBe('7f454c46');
    expect(magicOf(String.raw`:x:M::\xF0\X41::/i:`)).toBe('f05c583431');
    expect(magicOf(String.raw`:x:M::a\\x41\xf0::/i:`)).toBe('615c5c783431f0');
    expect(magicOf(String.raw`:x:M::a\::/i:`)).toBe('615c');
  });

  test('takes the separator it begins with, and an offset', () => {
    expect(parseRegisterLine('|a:b|M|+12|ab|\\xf0\\xff|/i:j|OC')).toEqual({
      ok: true,
      value: {
        kind: 'magic',
        name: 'a:b',
        offset: 12,
        magic: '6162',
        mask: 'f0ff',
        interpreter: '/i:j',
        flags: 'OC',
      },
    });
  });

  test.each([
    ['nothing', ''],
    ['a line break alone', '\n'],
    ['no separator behind the interpreter', ':x:M::ab::/i'],
    ['a field too many', ':x:M::ab::/i:F:'],
    ['an unknown type', ':x:B::ab::/i:'],
    ['an offset in letters', ':x:M:one:ab::/i:'],
    ['a negative offset', ':x:M:-1:ab::/i:'],
    ['a sign and no offset', ':x:M:+:ab::/i:'],
    ['half an escape', String.raw`:x:M::\x7::/i:`],
    ['half an escape behind a backslash', String.raw`:x:M::\\x7::/i:`],
    ['half an escape in the mask', String.raw`:x:M::a:\xfg:/i:`],
    ['no magic', ':x:M::::/i:'],
    ['a mask of another length', ':x:M::ab:a:/i:'],
    ['no name', '::M::ab::/i:'],
    ['flags that are no letters', ':x:M::ab::/i:F0'],
  ])('refuses %s with a sentence', (_what, line) => {
    const parsed = parseRegisterLine(line);
    expect(parsed).toMatchObject({ ok: false });
    expect(parsed.ok ? '' : parsed.problem).toMatch(/^[A-Z].*(\.|flags)$/);
  });
});

describe('fields that the kernel would refuse', () => {
  test.each<[string, Registration]>([
    ['an empty name', arm({ name: '' })],
    ['the name “.”', arm({ name: '.' })],
    ['the name “..”', arm({ name: '..' })],
    ['a name with a slash', arm({ name: 'a/b' })],
    ['a name with NUL', arm({ name: 'a\0b' })],
    ['a name of 256 bytes', arm({ name: 'n'.repeat(256) })],
    ['a name of 128 letters of two bytes', arm({ name: 'ä'.repeat(128) })],
    ['the name “register”', arm({ name: 'register' })],
    ['the name “status”', arm({ name: 'status' })],
    ['no interpreter', arm({ interpreter: '' })],
    ['an interpreter with NUL', arm({ interpreter: '/a\0b' })],
    ['flags that are no letters', arm({ flags: 'F:' })],
    ['no magic', arm({ magic: '', mask: null })],
    ['a magic that is no hex', arm({ magic: 'xy', mask: null })],
    ['half a byte of magic', arm({ magic: '7f4', mask: null })],
    ['a mask that is no hex', arm({ magic: '7f', mask: 'zz' })],
    ['a mask of another length', arm({ magic: '7f45', mask: 'ff' })],
    ['a negative offset', arm({ offset: -1 })],
    ['half an offset', arm({ offset: 0.5 })],
    ['an offset that is no number', arm({ offset: Number.NaN })],
    ['a magic that reaches too far', arm({ offset: 255, magic: '7f45', mask: null })],
    ['257 bytes of magic', arm({ magic: '7f'.repeat(257), mask: null })],
    ['no extension', jar({ extension: '' })],
    ['an extension with a slash', jar({ extension: 'a/b' })],
    ['an extension with NUL', jar({ extension: 'a\0b' })],
  ])('%s is refused with a sentence', (_what, refused) => {
    const problem = problemOfRegistration(refused);
    expect(problem).toMatch(SENTENCE);
    expect(formatRegisterLine(refused)).toEqual({ ok: false, problem });
  });

  test.each<[string, Registration]>([
    ['a name of 255 bytes', arm({ name: 'n'.repeat(255) })],
    ['a relative interpreter', arm({ interpreter: 'qemu-arm' })],
    ['a name like a shell command', arm({ name: '$(reboot)' })],
    ['a magic that ends with byte 256', arm({ offset: 254, magic: '7f45', mask: null })],
    ['a flag of a newer kernel', arm({ flags: 'FT' })],
    ['an extension with dots', jar({ extension: 'tar.gz' })],
  ])('%s is not among them', (_what, accepted) => {
    expect(problemOfRegistration(accepted)).toBeNull();
    expect(formatRegisterLine(accepted).ok).toBe(true);
  });
});
