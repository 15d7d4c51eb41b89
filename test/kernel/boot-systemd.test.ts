import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BootConfiguration } from '../../electron/binfmt/boot/boot-configuration.ts';
import { bootDirectories } from '../../electron/binfmt/boot/boot-configuration.ts';
import { formatConfFile } from '../../electron/binfmt/boot/own-file.ts';
import { decodeBytes } from '../../electron/binfmt/bytes.ts';
import { type Registration, registrationLimits } from '../../electron/binfmt/register-line.ts';
import { extensionRegistration, magicRegistration } from '../support/arbitraries.ts';
import { BootFiles, fileOf, problemsOf } from '../support/boot-files.ts';
import {
  lacksBootOracles,
  needingBootOracles,
  qemuConfDirectories,
  registryFor,
  runBootProgram,
  withEmulators,
} from '../support/boot-oracles.ts';
import { clearRegistry, readEntry, readRegistry } from '../support/registry.ts';

let files: BootFiles;

beforeEach(() => {
  clearRegistry();
  files = new BootFiles().withServices('systemd-binfmt');
});
afterEach(() => files.remove());
afterAll(clearRegistry);

/** Has systemd-binfmt apply the files, and expects the kernel to have then what is read of them. */
async function expectAsRead(more: readonly (readonly [string, string])[] = []): Promise<BootConfiguration> {
  runBootProgram('systemd-binfmt', files, { more });
  const boot = await files.read();
  expect(readRegistry()).toEqual(registryFor(boot.rules));
  return boot;
}

const ruleFor = (name: string, interpreter = '/bin/busybox', flags = ''): string =>
  `:${name}:E::${name}::${interpreter}:${flags}`;

/** The names of what will be registered. */
const namesIn = ({ rules }: BootConfiguration): readonly string[] =>
  rules.map(({ registration }) => registration.name);

