import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { familyOfMachine, targets } from '../../electron/binfmt/targets.ts';
import { BuiltTerminal } from '../support/built-terminal.ts';
import { exampleHost } from '../support/example-data.ts';
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

/**
 * The lines that `qemu-binfmt-conf.sh --qemu-suffix -static --persistent yes` writes, in its order:
 * `:qemu-TARGET:M::MAGIC:MASK:/usr/local/bin/qemu-TARGET-static:F`, the machine's own family left out.
 */
function linesOfQemu(): readonly string[] {
  const escaped = (hex: string): string => hex.replace(/../g, '\\x$&');
  const foreign = targets.filter((target) => target.family !== familyOfMachine(exampleHost.machine));
  return foreign.map(({ name, magic, mask }) => {
    const start = name === 'hppa' ? '\\x7f\\x45\\x4c\\x46' : '\\x7fELF';
    return `:qemu-${name}:M::${start}${escaped(magic.slice(8))}:${escaped(mask)}:/usr/local/bin/qemu-${name}-static:F`;
  });
}

describe('reset and register all', () => {
  test('leave what qemu-binfmt-conf.sh leaves, entry file by entry file and in its order', () => {
    // Two of them as it prints them.
    expect(linesOfQemu()).toEqual(
      expect.arrayContaining([
        String.raw`:qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/local/bin/qemu-aarch64-static:F`,
        String.raw`:qemu-hppa:M::\x7f\x45\x4c\x46\x01\x02\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x0f:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff:/usr/local/bin/qemu-hppa-static:F`,
      ]),
    );
    for (const line of linesOfQemu()) {
      if (existsSync(line.split(':').at(-2) ?? '')) register(line);
    }
    const theirs = readRegistry();
    expect(theirs.length).toBeGreaterThan(25);

    clearRegistry();
    register(':qemu-arm:E::x::/bin/true:');
    expect(terminal.run('reset')).toMatchObject({ status: 0, stderr: '' });
    const words = ['register', 'all', '--qemu-suffix', '-static', '--persistent', 'yes'];
    expect(terminal.run(...words)).toMatchObject({ status: 0, stderr: '' });
    expect(readRegistry()).toEqual(theirs);
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
