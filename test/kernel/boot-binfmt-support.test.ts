import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BootConfiguration, BootFormat } from '../../electron/binfmt/boot/boot-configuration.ts';
import { decodeBytes } from '../../electron/binfmt/bytes.ts';
import { BootFiles } from '../support/boot-files.ts';
import {
  lacksBootOracles,
  needingBootOracles,
  qemuConfDirectories,
  qemuTemplates,
  registryFor,
  runBootProgram,
  withEmulators,
} from '../support/boot-oracles.ts';
import { clearRegistry, readRegistry } from '../support/registry.ts';

let files: BootFiles;

beforeEach(() => {
  clearRegistry();
  files = new BootFiles().withServices('binfmt-support');
});
afterEach(() => files.remove());
afterAll(clearRegistry);

/** Has update-binfmts enable its formats, and expects the kernel to have then what is read of them. */
async function expectAsRead(more: readonly (readonly [string, string])[] = []): Promise<BootConfiguration> {
  runBootProgram('binfmt-support', files, { more });
  const boot = await files.read();
  expect(readRegistry()).toEqual(registryFor(boot.rules));
  return boot;
}

/** A file of the database, by its lines. */
const put = (name: string, ...lines: readonly string[]): void =>
  void files.write(`/var/lib/binfmts/${name}`, lines.map((line) => `${line}\n`).join(''));

const database = '/var/lib/binfmts';
const busybox = '/bin/busybox';

const namesIn = ({ rules }: BootConfiguration): readonly string[] =>
  rules.map(({ registration }) => registration.name);
const formatNamed = ({ formats }: BootConfiguration, name: string): BootFormat | undefined =>
  formats.find((format) => format.name === name);