describe.skipIf(lacksBootOracles)(needingBootOracles('systemd-binfmt'), () => {
  test.each(
    bootDirectories.flatMap((first, index) =>
      bootDirectories.slice(index + 1).map((second) => [first, second]),
    ),
  )('takes of two files of a name the one in %s, not the one in %s', async (first, second) => {
    files.write(`${second}/x.conf`, `${ruleFor('other')}\n`);
    files.write(`${first}/x.conf`, `${ruleFor('first')}\n`);
    const boot = await expectAsRead();
    expect(namesIn(boot)).toEqual(['first']);
    expect(fileOf(boot, `${first}/x.conf`)).toMatchObject({ state: 'used', overriddenBy: null });
    const overridden = fileOf(boot, `${second}/x.conf`);
    expect(overridden).toMatchObject({ state: 'overridden', overriddenBy: `${first}/x.conf` });
    expect(overridden.rules).toHaveLength(1);
  });

  test('reads files in the order of the bytes of their names, whatever directory they are in', async () => {
    const names = [
      'b',
      'a',
      'B',
      '9',
      '10',
      'é',
      'Z',
      'z',
      decodeBytes(Buffer.of(0xff)),
      '\u{10000}',
      '\uffee',
    ];
    for (const [index, name] of names.entries()) {
      files.write(`${bootDirectories[index % 4]}/${name}.conf`, `${ruleFor(`entry-${index}`)}\n`);
    }
    const boot = await expectAsRead();
    expect(boot.files.map(({ name }) => name.replace('.conf', ''))).toEqual([
      ...['10', '9', 'B', 'Z', 'a', 'b', 'z', 'é', '\uffee', '\u{10000}'],
      decodeBytes(Buffer.of(0xff)),
    ]);
    expect(boot.rules).toHaveLength(names.length);
  });

  test('reads nothing for a name that is a link to /dev/null in a directory that comes first', async () => {
    files.write('/usr/lib/binfmt.d/x.conf', ruleFor('x')).link('/etc/binfmt.d/x.conf', '/dev/null');
    const boot = await expectAsRead();
    expect(boot.rules).toEqual([]);
    expect(fileOf(boot, '/etc/binfmt.d/x.conf')).toMatchObject({ state: 'masked', text: null, problems: [] });
    expect(fileOf(boot, '/usr/lib/binfmt.d/x.conf')).toMatchObject({
      state: 'overridden',
      overriddenBy: '/etc/binfmt.d/x.conf',
    });
  });

  test('takes no account of a mask behind a file', async () => {
    files.write('/etc/binfmt.d/x.conf', ruleFor('x')).link('/usr/lib/binfmt.d/x.conf', '/dev/null');
    const boot = await expectAsRead();
    expect(namesIn(boot)).toEqual(['x']);
    expect(fileOf(boot, '/usr/lib/binfmt.d/x.conf').state).toBe('overridden');
  });

  test('reads nothing for a name whose first file is empty', async () => {
    files.write('/usr/lib/binfmt.d/x.conf', ruleFor('x')).write('/run/binfmt.d/x.conf');
    const boot = await expectAsRead();
    expect(boot.rules).toEqual([]);
    expect(fileOf(boot, '/run/binfmt.d/x.conf')).toMatchObject({ state: 'masked', text: '' });
  });

  test('reads nothing for a name whose first file is a link that leads nowhere, or a directory', async () => {
    files.write('/usr/lib/binfmt.d/x.conf', ruleFor('x')).link('/etc/binfmt.d/x.conf', 'nowhere');
    files.write('/usr/lib/binfmt.d/y.conf', ruleFor('y')).makeDirectory('/etc/binfmt.d/y.conf');
    const boot = await expectAsRead();
    expect(boot.rules).toEqual([]);
    expect(problemsOf(fileOf(boot, '/etc/binfmt.d/x.conf'))).toEqual([
      '0: /etc/binfmt.d/x.conf is a link that leads nowhere: nothing is read for it.',
    ]);
    expect(problemsOf(fileOf(boot, '/etc/binfmt.d/y.conf'))).toEqual([
      '0: /etc/binfmt.d/y.conf is a directory.',
    ]);
  });

  test('follows links to files', async () => {
    files.write('/usr/lib/binfmt.d/elsewhere', ruleFor('x')).link('/usr/lib/binfmt.d/x.conf', 'elsewhere');
    expect(namesIn(await expectAsRead())).toEqual(['x']);
  });

  test('reads only what is called *.conf and is not hidden', async () => {
    for (const name of [
      '.x.conf',
      '.conf',
      'x.conf~',
      'x.config',
      'x',
      'x.CONF',
      'x.conf.dpkg-old',
      'conf',
    ]) {
      files.write(`/etc/binfmt.d/${name}`, ruleFor('x'));
    }
    files.write('/etc/binfmt.d/..conf', ruleFor('x')).write('/etc/binfmt.d/~.conf', ruleFor('tilde'));
    expect(namesIn(await expectAsRead())).toEqual(['tilde']);
  });

  test('passes over comments, empty lines and the white space around lines', async () => {
    const text = `# :a:E::a::/bin/busybox:\n; :b:E::b::/bin/busybox:\n\n  \t#x\n \t${ruleFor('x')} \t\n\v\n`;
    files.write('/etc/binfmt.d/x.conf', text);
    const boot = await expectAsRead();
    expect(boot.rules).toMatchObject([{ line: 5, path: '/etc/binfmt.d/x.conf', by: 'binfmt.d' }]);
  });

  test('ends lines at line feeds, carriage returns and NUL bytes, also the last one without', async () => {
    const ends = [
      '\n',
      '\r',
      '\0',
      '\r\n',
      '\n\r',
      '\n\0',
      '\r\n\0',
      '\n\n',
      '\r\r',
      '\0\0',
      '\0\n',
      '\n\0\n',
      '',
    ];
    files.write('/etc/binfmt.d/x.conf', ends.map((end, index) => `${ruleFor(`e${index}`)}${end}`).join(''));
    const boot = await expectAsRead();
    expect(boot.rules).toHaveLength(ends.length);
    const { line } = boot.rules.at(-1) ?? {};
    // The real one counts the same: it names the line of a rule that it refuses.
    files.write(
      '/etc/binfmt.d/x.conf',
      `${ends
        .slice(0, -1)
        .map((end) => `#${end}`)
        .join('')}:..:E::x::/bin/busybox:`,
    );
    expect(runBootProgram('systemd-binfmt', files)).toContain(`x.conf:${line}: Rule name '..'`);
  });

  test('goes on after a line that is invalid', async () => {
    files.write(
      '/etc/binfmt.d/x.conf',
      `nonsense\n${ruleFor('x')}\n:y:Q::y::/bin/busybox:\n${ruleFor('z')}\n`,
    );
    const boot = await expectAsRead();
    expect(namesIn(boot)).toEqual(['x', 'z']);
    expect(fileOf(boot, '/etc/binfmt.d/x.conf').problems.map(({ line }) => line)).toEqual([1, 3]);
  });

  test('refuses names that are no file’s, and the kernel’s own', async () => {
    const names = ['..', '.', '', 'register', 'status', 'a/b', 'n'.repeat(256), '...', 'n'.repeat(255)];
    files.write('/etc/binfmt.d/x.conf', names.map((name) => `:${name}:E::x::/bin/busybox:`).join('\n'));
    const boot = await expectAsRead();
    expect(namesIn(boot)).toEqual(['...', 'n'.repeat(255)]);
    expect(fileOf(boot, '/etc/binfmt.d/x.conf').problems).toHaveLength(7);
  });

  test('registers a name anew when a later line or file has it too', async () => {
    files.write('/usr/lib/binfmt.d/a.conf', `${ruleFor('x')}\n${ruleFor('y')}\n`);
    files.write('/usr/lib/binfmt.d/b.conf', `${ruleFor('x', '/bin/sh')}\n`);
    const boot = await expectAsRead();
    expect(boot.rules.map(({ registration }) => [registration.name, registration.interpreter])).toEqual([
      ['y', '/bin/busybox'],
      ['x', '/bin/sh'],
    ]);
    expect(fileOf(boot, '/usr/lib/binfmt.d/a.conf').rules).toHaveLength(2);
  });

  test('takes an entry away for a line of its name that the kernel then refuses', async () => {
    files.write('/usr/lib/binfmt.d/a.conf', `${ruleFor('x')}\n${ruleFor('y')}\n`);
    files.write('/usr/lib/binfmt.d/b.conf', ':x:no rule at all\n');
    expect(namesIn(await expectAsRead())).toEqual(['y']);
  });

  test('removes everything that was registered before', async () => {
    files.write('/etc/binfmt.d/x.conf', ruleFor('x'));
    runBootProgram('systemd-binfmt', files);
    files.write('/etc/binfmt.d/x.conf', ruleFor('y'));
    expect(namesIn(await expectAsRead())).toEqual(['y']);
  });

  test('takes a line’s first byte for its separator, also one of a longer character', async () => {
    const letter = Buffer.from('é');
    const fields = ['a', 'E', '', 'xx', '', '/bin/busybox', ''];
    const byHalf = decodeBytes(
      Buffer.concat(fields.flatMap((field) => [letter.subarray(0, 1), Buffer.from(field)])),
    );
    const whole = `éb${['E', '', 'xx', '', '/bin/busybox', ''].map((field) => `${byHalf.charAt(0)}${field}`).join('')}`;
    files.write('/etc/binfmt.d/x.conf', `${byHalf}\n${whole}\n|c|E||x:x||/bin/busybox|\n`);
    const boot = await expectAsRead();
    expect(boot.rules).toHaveLength(3);
  });

  test('adds a line break to a line, which counts', async () => {
    const { longestLine } = registrationLimits;
    const line = (length: number): string => {
      const rest = length - ':n:E::x:::'.length - '/'.length;
      return `:n:E::x::/${'i'.repeat(rest)}:`;
    };
    files.write('/etc/binfmt.d/a.conf', `${line(longestLine - 1)}\n`);
    expect(namesIn(await expectAsRead())).toEqual(['n']);
    files.write('/etc/binfmt.d/a.conf', `${line(longestLine)}\n`);
    expect(namesIn(await expectAsRead())).toEqual([]);
    files.write('/etc/binfmt.d/a.conf', ':s:E::x::/:\n');
    expect(namesIn(await expectAsRead())).toEqual(['s']);
  });

  test('registers a relative interpreter', async () => {
    files.write('/etc/binfmt.d/x.conf', ruleFor('x', 'bin/relative'));
    const boot = await expectAsRead();
    expect(boot.rules[0]?.registration.interpreter).toBe('bin/relative');
  });

  test('has the kernel’s flags: each once, in its order, and O besides C', async () => {
    files.write('/etc/binfmt.d/x.conf', ruleFor('x', '/bin/busybox', 'FCPP'));
    await expectAsRead();
    expect(readEntry('x')).toContain('flags: POCF\n');
  });

  test('waits at a pipe in vain, and comes to nothing behind it', async () => {
    files.write('/etc/binfmt.d/a.conf', ruleFor('a')).write('/etc/binfmt.d/c.conf', ruleFor('c'));
    execFileSync('mkfifo', [path.join(files.root, 'etc/binfmt.d/b.conf')]);
    expect(() => runBootProgram('systemd-binfmt', files, { patienceMs: 1000 })).toThrow(/ETIMEDOUT/);
    const boot = await files.read();
    expect(readRegistry()).toEqual(registryFor(boot.rules));
    expect(namesIn(boot)).toEqual(['a']);
    expect(problemsOf(fileOf(boot, '/etc/binfmt.d/b.conf'))[0]).toMatch(/is a pipe/);
  });

  test('registers every format of Debian’s package for QEMU as it is read', async () => {
    const shipped = qemuConfDirectories
      .filter(existsSync)
      .flatMap((directory) =>
        readdirSync(directory).map((name) => [name, readFileSync(path.join(directory, name))] as const),
      );
    for (const [name, bytes] of shipped) files.write(`/usr/lib/binfmt.d/${name}`, decodeBytes(bytes));
    const boot = await expectAsRead(withEmulators);
    expect(boot.rules.length).toBeGreaterThan(20);
    expect(namesIn(boot)).toEqual(shipped.map(([name]) => name.replace(/\.conf$/, '')).toSorted());
    expect(boot.files.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test('does with generated files what is read of them', async () => {
    const seen = { rules: 0, problems: 0, overridden: 0, masked: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(confFile, { minLength: 1, maxLength: 8 }), async (generated) => {
        clearRegistry();
        const own = new BootFiles().withServices('systemd-binfmt');
        try {
          for (const file of generated) put(own, file);
          runBootProgram('systemd-binfmt', own);
          const boot = await own.read();
          expect(readRegistry()).toEqual(registryFor(boot.rules));
          seen.rules += boot.rules.length;
          seen.problems += boot.files.flatMap(({ problems }) => problems).length;
          seen.overridden += boot.files.filter(({ state }) => state === 'overridden').length;
          seen.masked += boot.files.filter(({ state }) => state === 'masked').length;
        } finally {
          own.remove();
        }
      }),
      { numRuns: 150 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5);
  }, 120_000);

  test('registers from this program’s own file what was put into it', async () => {
    const some = fc.array(fc.oneof(magicRegistration, extensionRegistration), { minLength: 1, maxLength: 4 });
    const seen = { written: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(some, async (registrations) => {
        const harmless = registrations.map(
          (one): Registration =>
            one.kind === 'magic'
              ? {
                  ...one,
                  magic: `f0${one.magic.slice(2)}`,
                  mask: one.mask && `ff${one.mask.slice(2)}`,
                  interpreter: '/bin/busybox',
                  offset: 0,
                }
              : { ...one, extension: `${one.extension}!`, flags: one.flags.replace('F', '') },
        );
        const text = formatConfFile(harmless);
        if (!text.ok) {
          seen.refused += 1;
          return;
        }
        clearRegistry();
        const own = new BootFiles().withServices('systemd-binfmt').write('/etc/binfmt.d/x.conf', text.value);
        try {
          expect(runBootProgram('systemd-binfmt', own)).toBe('');
          const boot = await own.read();
          expect(readRegistry()).toEqual(registryFor(boot.rules));
          expect(boot.files[0]).toMatchObject({ author: 'us', problems: [] });
          expect(boot.files[0]?.rules.map(({ registration }) => registration)).toEqual(harmless);
          seen.written += 1;
        } finally {
          own.remove();
        }
      }),
      { numRuns: 150 },
    );
    expect(seen.written).toBeGreaterThan(40);
    expect(seen.refused).toBeGreaterThan(5);
  }, 120_000);
});

interface GeneratedFile {
  readonly directory: (typeof bootDirectories)[number];
  readonly name: string;
  readonly content: { readonly text: string } | { readonly target: string } | 'directory';
}

const entryName = fc.constantFrom(
  'a',
  'b',
  'c',
  'a b',
  'é',
  '$(reboot)',
  '..',
  'register',
  'status',
  'x/y',
  '',
);
const ruleLine = fc
  .record({
    name: entryName,
    separator: fc.constantFrom(':', ':', ':', '|', ',', ' ', '\t', 'é', '#', ';', '\x01'),
    matching: fc.constantFrom(
      ...[
        ['E', '', 'zz', ''],
        ['E', '7', 'zz', 'ignored'],
        ['M', '', '\\xf0\\xf1', ''],
        ['M', '3', '\\xf0z', '\\xff\\x00'],
        ['M', '+3', '\\xf0', ''],
        ['M', '', '\\xf0', '\\xff\\xff'],
        ['M', 'x', '\\xf0', ''],
        ['M', '256', '\\xf0', ''],
        ['Q', '', 'zz', ''],
        ['E', '', 'z/z', ''],
      ],
    ),
    interpreter: fc.constantFrom('/bin/busybox', '/bin/sh', '/i i', 'relative', ''),
    flags: fc.constantFrom('', '', 'F', 'OC', 'C', 'PF', 'FP', 'CC', '0'),
    more: fc.constantFrom('', '', '', '', '0', ':'),
  })
  .filter(({ interpreter, flags }) => interpreter.startsWith('/bin/') || !flags.includes('F'))
  .map(({ name, separator, matching, interpreter, flags, more }) =>
    ['', name, ...matching, interpreter, flags].join(separator).concat(more),
  );
const confLine = fc.oneof(
  { weight: 5, arbitrary: ruleLine },
  { weight: 1, arbitrary: fc.constantFrom('', '# comment', ' ; comment', 'nonsense', ':a:', '\t') },
);
const confFile: fc.Arbitrary<GeneratedFile> = fc.record({
  directory: fc.constantFrom(...bootDirectories),
  name: fc.constantFrom('a.conf', 'b.conf', 'c.conf', 'B.conf', '.d.conf', 'e'),
  content: fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .array(fc.tuple(confLine, fc.constantFrom('\n', '\n', '\n', '\r\n', '\r', '\0', ' \n\t')), {
          maxLength: 6,
        })
        .map((lines) => ({ text: lines.flat().join('') })),
    },
    { weight: 1, arbitrary: fc.constantFrom('/dev/null', 'nowhere', 'a.conf').map((target) => ({ target })) },
    { weight: 1, arbitrary: fc.constant('directory' as const) },
  ),
});

/** The first of two files for one place stays. */
function put(own: BootFiles, { directory, name, content }: GeneratedFile): void {
  const file = `${directory}/${name}`;
  if (lstatSync(own.placeOf(file), { throwIfNoEntry: false }) !== undefined) return;
  if (content === 'directory') own.makeDirectory(file);
  else if ('target' in content) own.link(file, content.target);
  else own.write(file, content.text);
}
