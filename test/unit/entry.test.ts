import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEnabled, parseEntry, registrationOf, saysTheSame } from '../../electron/binfmt/entry.ts';
import { registration } from '../support/arbitraries.ts';
import { entryOf, entryText, jarEntry, magicEntry, registrationOfTarget } from '../support/example-data.ts';

const AARCH64_TEXT = `enabled
interpreter /usr/bin/qemu-aarch64-static
flags: F
offset 0
magic 7f454c460201010000000000000000000200b700
mask ffffffffffffff00fffffffffffffffffeffffff
`;

describe('the text of an entry', () => {
  test('that matches by magic and mask is read field by field', () => {
    expect(parseEntry('qemu-aarch64', AARCH64_TEXT)).toEqual({
      kind: 'magic',
      name: 'qemu-aarch64',
      text: AARCH64_TEXT,
      enabled: true,
      interpreter: '/usr/bin/qemu-aarch64-static',
      flags: 'F',
      unknownLines: [],
      offset: 0,
      magic: '7f454c460201010000000000000000000200b700',
      mask: 'ffffffffffffff00fffffffffffffffffeffffff',
    });
  });

  test('without a mask has none', () => {
    const text = 'disabled\ninterpreter /usr/bin/python3\nflags: \noffset 2\nmagic 6f0d0d0a\n';
    expect(parseEntry('python', text)).toMatchObject({
      kind: 'magic',
      enabled: false,
      flags: '',
      offset: 2,
      magic: '6f0d0d0a',
      mask: null,
    });
  });

  test('that matches by extension holds it without the dot', () => {
    const text = 'enabled\ninterpreter /usr/bin/jexec\nflags: P\nextension .jar\n';
    expect(parseEntry('jar', text)).toMatchObject({ kind: 'extension', extension: 'jar', flags: 'P' });
    expect(parseEntry('x', text.replace('.jar', '..tar.gz'))).toMatchObject({ extension: '.tar.gz' });
  });

  test('that a BPF program matches is known as such and keeps its lines', () => {
    const entry = parseEntry('wasm', 'disabled\nflags: \nbpf wasm_matcher\nbpf other\n');
    expect(entry).toMatchObject({
      kind: 'bpf',
      enabled: false,
      unknownLines: ['bpf wasm_matcher', 'bpf other'],
    });
    expect(registrationOf(entry)).toBeNull();
  });

  test('keeps flags that this program does not know', () => {
    expect(parseEntry('x', AARCH64_TEXT.replace('flags: F', 'flags: POCFTLDZ'))).toMatchObject({
      kind: 'magic',
      flags: 'POCFTLDZ',
    });
  });

  test('keeps lines that this program does not know', () => {
    expect(parseEntry('x', `${AARCH64_TEXT}namespace 4026531837\n`)).toMatchObject({
      kind: 'magic',
      unknownLines: ['namespace 4026531837'],
    });
  });

  test.each(['/opt/my emulators/qemu arm', ' ', '/a\nb', '/a\nflags: F\nmagic 00', '/a\n', '\n\n'])(
    'names the interpreter %j as it is',
    (interpreter) => {
      const entry = magicEntry({ interpreter });
      expect(entry.interpreter).toBe(interpreter);
      expect(entry.flags).toBe('F');
      expect(entry.unknownLines).toEqual([]);
    },
  );

  test.each([
    ['nothing', ''],
    ['another first line', 'perhaps\ninterpreter /x\nflags: \noffset 0\nmagic 00\n'],
    ['no interpreter', 'enabled\nflags: \noffset 0\nmagic 00\n'],
    ['neither magic nor extension', 'enabled\ninterpreter /x\nflags: \noffset 0\n'],
    ['an empty magic', 'enabled\ninterpreter /x\nflags: \noffset 0\nmagic \n'],
    ['half a byte of magic', 'enabled\ninterpreter /x\nflags: \noffset 0\nmagic 7f4\n'],
    ['a mask shorter than the magic', 'enabled\ninterpreter /x\nflags: \noffset 0\nmagic 7f45\nmask ff\n'],
    ['an offset in letters', 'enabled\ninterpreter /x\nflags: \noffset one\nmagic 7f45\n'],
    [
      'an offset outside of what the kernel reads',
      'enabled\ninterpreter /x\nflags: \noffset 255\nmagic 7f45\n',
    ],
  ])('with %s is unreadable, with the reason', (_what, text) => {
    const entry = parseEntry('x', text);
    expect(entry).toMatchObject({ kind: 'unreadable', name: 'x', text });
    expect(entry).toHaveProperty('reason', expect.stringMatching(/^[A-Z].*\.$/));
    expect(isEnabled(entry)).toBe(false);
    expect(registrationOf(entry)).toBeNull();
  });

  test('never makes it throw, whatever it is', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'enabled',
        'disabled',
        'interpreter /x',
        'flags: ',
        'offset 0',
        'magic 7f',
        'mask ff',
        'mask',
        'bpf x',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.join('\n');
        expect(parseEntry('x', text)).toMatchObject({ name: 'x', text });
      }),
      { numRuns: 1000 },
    );
  });

  test('says all that is needed to register it again', () => {
    fc.assert(
      fc.property(registration, fc.boolean(), (wanted, enabled) => {
        const entry = entryOf(wanted, enabled);
        expect(registrationOf(entry)).toEqual(wanted);
        expect(isEnabled(entry)).toBe(enabled);
      }),
      { numRuns: 500 },
    );
  });
});

describe('two entries', () => {
  test('say the same when only one of them is disabled', () => {
    expect(saysTheSame(magicEntry({}, true), magicEntry({}, false))).toBe(true);
  });

  test('do not say the same when anything else differs', () => {
    expect(saysTheSame(magicEntry(), magicEntry({ flags: 'PF' }))).toBe(false);
    expect(saysTheSame(magicEntry(), magicEntry({ name: 'other' }))).toBe(false);
    expect(saysTheSame(magicEntry(), jarEntry())).toBe(false);
    const text = entryText(registrationOfTarget('arm'));
    expect(saysTheSame(parseEntry('x', text), parseEntry('x', `${text}more\n`))).toBe(false);
  });
});
