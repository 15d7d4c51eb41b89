import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MOST_ENTRIES } from '../../electron/binfmt/exchange/document-schema.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import { BuiltTerminal } from '../support/built-terminal.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { clearRegistry, listEntries, readRegistry, register } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
let terminal: BuiltTerminal;

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
});
beforeEach(clearRegistry);
afterAll(() => {
  clearRegistry();
  remove();
});

/** What `qemu-binfmt-conf.sh --qemu-suffix -static --persistent yes` of QEMU 7.0 and later writes on x86_64, in its order. */
const linesOfQemu = readFileSync(
  path.resolve(import.meta.dirname, '../support/qemu-binfmt-conf-lines.txt'),
  'latin1',
)
  .trimEnd()
  .split('\n');

/** Where this program registers something else: what the kernel prints of theirs, and of ours. */
const exceptions: ReadonlyMap<string, readonly (readonly [theirs: string, ours: string])[]> = new Map([
  // Its file type stands in the wrong byte order there, so that no real file matches.
  [
    'qemu-microblaze',
    [
      ['magic 7f454c460102010000000000000000000200baab', 'magic 7f454c460102010000000000000000000002baab'],
      ['mask ffffffffffffff00fffffffffffffffffeffffff', 'mask ffffffffffffff00fffffffffffffffffffeffff'],
    ],
  ],
]);

describe('reset and register all', () => {
  test('leave what qemu-binfmt-conf.sh leaves, entry file by entry file and in its order', () => {
    expect(linesOfQemu).toHaveLength(31);
    for (const line of linesOfQemu) register(line);
    const theirs = readRegistry();

    clearRegistry();
    register(':qemu-arm:E::x::/bin/true:');
    expect(terminal.run('reset')).toMatchObject({ status: 0, stderr: '' });
    const words = ['register', 'all', '--qemu-suffix', '-static', '--persistent', 'yes'];
    expect(terminal.run(...words)).toMatchObject({ status: 0, stderr: '' });
    const expected = theirs.map(([name, text]) => {
      let own = text ?? '';
      for (const [line, ours] of exceptions.get(name) ?? []) {
        expect(own).toContain(`${line}\n`);
        own = own.replace(line, ours);
      }
      return [name, own];
    });
    expect(readRegistry()).toEqual(expected);
  });
});

describe('list --json', () => {
  const schema: object = JSON.parse(
    readFileSync(path.resolve(import.meta.dirname, '../../assets/registrations.schema.json'), 'utf8'),
  );
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

  const listed = (...words: readonly string[]): unknown => {
    const { status, stdout, stderr } = terminal.run(...words);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout);
  };

  test.each([
    ['nothing is registered', () => undefined],
    ['all is registered', () => void terminal.run('register', 'all')],
    [
      'there are other formats and unusual names',
      () => {
        register(':jar:E::jar::/usr/bin/jexec:');
        register('|a:b\udcff|M|4|\\x00\\xff||/bin/tr ue|POC');
        terminal.run('disable', 'jar');
      },
    ],
    [
      'there are more entries than import takes',
      () => {
        for (let index = 0; index <= MOST_ENTRIES; index++) register(`:e${index}:E::e${index}::/bin/true:`);
      },
    ],
  ])('is valid by the published schema when %s', (_when, arrange) => {
    arrange();
    const document = listed('list', '--json');
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document).toMatchObject({ entries: listEntries().map((name) => ({ name })) });
    expect(document).toHaveProperty('targets.length', targets.length);
  });

  test('of some names has those alone, as has show --json', () => {
    terminal.run('register', 'arm', 's390x', 'riscv64');
    for (const verb of ['list', 'show']) {
      const document = listed(verb, 'linux/s390x', 'qemu-arm', '--json');
      expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
      expect(document).toMatchObject({
        entries: [{ name: 'qemu-s390x' }, { name: 'qemu-arm' }],
        targets: [{ name: 'arm' }, { name: 's390x' }],
      });
    }
  });
});
