import { describe, expect, test } from 'vitest';
import { confFileOf, confFilesOf, confLineOf } from '../../electron/binfmt/exchange/conf.ts';
import type { DesiredEntry } from '../../electron/binfmt/exchange/desired-entry.ts';
import { templateFilesOf, templateOf } from '../../electron/binfmt/exchange/template.ts';
import type {
  ExtensionRegistration,
  MagicRegistration,
  Registration,
} from '../../electron/binfmt/register-line.ts';
import { registrationOfTarget } from '../support/example-data.ts';

const magic = (changes: Partial<MagicRegistration> = {}): MagicRegistration =>
  registrationOfTarget('arm', {
    name: 'm',
    magic: 'f0f1',
    mask: null,
    interpreter: '/i',
    flags: '',
    ...changes,
  });
const extension = (changes: Partial<ExtensionRegistration> = {}): ExtensionRegistration => ({
  kind: 'extension',
  name: 'jar',
  extension: 'jar',
  interpreter: '/usr/bin/jexec',
  flags: '',
  ...changes,
});
const enabled = (registration: Registration): DesiredEntry => ({ registration, enabled: true });

describe('a line of a .conf file', () => {
  test.each<[string, Registration, string]>([
    ['an extension', extension(), ':jar:E::jar::/usr/bin/jexec:'],
    ['an offset and a mask', magic({ offset: 4, mask: 'fffe' }), String.raw`:m:M:4:\xf0\xf1:\xff\xfe:/i:`],
    ['a colon and a bar in a path', magic({ interpreter: '/a:b|c' }), String.raw`,m,M,,\xf0\xf1,,/a:b|c,`],
    ['no comment sign in front', magic({ interpreter: '/:|,!' }), String.raw`%m%M%%\xf0\xf1%%/:|,!%`],
  ])('has %s', (_what, registration, line) => {
    expect(confLineOf(registration)).toEqual({ ok: true, value: line });
  });

  test('never begins with what systemd takes for a comment or strips', () => {
    // Everything else that could separate the fields is used up.
    const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('');
    const path = `/${printable.replaceAll(/[\w/\\#;]/g, '')}_`;
    const line = confLineOf(magic({ interpreter: path }));
    expect(line.ok && line.value.charCodeAt(0)).toBe(1);
  });

  test.each<[string, Registration]>([
    ['a line break in the name', magic({ name: 'a\nb' })],
    ['a line break in the path', magic({ interpreter: '/a\nb' })],
    ['a carriage return, which systemd takes for a line break', magic({ interpreter: '/a\rb' })],
    ['a line break in the extension', extension({ extension: 'a\nb' })],
    [
      'a line as long as the kernel takes: systemd adds a line break',
      magic({ interpreter: `/${'i'.repeat(1902)}` }),
    ],
  ])('cannot be made of %s', (_what, registration) => {
    expect(confLineOf(registration)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });

  test('escapes line breaks in a magic, of any length', () => {
    const long = magic({ magic: '0d'.repeat(200), mask: 'ff'.repeat(200) });
    expect(confLineOf(long)).toMatchObject({ ok: true, value: expect.not.stringMatching(/[\r\n]/) });
  });
});

describe('.conf files', () => {
  const desired = [
    enabled(magic({ name: 'new' })),
    { registration: extension(), enabled: false },
    enabled(magic({ name: 'a\nb' })),
    enabled(magic({ name: 'old' })),
  ];

  test('are one for each entry, or one for all with the oldest first', () => {
    expect(confFilesOf(desired).files.map((file) => file.name)).toEqual(['new.conf', 'jar.conf', 'old.conf']);
    expect(confFileOf(desired, 'mine.conf').files).toEqual([
      {
        name: 'mine.conf',
        text: String.raw`:old:M::\xf0\xf1::/i:
:jar:E::jar::/usr/bin/jexec:
:new:M::\xf0\xf1::/i:
`,
      },
    ]);
  });

  test('do not drop in silence what they cannot say', () => {
    const sentences = [
      'jar is disabled, which a .conf file cannot say: systemd will enable it.',
      'a\nb cannot be written into a .conf file. A line break in it cannot be written into a line.',
    ];
    expect(confFileOf(desired, 'x').notCarried).toEqual(sentences);
    expect(confFilesOf(desired).notCarried.slice(0, 2)).toEqual(sentences);
  });

  test('are none for names that no file can have, which one file can hold', () => {
    const names = ['.hidden', 'n'.repeat(251), 'fine'];
    const all = names.map((name) => enabled(extension({ name })));
    const { files, notCarried } = confFilesOf(all);
    expect(files.map(({ name }) => name)).toEqual(['fine.conf']);
    expect(notCarried).toEqual([
      '.hidden cannot have a .conf file of its own. systemd leaves out files that begin with a dot, like “.hidden.conf”. One file can hold it.',
      expect.stringMatching(/^n{251} cannot have .* has 256 bytes, .* One file can hold it\.$/),
    ]);
    expect(confFileOf(all, 'x.conf').files[0]?.text.split('\n')).toHaveLength(4);
    expect(confFileOf(all, 'x.conf').notCarried).toEqual([]);
  });

  test('tell where the names of files would put entries into another order', () => {
    const [a, b] = [enabled(magic({ name: 'a' })), enabled(magic({ name: 'b' }))];
    const other = enabled(magic({ name: 'c', magic: 'b0b1' }));
    expect(confFilesOf([b, a, other]).remarks).toEqual([]);
    expect(confFilesOf([a, b, other]).remarks).toEqual([
      expect.stringMatching(/^systemd takes these files .* such as b before a\.$/),
    ]);
    expect(confFileOf([a, b], 'x')).not.toHaveProperty('remarks');
  });
});

describe('templates of binfmt-support', () => {
  test('say all that there is to say of an extension', () => {
    expect(templateOf(extension({ flags: 'POC' }))).toEqual({
      ok: true,
      value:
        'package jar\ninterpreter /usr/bin/jexec\nextension jar\ncredentials yes\npreserve yes\nfix_binary no\n',
    });
  });

  test('have an offset and a mask only where there is one', () => {
    expect(templateOf(magic({ offset: 12, mask: 'fffe', flags: 'F' }))).toEqual({
      ok: true,
      value: String.raw`package m
interpreter /i
offset 12
magic \xf0\xf1
mask \xff\xfe
credentials no
preserve no
fix_binary yes
`,
    });
    expect(templateOf(magic())).toMatchObject({ ok: true, value: expect.not.stringMatching(/offset|mask/) });
  });

  test.each<[string, Registration]>([
    ['a colon in the path', magic({ interpreter: '/a:b' })],
    ['a colon in the name', magic({ name: 'a:b' })],
    ['a colon in the extension', extension({ extension: 'a:b' })],
    ['a line break', magic({ interpreter: '/a\nb' })],
    ['a path that ends in a space', magic({ interpreter: '/a ' })],
    ['flag O without C', magic({ flags: 'O' })],
    ['a flag of a newer kernel', magic({ flags: 'FT' })],
    [
      'a magic so long that its escapes do not fit',
      magic({ magic: '41'.repeat(256), mask: 'ff'.repeat(256) }),
    ],
  ])('cannot be made of %s', (_what, registration) => {
    expect(templateOf(registration)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });

  test('do not drop in silence what they cannot say', () => {
    const desired = [
      enabled(magic({ name: 'one' })),
      { registration: extension(), enabled: false },
      enabled(magic({ name: 'twin' })),
      enabled(magic({ name: 'colon', interpreter: '/a:b' })),
    ];
    const { files, notCarried, remarks } = templateFilesOf(desired);
    expect(files.map((file) => file.name)).toEqual(['one', 'jar', 'twin']);
    expect(notCarried).toEqual([
      'jar is disabled, which a template cannot say: it will be enabled.',
      expect.stringMatching(/^one and twin match the same files/),
      'colon cannot be written into a template of binfmt-support. What holds a colon cannot be registered by binfmt-support.',
    ]);
    expect(remarks).toEqual([
      expect.stringMatching(/^binfmt-support does not say .* such as one and jar\.$/),
    ]);
  });
});