describe.skipIf(lacksBootOracles)(needingBootOracles('binfmt-support'), () => {
  test('registers the formats of its database in the order of their names', async () => {
    for (const name of ['b', 'a', 'é', 'B', '.hidden', '10', '9']) {
      put(name, 'p', 'magic', '0', `\\xf0${name}`, '', busybox);
    }
    const boot = await expectAsRead();
    expect(namesIn(boot)).toEqual(['.hidden', '10', '9', 'B', 'a', 'b', 'é']);
    expect(boot.rules[0]).toMatchObject({ path: `${database}/.hidden`, line: 1, by: 'binfmt-support' });
  });

  test('registers magics, masks, offsets, extensions and flags as its files have them', async () => {
    put('magic', 'p', 'magic', '3', '\\xf0\\xf1', '\\xff\\x0f', busybox, '', 'yes', 'yes', 'yes');
    put('extension', ':', 'extension', '0', 'xyz', '', busybox, '', 'no', 'no', 'no');
    put('neither', 'p', 'anything', '', 'other', '', busybox, '', 'Yes', 'y', 'yes ');
    put('old', 'p', 'magic', '', '\\xf2', '', busybox);
    const boot = await expectAsRead();
    expect(
      boot.rules.map(({ registration }) => [registration.name, registration.kind, registration.flags]),
    ).toEqual([
      ['extension', 'extension', ''],
      ['magic', 'magic', 'CPF'],
      ['neither', 'extension', 'F'],
      ['old', 'magic', ''],
    ]);
    expect(formatNamed(boot, 'extension')?.package).toBeNull();
    expect(formatNamed(boot, 'magic')?.package).toBe('p');
  });

  test('registers run-detectors for a format with a detector', async () => {
    put('x', 'p', 'magic', '0', '\\xf0', '', busybox, '/usr/bin/is-it');
    const boot = await expectAsRead();
    expect(boot.rules[0]?.registration.interpreter).toBe('/usr/lib/binfmt-support/run-detectors');
    expect(formatNamed(boot, 'x')?.detector).toBe('/usr/bin/is-it');
  });

  test('registers run-detectors for formats that say the same of their files, in the same words', async () => {
    put('a', 'p', 'magic', '0', '\\xf0', '', '/bin/a');
    put('b', 'p', 'magic', '0', '\\xf0', '', '/bin/b');
    put('c', 'p', 'magic', '', '\\xf0', '', '/bin/c');
    put('d', 'p', 'magic', '0', '\\xF0', '', '/bin/d');
    const boot = await expectAsRead();
    expect(boot.rules.map(({ registration }) => registration.interpreter)).toEqual([
      '/usr/lib/binfmt-support/run-detectors',
      '/usr/lib/binfmt-support/run-detectors',
      '/bin/c',
      '/bin/d',
    ]);
  });

  test('does not register a format that needs a detector and has fix_binary', async () => {
    put('a', 'p', 'magic', '0', '\\xf0', '', busybox, '', 'no', 'no', 'yes');
    put('b', 'p', 'magic', '0', '\\xf0', '', busybox);
    put('c', 'p', 'magic', '0', '\\xf1', '', busybox, '/usr/bin/is-it', 'no', 'no', 'yes');
    const boot = await expectAsRead();
    expect(namesIn(boot)).toEqual(['b']);
    expect(formatNamed(boot, 'a')).toMatchObject({
      registration: null,
      problem: expect.stringContaining('fix_binary'),
    });
  });

  test('registers nothing at all where one file of its database is incomplete', async () => {
    put('a', 'p', 'magic', '0', '\\xf0', '', busybox);
    put('z', 'p', 'magic', '0', '\\xf1', '');
    const boot = await expectAsRead();
    expect(boot.rules).toEqual([]);
    expect(formatNamed(boot, 'a')?.problem).toContain('/var/lib/binfmts/z is incomplete');
    expect(formatNamed(boot, 'z')?.problem).toBe('It ends before the line with its interpreter.');
  });

  test('goes on where the kernel refuses one', async () => {
    put('a', 'p', 'magic', '0', '\\xf', '', busybox);
    put('b:c', 'p', 'magic', '0', '\\xf0', '', busybox);
    put('d', 'p', 'magic', '0', '\\xf3', '', '');
    put('register', 'p', 'magic', '0', '\\xf2', '', busybox);
    put('y', 'p', 'magic', '0', '\\xf1', '', 'relative');
    const boot = await expectAsRead();
    expect(namesIn(boot)).toEqual(['y']);
    expect(boot.formats.filter(({ problem }) => problem !== null).map(({ name }) => name)).toEqual([
      'a',
      'b:c',
      'd',
      'register',
    ]);
  });

  test('passes over what is no file, and follows links', async () => {
    files.makeDirectory(`${database}/directory`).link(`${database}/nowhere`, 'missing');
    execFileSync('mkfifo', [path.join(files.root, database, 'pipe')]);
    put('x', 'p', 'magic', '0', '\\xf0', '', busybox);
    files.link(`${database}/y`, 'x');
    const boot = await expectAsRead();
    expect(boot.formats.map(({ name }) => name)).toEqual(['x', 'y']);
  });

  test('strips the white space at the ends of lines only', async () => {
    files.write(`${database}/x`, `p\nmagic \t\r\v\f\n0 \n\\xf0\n\n  ${busybox}  \n`);
    const boot = await expectAsRead();
    expect(boot.rules[0]?.registration.interpreter).toBe(`  ${busybox}`);
  });

  test('leaves alone what systemd-binfmt has registered before', async () => {
    files.withServices('systemd-binfmt');
    files.write('/usr/lib/binfmt.d/x.conf', ':both:E::b::/bin/sh:\n:systemd:E::s::/bin/sh:\n');
    put('both', 'p', 'magic', '0', '\\xf0', '', busybox);
    put('another', 'p', 'magic', '0', '\\xf1', '', busybox);
    runBootProgram('systemd-binfmt', files);
    const boot = await expectAsRead();
    expect(boot.services).toEqual(['systemd-binfmt', 'binfmt-support']);
    expect(boot.rules.map(({ registration, by }) => [registration.name, by])).toEqual([
      ['both', 'binfmt.d'],
      ['systemd', 'binfmt.d'],
      ['another', 'binfmt-support'],
    ]);
  });

  test('does with a generated database what is read of it', async () => {
    const word = fc.constantFrom(
      '',
      '0',
      'yes',
      'no',
      '\\xf0',
      '\\xf1\\xff',
      'magic',
      busybox,
      '/bin/sh',
      ' ',
      'a:b',
    );
    // With fix_binary the kernel opens the interpreter: what is read of a file cannot tell whether it is there.
    const hasWhatItOpens = (lines: readonly string[]): boolean =>
      lines[5]?.startsWith('/bin/') === true || lines[9]?.startsWith('yes') !== true;
    const file = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'é', '$(reboot)', 'a b'),
      lines: fc.oneof(
        { weight: 1, arbitrary: fc.array(word, { minLength: 6, maxLength: 11 }).filter(hasWhatItOpens) },
        {
          weight: 5,
          arbitrary: fc
            .tuple(
              fc.constantFrom('p', ':'),
              fc.constantFrom('magic', 'magic', 'extension'),
              fc.constantFrom('0', '0', '', '7', '-1'),
              fc.constantFrom('\\xf0', '\\xf0', '\\xf1z', '\\xf2\\xf3'),
              fc.constantFrom('', '', '\\xff', '\\xff\\x00'),
              fc.constantFrom(busybox, '/bin/sh', '/i i', ''),
              fc.constantFrom('', '', '', '/bin/is-it'),
              fc.constantFrom('yes', 'no', ''),
              fc.constantFrom('yes', 'no'),
              fc.constantFrom('no', 'no', 'yes', 'yes '),
            )
            .filter(hasWhatItOpens),
        },
      ),
    });
    const seen = { rules: 0, problems: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(file, { selector: ({ name }) => name, maxLength: 6 }),
        async (generated) => {
          clearRegistry();
          files.remove();
          files = new BootFiles().withServices('binfmt-support');
          for (const { name, lines } of generated) put(name, ...lines);
          const boot = await expectAsRead();
          seen.rules += boot.rules.length;
          seen.problems += boot.formats.filter(({ problem }) => problem !== null).length;
        },
      ),
      { numRuns: 120 },
    );
    expect(seen.rules).toBeGreaterThan(50);
    expect(seen.problems).toBeGreaterThan(20);
  }, 120_000);
});

