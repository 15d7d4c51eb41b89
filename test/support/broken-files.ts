/** A file that must not be imported, and the line or the path to which the problem must point. */
export interface BrokenFile {
  readonly what: string;
  readonly name?: string;
  readonly content: string | Uint8Array;
  readonly place: number | string;
  /** What the sentence says, in part. */
  readonly sentence: string;
}

const document = (changes: object): string =>
  JSON.stringify({ format: 'qemu-binfmt-manager/registrations', version: 1, entries: [], ...changes });
const magic = {
  name: 'm',
  enabled: true,
  type: 'magic',
  offset: 0,
  magic: 'f0f1',
  mask: null,
  interpreter: '/i',
  flags: 'F',
};
const extension = {
  name: 'e',
  enabled: true,
  type: 'extension',
  extension: 'e',
  interpreter: '/i',
  flags: '',
};
/** Behind an entry that is in order. */
const entry = (changes: object, from: object = magic): string =>
  document({ entries: [extension, { ...from, ...changes }] });
const without = (key: keyof typeof magic): string => {
  const { [key]: _left, ...rest } = magic;
  return document({ entries: [extension, rest] });
};
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const conf = (...lines: readonly string[]): string => [':fine:E::f::/f:', ...lines].join('\n');

const json: readonly BrokenFile[] = [
  { what: 'half a document', content: '{\n "format": "x",\n', place: 3, sentence: 'ends in the middle' },
  {
    what: 'a comma too many',
    content: '{\n "format": "x",\n}',
    place: 3,
    sentence: 'column 1: This is not JSON',
  },
  { what: 'a comment', content: '{\n // no\n}', place: 2, sentence: 'not JSON' },
  { what: 'something behind the end', content: '{}\n{}', place: 2, sentence: 'not JSON' },
  { what: 'single quotes', content: "{'format': 1}", place: 1, sentence: 'not JSON' },
  { what: 'a line break in a string', content: '{"a\n": 1}', place: 1, sentence: 'not JSON' },
  { what: 'NUL bytes', content: `${document({})}\0`, place: 1, sentence: 'not JSON' },
  {
    what: 'bytes that are not UTF-8',
    content: Buffer.from('{\n"a": "\xff"}', 'latin1'),
    place: 2,
    sentence: 'UTF-8',
  },
  {
    what: 'UTF-16',
    content: Buffer.from(`\ufeff${document({})}`, 'utf16le'),
    place: 1,
    sentence: 'UTF-8',
  },
  {
    what: 'another program’s',
    content: '{"name": "x"}',
    place: 'format',
    sentence: 'not a list of registrations',
  },
  { what: 'another format', content: document({ format: 'x' }), place: 'format', sentence: 'not a list' },
  { what: 'a list', content: '[1, 2]', place: 'format', sentence: 'not a list of registrations' },
  { what: 'null', content: 'null', place: 'format', sentence: 'not a list of registrations' },
  {
    what: 'a version of the future',
    content: document({ version: 2 }),
    place: 'version',
    sentence: 'version 2',
  },
  {
    what: 'one that knows more',
    content: document({ version: 2, more: 1 }),
    place: 'version',
    sentence: 'newer',
  },
  { what: 'version 0', content: document({ version: 0 }), place: 'version', sentence: 'must be 1' },
  {
    what: 'a version in words',
    content: document({ version: '1' }),
    place: 'version',
    sentence: 'must be 1',
  },
  {
    what: 'no version',
    content: '{"format": "qemu-binfmt-manager/registrations", "entries": []}',
    place: 'version',
    sentence: 'is missing',
  },
  {
    what: 'no entries',
    content: '{"format": "qemu-binfmt-manager/registrations", "version": 1}',
    place: 'entries',
    sentence: 'is missing',
  },
  {
    what: 'entries that are no list',
    content: document({ entries: {} }),
    place: 'entries',
    sentence: 'a list',
  },
  {
    what: 'an entry that is text',
    content: document({ entries: ['x'] }),
    place: 'entries[0]',
    sentence: 'an object',
  },
  {
    what: 'more entries than any machine has',
    content: document({
      entries: Array.from({ length: 1001 }, (_, index) => ({ ...extension, name: `e${index}` })),
    }),
    place: 'entries',
    sentence: 'no more than 1000',
  },
  { what: 'an unknown key', content: document({ entires: [] }), place: 'entires', sentence: 'not known' },
  {
    what: 'a key __proto__',
    content: document({}).replace('{', '{"__proto__": {"entries": []}, '),
    place: '__proto__',
    sentence: 'not known',
  },
  {
    what: 'a key __proto__ in an entry',
    content: entry({}).replace('{"name":"m"', '{"__proto__":{"name":"x"},"name":"m"'),
    place: 'entries[1].__proto__',
    sentence: 'not known',
  },
  {
    what: 'a key constructor',
    content: entry({ constructor: {} }),
    place: 'entries[1].constructor',
    sentence: 'not known',
  },
  {
    what: 'a key like a command, of any length',
    content: entry({ [`$(reboot)\n${'x'.repeat(10_000)}`]: 1 }),
    place: `entries[1]["$(reboot)\\n${'x'.repeat(30)}"]`,
    sentence: 'not known',
  },
  { what: 'a misspelt key', content: entry({ maks: 'ff' }), place: 'entries[1].maks', sentence: 'not known' },
  {
    what: 'an extension with a magic',
    content: entry({ magic: 'f0' }, extension),
    place: 'entries[1].magic',
    sentence: 'not known',
  },
  { what: 'no mask', content: without('mask'), place: 'entries[1].mask', sentence: 'is missing' },
  { what: 'no name', content: without('name'), place: 'entries[1].name', sentence: 'is missing' },
  { what: 'no type', content: without('type'), place: 'entries[1].type', sentence: 'must be “magic”' },
  {
    what: 'an unknown type',
    content: entry({ type: 'bpf' }),
    place: 'entries[1].type',
    sentence: 'must be “magic”',
  },
  {
    what: 'a type that every object has',
    content: entry({ type: 'constructor' }),
    place: 'entries[1].type',
    sentence: 'must be',
  },
  {
    what: 'a state in words',
    content: entry({ enabled: 'yes' }),
    place: 'entries[1].enabled',
    sentence: 'true or false',
  },
  {
    what: 'a name that is a number',
    content: entry({ name: 1 }),
    place: 'entries[1].name',
    sentence: 'must be text',
  },
  ...['', '.', '..', 'register', 'status', 'a/b', '../../etc/passwd', 'a\0b'].map((name) => ({
    what: `the name ${JSON.stringify(name)}`,
    content: entry({ name }),
    place: 'entries[1].name',
    sentence: 'must be a name',
  })),
  {
    what: 'a name of 256 bytes',
    content: entry({ name: 'ä'.repeat(128) }),
    place: 'entries[1].name',
    sentence: '255 bytes',
  },
  {
    what: 'a name with half a character',
    content: entry({ name: '\ud800' }),
    place: 'entries[1].name',
    sentence: 'half a character',
  },
  {
    what: 'a name twice',
    content: entry({ name: 'e' }),
    place: 'entries[1].name',
    sentence: 'entries[0], too',
  },
  {
    what: 'no interpreter',
    content: entry({ interpreter: '' }),
    place: 'entries[1].interpreter',
    sentence: 'empty',
  },
  {
    what: 'an interpreter with NUL',
    content: entry({ interpreter: '/\0' }),
    place: 'entries[1].interpreter',
    sentence: 'NUL',
  },
  {
    what: 'unknown flags',
    content: entry({ flags: 'FZ' }),
    place: 'entries[1].flags',
    sentence: 'letters of',
  },
  {
    what: 'flags that are no letters',
    content: entry({ flags: 'F\n:' }),
    place: 'entries[1].flags',
    sentence: 'letters of',
  },
  {
    what: 'a negative offset',
    content: entry({ offset: -1 }),
    place: 'entries[1].offset',
    sentence: '0 or more',
  },
  { what: 'half an offset', content: entry({ offset: 0.5 }), place: 'entries[1].offset', sentence: 'whole' },
  {
    what: 'an offset beyond what the kernel looks at',
    content: entry({ offset: 256 }),
    place: 'entries[1].offset',
    sentence: '255',
  },
  {
    what: 'a magic that reaches too far',
    content: entry({ offset: 255 }),
    place: 'entries[1].offset',
    sentence: 'beyond the first 256',
  },
  { what: 'no magic', content: entry({ magic: '' }), place: 'entries[1].magic', sentence: 'hex' },
  {
    what: 'half a byte of magic',
    content: entry({ magic: 'f' }),
    place: 'entries[1].magic',
    sentence: 'hex',
  },
  {
    what: 'a magic of 257 bytes',
    content: entry({ magic: 'f0'.repeat(257) }),
    place: 'entries[1].magic',
    sentence: 'hex',
  },
  {
    what: 'a mask of another length',
    content: entry({ mask: 'ff' }),
    place: 'entries[1].mask',
    sentence: 'as long as',
  },
  {
    what: 'an extension with a slash',
    content: entry({ extension: 'a/b' }, extension).replace('"name":"e"', '"name":"f"'),
    place: 'entries[1].extension',
    sentence: 'slash',
  },
  {
    what: 'a line longer than the kernel takes',
    content: entry({ magic: '00'.repeat(256), mask: '00'.repeat(256) }),
    place: 'entries[1]',
    sentence: 'at most 1920',
  },
  {
    what: 'a target that is none',
    content: document({ targets: [{}] }),
    place: 'targets[0].name',
    sentence: 'missing',
  },
  {
    what: 'an entry nested deep',
    content: `${document({}).slice(0, -2)}${nested(5000)}]}`,
    place: 'entries[0].type',
    sentence: 'must be',
  },
];

