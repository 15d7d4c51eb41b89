import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BootConfiguration } from '../../electron/binfmt/boot/boot-configuration.ts';
import { BootFiles, fileOf, problemsOf } from '../support/boot-files.ts';
import {
  lacksBootOracles,
  needingBootOracles,
  registryFor,
  runBootProgram,
} from '../support/boot-oracles.ts';
import { clearRegistry, readRegistry } from '../support/registry.ts';

let files: BootFiles;

beforeEach(() => {
  clearRegistry();
  files = new BootFiles().withServices('openrc');
});
afterEach(() => files.remove());
afterAll(clearRegistry);

/** Has OpenRC's script apply the files, and expects the kernel to have then what is read of them. */
async function expectAsRead(): Promise<BootConfiguration> {
  runBootProgram('openrc', files);
  const boot = await files.read();
  expect(readRegistry()).toEqual(registryFor(boot.rules));
  return boot;
}

const ruleFor = (name: string, interpreter = '/bin/busybox'): string =>
  `:${name}:E::${name}::${interpreter}:\n`;
const namesIn = ({ rules }: BootConfiguration): readonly string[] =>
  rules.map(({ registration }) => registration.name);

describe.skipIf(lacksBootOracles)(needingBootOracles('OpenRC'), () => {
  test('takes of files of a name the one in /etc, then the one in /run, and none in /usr/local', async () => {
    for (const directory of ['/usr/local/lib', '/usr/lib', '/run', '/etc']) {
      files.write(`${directory}/binfmt.d/x.conf`, ruleFor(directory.replaceAll('/', '-')));
      expect(namesIn(await expectAsRead())).toEqual(
        directory === '/usr/local/lib' ? [] : [directory.replaceAll('/', '-')],
      );
      clearRegistry();
    }
    const boot = await expectAsRead();
    expect(fileOf(boot, '/usr/local/lib/binfmt.d/x.conf')).toMatchObject({
      state: 'overridden',
      overriddenBy: '/etc/binfmt.d/x.conf',
      problems: [{ line: 0, sentence: 'OpenRC does not read this directory.' }],
    });
  });

  test('reads files in the order of the bytes of their names, whatever directory they are in', async () => {
    for (const [index, name] of ['b', 'a', 'B', '10', '9', 'é'].entries()) {
      const directory = ['/etc', '/run', '/usr/lib'][index % 3];
      files.write(`${directory}/binfmt.d/${name}.conf`, ruleFor(`e${name}`));
    }
    expect(namesIn(await expectAsRead())).toEqual(['e10', 'e9', 'eB', 'ea', 'eb', 'eé']);
  });

  test('reads nothing for a name whose first file is a link to /dev/null or empty, but passes over one that leads nowhere', async () => {
    for (const name of ['x', 'y', 'z']) files.write(`/usr/lib/binfmt.d/${name}.conf`, ruleFor(name));
    files.link('/etc/binfmt.d/x.conf', '/dev/null').write('/etc/binfmt.d/y.conf');
    files.link('/etc/binfmt.d/z.conf', 'nowhere');
    const boot = await expectAsRead();
    expect(namesIn(boot)).toEqual(['z']);
    expect(fileOf(boot, '/etc/binfmt.d/x.conf').state).toBe('masked');
    expect(fileOf(boot, '/etc/binfmt.d/z.conf')).toMatchObject({
      state: 'overridden',
      overriddenBy: '/usr/lib/binfmt.d/z.conf',
    });
  });

  test('leaves out files that are called after systemd, and cannot read some other names', async () => {
    const names = ['systemd', 'systemd-x', 'a b', 'a%sb', 'a\\b', 'a\nb'];
    for (const [index, name] of names.entries())
      files.write(`/etc/binfmt.d/${name}.conf`, ruleFor(`e${index}`));
    files.write('/etc/binfmt.d/systemdx.conf', ruleFor('x')).write('/etc/binfmt.d/.y.conf', ruleFor('y'));
    const boot = await expectAsRead();
    expect(namesIn(boot)).toEqual(['x']);
    for (const { name, problems } of boot.files)
      expect(problems.length, name).toBe(name === 'systemdx.conf' ? 0 : 1);
  });

  test('does not read a last line without a line break', async () => {
    files.write('/etc/binfmt.d/x.conf', `${ruleFor('x')}${ruleFor('y').trimEnd()}`);
    const boot = await expectAsRead();
    expect(namesIn(boot)).toEqual(['x']);
    expect(problemsOf(fileOf(boot, '/etc/binfmt.d/x.conf'))).toEqual([
      '2: OpenRC does not read a last line without a line break.',
    ]);
  });

  test('passes over comments, empty lines and white space, and goes on after a line that is invalid', async () => {
    files.write(
      '/etc/binfmt.d/x.conf',
      `#c\n;c\n\n \t${ruleFor('x').trimEnd()} \t\nnonsense\n  # c\n${ruleFor('y')}`,
    );
    const boot = await expectAsRead();
    expect(namesIn(boot)).toEqual(['x', 'y']);
    expect(fileOf(boot, '/etc/binfmt.d/x.conf').problems.map(({ line }) => line)).toEqual([5]);
  });

  test('registers a name anew when a later line has it too, but not where its fields are not separated by colons', async () => {
    files.write(
      '/etc/binfmt.d/x.conf',
      `${ruleFor('x')}${ruleFor('y')}${ruleFor('x', '/bin/sh')}|y|E||z||/bin/sh|\n`,
    );
    const boot = await expectAsRead();
    expect(boot.rules.map(({ registration }) => [registration.name, registration.interpreter])).toEqual([
      ['y', '/bin/busybox'],
      ['x', '/bin/sh'],
    ]);
  });

  test('removes everything for a rule called status', async () => {
    files.write('/etc/binfmt.d/x.conf', `${ruleFor('x')}${ruleFor('status')}${ruleFor('y')}`);
    expect(namesIn(await expectAsRead())).toEqual(['y']);
  });

  test('does with generated files what is read of them', async () => {
    const line = fc
      .record({
        name: fc.constantFrom('a', 'b', 'c', 'é', '$(reboot)', '..', 'register', 'status', ''),
        separator: fc.constantFrom(':', ':', ':', '|', ','),
        matching: fc.constantFrom(
          ['E', '', 'zz', ''],
          ['M', '', '\\xf0\\xf1', ''],
          ['M', '3', '\\xf0', '\\xff'],
          ['Q', '', '', ''],
        ),
        interpreter: fc.constantFrom('/bin/busybox', '/bin/sh', 'relative'),
        flags: fc.constantFrom('', 'OC', 'P', '0'),
      })
      .map(({ name, separator, matching, interpreter, flags }) =>
        ['', name, ...matching, interpreter, flags].join(separator),
      );
    const file = fc.record({
      directory: fc.constantFrom('/etc', '/run', '/usr/lib', '/usr/local/lib'),
      name: fc.constantFrom('a', 'b', 'c', 'systemd-x'),
      text: fc.array(
        fc.tuple(
          fc.oneof(line, line, fc.constantFrom('# x', '', ' ')),
          fc.constantFrom('\n', '\n', '\n', '\n', ' \n', ''),
        ),
        { maxLength: 5 },
      ),
    });
    let rules = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 6 }), async (generated) => {
        clearRegistry();
        files.remove();
        files = new BootFiles().withServices('openrc');
        for (const { directory, name, text } of generated) {
          files.write(`${directory}/binfmt.d/${name}.conf`, text.flat().join(''));
        }
        rules += (await expectAsRead()).rules.length;
      }),
      { numRuns: 80 },
    );
    expect(rules).toBeGreaterThan(10);
  }, 120_000);
});