describe.skipIf(lacksBootOracles)(needingBootOracles('a template that update-binfmts imports'), () => {
  /** Imports the template; true where that made a file in the database. */
  function imports(name: string): boolean {
    try {
      runBootProgram('update-binfmts --import', files, { args: [name], more: withEmulators });
    } catch {
      return false; // It crashes over some that make no format, and leaves an empty file behind.
    }
    return existsSync(path.join(files.root, database, name));
  }

  test.each([
    ['with a magic', 'package p\ninterpreter /bin/busybox\nmagic \\xf0\\xf1\n'],
    [
      'with everything',
      'package p\ninterpreter /bin/busybox\nmagic \\xf0\nmask \\xff\noffset 4\ncredentials yes\npreserve yes\nfix_binary yes',
    ],
    ['with an extension', 'package p\ninterpreter /bin/busybox\nextension xyz\n'],
    ['with a detector', 'package p\ninterpreter /bin/busybox\nmagic \\xf0\ndetector /bin/busybox\n'],
    [
      'with keys in capitals and white space',
      'PACKAGE p \nInterpreter /bin/busybox\t\nMagic \\xf0\n\n# nothing\n',
    ],
    [
      'with a key twice',
      'package p\nmagic \\xf0\ninterpreter /bin/sh\ninterpreter /bin/busybox\nmagic \\xf1\n',
    ],
    ['with a type of its own', 'package p\ntype magic\ninterpreter /bin/busybox\nmagic \\xf0\nextension x\n'],
    ['without an interpreter', 'package p\nmagic \\xf0\n'],
    ['without a package', 'interpreter /bin/busybox\nmagic \\xf0\n'],
    ['with neither magic nor extension', 'package p\ninterpreter /bin/busybox\n'],
    ['with both', 'package p\ninterpreter /bin/busybox\nmagic \\xf0\nextension x\n'],
    ['with an extension and a mask', 'package p\ninterpreter /bin/busybox\nextension x\nmask \\xff\n'],
    ['with an extension and an offset', 'package p\ninterpreter /bin/busybox\nextension x\noffset 0\n'],
    ['that is empty', ''],
  ])('%s makes the format that is read of it, or none', async (_what, text) => {
    files.write('/usr/share/binfmts/x', text);
    const template = formatNamed(await files.read(), 'x');
    const isImported = imports('x');
    clearRegistry();
    const boot = await expectAsRead();
    const format = boot.formats.find(({ origin, name }) => origin === 'database' && name === 'x');
    expect(template?.origin).toBe('template');
    if (!isImported) {
      expect(format).toBeUndefined();
      expect(template?.registration).toBeNull();
      expect(template?.problem).not.toBeNull();
      return;
    }
    const lines = expect.any(String);
    expect(format).toEqual({ ...template, text: lines, origin: 'database', path: `${database}/x` });
  });

  test('is not registered at boot before it is imported', async () => {
    files.write('/usr/share/binfmts/x', 'package p\ninterpreter /bin/busybox\nmagic \\xf0\n');
    expect((await expectAsRead()).rules).toEqual([]);
  });

  test.skipIf(!existsSync(qemuTemplates))(
    'of Debian’s package for QEMU (which has them up to Debian 12) makes what is read of it',
    async () => {
      const names = readdirSync(qemuTemplates);
      for (const name of names) {
        files.write(`/usr/share/binfmts/${name}`, decodeBytes(readFileSync(path.join(qemuTemplates, name))));
      }
      const before = await files.read();
      runBootProgram('update-binfmts --import', files, { more: withEmulators });
      clearRegistry();
      const boot = await expectAsRead(withEmulators);
      expect(names.length).toBeGreaterThan(20);
      expect(namesIn(boot)).toEqual(names.toSorted());
      const inDatabase = boot.formats.filter(({ origin }) => origin === 'database');
      expect(inDatabase.map(({ registration }) => registration)).toEqual(
        before.formats.map(({ registration }) => registration),
      );
      expect(boot.formats.map(({ problem }) => problem)).toEqual(boot.formats.map(() => null));
    },
  );

  test.skipIf(!existsSync(qemuTemplates))(
    'of Debian’s package (which has them up to Debian 12) is left to systemd where both services run',
    async () => {
      files.withServices('systemd-binfmt');
      for (const directory of [qemuConfDirectories[0] ?? '', qemuTemplates]) {
        const target = directory === qemuTemplates ? '/usr/share/binfmts' : '/usr/lib/binfmt.d';
        for (const name of readdirSync(directory)) {
          files.write(`${target}/${name}`, decodeBytes(readFileSync(path.join(directory, name))));
        }
      }
      runBootProgram('update-binfmts --import', files, { more: withEmulators });
      clearRegistry();
      runBootProgram('systemd-binfmt', files, { more: withEmulators });
      const boot = await expectAsRead(withEmulators);
      expect(boot.rules.length).toBeGreaterThan(20);
      expect(new Set(boot.rules.map(({ by }) => by))).toEqual(new Set(['binfmt.d']));
    },
  );
});