const lines: readonly BrokenFile[] = [
  { what: 'nothing', content: '', place: 1, sentence: 'empty' },
  { what: 'white space', content: ' \n\t\n', place: 1, sentence: 'empty' },
  { what: 'comments only', content: '# a\n; b\n', place: 1, sentence: 'no register line' },
  {
    what: 'a picture',
    content: Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1'),
    place: 1,
    sentence: 'too short',
  },
  {
    what: 'a program',
    content: Buffer.from('\x7fELF\x02\x01\x01\0\0', 'latin1'),
    place: 1,
    sentence: 'too short',
  },
  { what: 'a script', content: '#!/bin/sh\nrm -rf /\n', place: 2, sentence: 'too short' },
  {
    what: 'a longer script',
    content: '#!/bin/sh\nrm -rf --one-file-system /\n',
    place: 2,
    sentence: 'seven fields',
  },
  { what: 'a template of binfmt-support', content: 'package qemu-arm\n', place: 1, sentence: 'seven fields' },
  { what: 'a line that is cut off', content: conf(':a:E::a::/a'), place: 2, sentence: 'seven fields' },
  {
    what: 'a field too many',
    content: conf('# comment', ':a:E::a::/a:F:'),
    place: 3,
    sentence: 'seven fields',
  },
  { what: 'an unknown type', content: conf(':a:B::a::/a:'), place: 2, sentence: 'type' },
  {
    what: 'a name that leads elsewhere',
    content: conf(':../a:E::a::/a:'),
    place: 2,
    sentence: 'refuses the name',
  },
  { what: 'the name register', content: conf(':register:E::a::/a:'), place: 2, sentence: 'register' },
  { what: 'an offset too large', content: conf(':a:M:256:a::/a:'), place: 2, sentence: 'beyond' },
  { what: 'half an escape', content: conf(String.raw`:a:M::\x7::/a:`), place: 2, sentence: 'hex digits' },
  { what: 'a mask of another length', content: conf(':a:M::ab:a:/a:'), place: 2, sentence: 'as long as' },
  { what: 'unknown flags', content: conf(':a:E::a::/a:FZ'), place: 2, sentence: 'no flag Z' },
  { what: 'no interpreter', content: conf(':abc:E::a:::'), place: 2, sentence: 'missing' },
  { what: 'a NUL byte', content: conf(':a\0:E::a::/a:'), place: 2, sentence: 'too short' },
  {
    what: 'a line of any length',
    content: conf(`:a:E::a::/${'a'.repeat(1_000_000)}:`),
    place: 2,
    sentence: 'takes 1920',
  },
  {
    what: 'more lines than entries fit',
    content: Array.from({ length: 1001 }, (_, index) => `:n${index}:E::e::/i:`).join('\n'),
    place: 1001,
    sentence: 'More than 1000',
  },
].map((one) => ({ name: 'x.conf', ...one }));

export const brokenFiles: readonly BrokenFile[] = [...json, ...lines];
