import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formatRegisterLine, type Registration } from '../../electron/binfmt/register-line.ts';
import { BuiltTerminal, type TerminalRun } from '../support/built-terminal.ts';
import { broadMips } from '../support/example-data.ts';
import { runForeignProgram } from '../support/foreign-program.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { coverBinfmtMisc, mountBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import { clearAllBootFiles, coverBoot } from '../support/private-boot.ts';
import { listBootFiles, readBootFile } from '../support/private-etc.ts';
import {
  BINFMT_MISC,
  clearRegistry,
  listEntries,
  readEntry,
  readRegistry,
  register,
  writeToEntry,
} from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
let terminal: BuiltTerminal;
const qemuBinfmt = (...words: readonly string[]): TerminalRun => terminal.run(...words);
function registerAs(registration: Registration): void {
  const line = formatRegisterLine(registration);
  if (!line.ok) throw new RangeError(line.problem);
  register(line.value);
}
const masterSwitch = (): string => readFileSync(`${BINFMT_MISC}/status`, 'latin1').trim();

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
});
beforeEach(() => {
  clearRegistry();
  rmSync(terminal.dataDirectory, { recursive: true, force: true });
});
afterAll(() => {
  clearRegistry();
  remove();
});

describe('register', () => {
  test('registers targets by anybody’s name for them, and their programs run', () => {
    expect(runForeignProgram('uname', '-m')).toMatch(/Exec format error/);
    expect(qemuBinfmt('register', 'linux/ARM64,riscv64', 'ppc64el')).toEqual({
      status: 0,
      stdout: 'Registered 3 targets.\n',
      stderr: '',
    });
    expect(listEntries()).toEqual(['qemu-ppc64le', 'qemu-riscv64', 'qemu-aarch64']);
    expect(runForeignProgram('uname', '-m')).toBe('aarch64');
  });

  test('registers all with an emulator, and again has nothing to do', () => {
    expect(qemuBinfmt('register', 'all')).toMatchObject({ status: 0, stdout: 'Registered 31 targets.\n' });
    expect(listEntries()).toHaveLength(31);
    const before = readRegistry();
    expect(qemuBinfmt('register', 'all')).toEqual({
      status: 0,
      stdout: 'Every target with an emulator is registered already.\n',
      stderr: '',
    });
    expect(readRegistry()).toEqual(before);
  });

  test('takes the options of qemu-binfmt-conf.sh, long and short', () => {
    const long = ['--persistent', 'no', '--credential', 'yes', '--preserve-argv0', 'yes'];
    expect(
      qemuBinfmt('register', 'arm', '--qemu-path', '/usr/local/bin', '--qemu-suffix', '-static', ...long),
    ).toMatchObject({ status: 0 });
    expect(readEntry('qemu-arm')).toMatch(
      /^enabled\ninterpreter \/usr\/local\/bin\/qemu-arm-static\nflags: POC\n/,
    );
    const short = ['-Q', '/usr/local/bin', '-F', '-static', '-p', 'yes', '-c', 'no', '-g', 'no'];
    expect(qemuBinfmt('register', 's390x', ...short)).toMatchObject({ status: 0 });
    expect(readEntry('qemu-s390x')).toMatch(/\nflags: F\n/);
  });

  test('registers a file that is named, also by a relative path', () => {
    const file = path.join(directory, 'my-emulator');
    copyFileSync('/usr/local/bin/qemu-aarch64-static', file);
    const relative = path.relative(process.cwd(), file);
    expect(qemuBinfmt('register', 'arm64', '--interpreter', relative)).toMatchObject({ status: 0 });
    expect(readEntry('qemu-aarch64')).toContain(`\ninterpreter ${file}\n`);
    expect(runForeignProgram('uname', '-m')).toBe('aarch64');
  });

  test('registers what it can, and says of each other target why not', () => {
    register(':mine:E::x::/bin/true:');
    qemuBinfmt('register', 's390x');
    expect(qemuBinfmt('register', 's390x', 'arm')).toEqual({
      status: 1,
      stdout: 'Registered arm.\n',
      stderr:
        'qemu-binfmt: s390x is registered already, as qemu-s390x. Add --replace to register it anew, --keep to leave it.\n',
    });
    expect(listEntries()).toEqual(['qemu-arm', 'qemu-s390x', 'mine']);
  });

  test('passes over what the machine runs itself, as lists of Docker’s platforms name it', () => {
    const remark = 'This machine runs x86_64 programs itself; QEMU would only get in the way.\n';
    expect(qemuBinfmt('register', 'linux/amd64,linux/arm64')).toEqual({
      status: 0,
      stdout: `${remark}Registered aarch64.\n`,
      stderr: '',
    });
    expect(qemuBinfmt('register', 'amd64')).toEqual({ status: 0, stdout: remark, stderr: '' });
    expect(listEntries()).toEqual(['qemu-aarch64']);
    // Whoever insists on it hears why not.
    expect(qemuBinfmt('register', 'amd64', '--ignore-family', 'yes')).toMatchObject({
      status: 1,
      stdout: '',
    });
  });

  test('keeps or replaces what is there, as it is told', () => {
    qemuBinfmt('register', 's390x', '-p', 'no');
    expect(qemuBinfmt('register', 's390x', '--keep')).toEqual({
      status: 0,
      stdout: 's390x is registered already.\n',
      stderr: '',
    });
    expect(readEntry('qemu-s390x')).toMatch(/\nflags: \n/);
    expect(qemuBinfmt('register', 's390x', '--replace')).toMatchObject({ status: 0, stderr: '' });
    expect(readEntry('qemu-s390x')).toMatch(/\nflags: F\n/);
  });

  test('says who has a target’s name without serving it, and how to replace that', () => {
    register(':qemu-arm:E::armthing::/bin/true:');
    const owner = 'The name qemu-arm is taken by an entry registered with /bin/true.';
    expect(qemuBinfmt('register', 'arm')).toEqual({
      status: 1,
      stdout: '',
      stderr: `qemu-binfmt: arm: ${owner} Add --replace to register it anew, --keep to leave it.\n`,
    });
    expect(qemuBinfmt('register', 'arm', '--keep')).toEqual({
      status: 0,
      stdout: `arm: ${owner}\n`,
      stderr: '',
    });
    const { status, stderr } = qemuBinfmt('register', 'all');
    expect(status).toBe(0);
    expect(stderr).toMatch(`qemu-binfmt: arm was left alone. ${owner} To replace it: `);
    expect(stderr).toMatch(/ register --replace arm\n$/);
    expect(readEntry('qemu-arm')).toContain('.armthing');
    expect(qemuBinfmt('register', '--replace', 'arm')).toMatchObject({ status: 0, stderr: '' });
    expect(readEntry('qemu-arm')).toContain('magic 7f454c46');
  });

  test('says which target loses an entry that served two', () => {
    registerAs(broadMips);
    const { status, stderr } = qemuBinfmt('register', '--replace', 'mips');
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr:
        'qemu-binfmt: qemu-mips takes programs for mipsn32, too, and nothing will any more. Register that target as well.\n',
    });
    expect(listEntries()).toEqual(['qemu-mips']);
  });

  test('resets before it registers, as one change that can be undone', () => {
    register(':mine:E::x::/bin/true:');
    qemuBinfmt('register', 'arm', 'mips', '-p', 'no');
    const before = readRegistry();
    expect(qemuBinfmt('register', 'all', '--reset', '-p', 'yes')).toMatchObject({ status: 0, stderr: '' });
    expect(listEntries()).toHaveLength(32);
    expect(readEntry('qemu-arm')).toMatch(/\nflags: F\n/);
    expect(qemuBinfmt('undo')).toMatchObject({ status: 0, stderr: '' });
    expect(readRegistry().toSorted()).toEqual(before.toSorted());
  });

  test('shows what it would do and changes nothing', () => {
    const { status, stdout, stderr } = qemuBinfmt('register', 'arm', 's390x', '--dry-run');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /^# Register qemu-arm with \/usr\/local\/bin\/qemu-arm-static \(flags F\)\n# Register qemu-s390x /,
    );
    expect(stdout).toContain("carry_out 1 register ':qemu-arm:M::");
    expect(listEntries()).toEqual([]);
    expect(existsSync(terminal.dataDirectory)).toBe(false);
  });

  test('says when there is no emulator of that kind', () => {
    expect(qemuBinfmt('register', 'all', '--qemu-path', '/nowhere')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'qemu-binfmt: There is no qemu-TARGET in /nowhere.\n',
    });
    const { status, stderr } = qemuBinfmt('register', 'arm', '--qemu-path', '/nowhere');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^qemu-binfmt: qemu-arm was not registered: its interpreter \/nowhere\/qemu-arm is not there\./,
    );
  });
});

describe('entries', () => {
  test('are removed by target, by name and by pattern', () => {
    register(':mine:E::x::/bin/true:');
    qemuBinfmt('register', 'arm', 'mips', 'mipsel', 's390x', 'riscv64');
    expect(qemuBinfmt('unregister', 'linux/s390x')).toEqual({
      status: 0,
      stdout: 'Unregistered qemu-s390x.\n',
      stderr: '',
    });
    expect(qemuBinfmt('unregister', 'qemu-mips*', 'mine')).toMatchObject({
      status: 0,
      stdout: 'Unregistered 3 registrations.\n',
    });
    expect(listEntries()).toEqual(['qemu-riscv64', 'qemu-arm']);
    expect(qemuBinfmt('unregister', 'all')).toMatchObject({ status: 0 });
    expect(listEntries()).toEqual([]);
  });

  test('that are not there are said not to be; the others are removed', () => {
    qemuBinfmt('register', 'arm');
    const { status, stderr } = qemuBinfmt('unregister', 'qemu-mips', 'x*', 'jar', 's390x', 'all', 'arm');
    expect(status).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'qemu-binfmt: qemu-mips is not registered.',
      'qemu-binfmt: No entry matches “x*”.',
      expect.stringMatching(/^qemu-binfmt: “jar” is neither a target nor a registered entry\./),
      'qemu-binfmt: s390x is not registered.',
    ]);
    expect(listEntries()).toEqual([]);
  });

  test('are disabled and enabled', () => {
    qemuBinfmt('register', 'arm64', 'arm');
    expect(qemuBinfmt('disable', 'arm64')).toEqual({
      status: 0,
      stdout: 'Disabled qemu-aarch64.\n',
      stderr: '',
    });
    expect(runForeignProgram('uname', '-m')).toMatch(/Exec format error/);
    expect(qemuBinfmt('disable', 'arm64')).toEqual({
      status: 0,
      stdout: 'aarch64 is disabled already.\n',
      stderr: '',
    });
    expect(qemuBinfmt('enable', 'qemu-*')).toMatchObject({ status: 0 });
    expect(runForeignProgram('uname', '-m')).toBe('aarch64');
    expect(qemuBinfmt('enable', 's390x')).toEqual({
      status: 1,
      stdout: '',
      stderr: `qemu-binfmt: s390x is not registered. To register it: ${terminal.command} register s390x\n`,
    });
  });

  test('of others are left alone by reset', () => {
    register(':mine:E::x::/bin/true:');
    expect(qemuBinfmt('reset')).toEqual({
      status: 0,
      stdout: 'Nothing is registered for QEMU.\n',
      stderr: '',
    });
    qemuBinfmt('register', 'arm', 's390x');
    expect(qemuBinfmt('reset')).toEqual({ status: 0, stdout: 'Removed 2 registrations.\n', stderr: '' });
    expect(listEntries()).toEqual(['mine']);
  });

  test('that nobody can put back are named when they go', () => {
    const emulator = path.join(directory, 'qemu-arm');
    copyFileSync('/usr/local/bin/qemu-arm-static', emulator);
    qemuBinfmt('register', 'arm', '--interpreter', emulator);
    rmSync(emulator);
    const { status, stderr } = qemuBinfmt('unregister', 'arm');
    expect(status).toBe(0);
    expect(stderr).toBe(
      `qemu-binfmt: qemu-arm could not be put back: its interpreter ${emulator} is not on this machine; the kernel only holds it open.\n`,
    );
    expect(listEntries()).toEqual([]);
  });

  test('with hostile names are addressed exactly, and nothing in a name is carried out', () => {
    const names = [
      '$(touch owned)',
      '-rf',
      '*',
      'a,b',
      "it's",
      'new\nline',
      'arm64',
      '\udcff',
      'back\\slash',
    ];
    for (const name of names) register(`|${name}|E||${name.length}x${names.indexOf(name)}||/bin/true|`);
    const { stdout } = qemuBinfmt('list');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f]/);
    const words = ['$(touch owned)', '-rf', '\\*', 'a\\,b', "it's", 'new\nline', '\\arm64', 'back\\\\slash'];
    for (const word of words) {
      const before = listEntries().length;
      expect(qemuBinfmt('unregister', '--', word)).toMatchObject({ status: 0, stderr: '' });
      expect(listEntries()).toHaveLength(before - 1);
    }
    expect(listEntries()).toEqual(['\udcff']);
    const byte = terminal.runWith({ through: ['bash', '-c', 'exec "$@" $\'\\xff\'', 'bash'] }, 'unregister');
    expect(byte).toMatchObject({ status: 0, stderr: '' });
    expect(listEntries()).toEqual([]);
    expect(existsSync('owned')).toBe(false);
  });
});

describe('binfmt_misc', () => {
  test('is switched off and on', () => {
    qemuBinfmt('register', 'arm64');
    expect(qemuBinfmt('switch', 'off')).toEqual({
      status: 0,
      stdout: 'Switched binfmt_misc off.\n',
      stderr: '',
    });
    expect(masterSwitch()).toBe('disabled');
    expect(runForeignProgram('uname', '-m')).toMatch(/Exec format error/);
    expect(qemuBinfmt('switch', 'off')).toMatchObject({ status: 0, stdout: 'binfmt_misc is off already.\n' });
    expect(qemuBinfmt('switch', 'on')).toMatchObject({ status: 0 });
    expect(runForeignProgram('uname', '-m')).toBe('aarch64');
  });

  test('is mounted, and nothing else is done before', () => {
    coverBinfmtMisc();
    try {
      expect(qemuBinfmt('list')).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('is not mounted'),
      });
      expect(qemuBinfmt('switch', 'off')).toEqual({
        status: 1,
        stdout: '',
        stderr: `qemu-binfmt: binfmt_misc is not mounted. Mount it first. To mount it: ${terminal.command} mount\n`,
      });
      expect(qemuBinfmt('mount')).toEqual({ status: 0, stdout: 'Mounted binfmt_misc.\n', stderr: '' });
      expect(masterSwitch()).toBe('enabled');
      expect(qemuBinfmt('mount')).toMatchObject({ status: 0, stdout: 'binfmt_misc is mounted already.\n' });
      uncoverBinfmtMisc();
    } finally {
      uncoverBinfmtMisc();
      if (!existsSync(`${BINFMT_MISC}/status`)) mountBinfmtMisc();
    }
  });
});

describe('verify', () => {
  test('has programs run, and says why one does not', () => {
    expect(qemuBinfmt('verify')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'qemu-binfmt: No target is enabled, so there is nothing to verify.\n',
    });
    qemuBinfmt('register', 'arm64', 's390x');
    expect(qemuBinfmt('verify')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^s390x: a program ran, in \d+ ms\naarch64: a program ran, in \d+ ms\n$/),
    });
    writeToEntry('qemu-s390x', '0');
    expect(qemuBinfmt('verify', 'linux/s390x', 'arm64', '--quiet')).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^qemu-binfmt: s390x: The kernel does not recognize programs of s390x [^\n]*\n$/,
      ),
    });
    const { stdout } = qemuBinfmt('verify', 'arm64', '--json');
    expect(JSON.parse(stdout)).toEqual([
      { verdict: 'passed', target: 'aarch64', milliseconds: expect.any(Number) },
    ]);
  });
});

describe('explain', () => {
  const busybox = `${process.env.TEST_PROGRAMS}/arm64/bin/busybox`;

  test('says why a file does not run, and the command that mends it does', () => {
    const { status, stdout, stderr } = qemuBinfmt('explain', busybox);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('It does not run (Exec format error)');
    const [, line = ''] = /\nWhat mends it\n {2}(.+)\n/.exec(stdout) ?? [];
    expect(line).toBe(`${terminal.command} register aarch64`);
    expect(spawnSync('bash', ['-c', line], { env: terminal.env }).status).toBe(0);
    expect(qemuBinfmt('explain', busybox).stdout).toContain(
      'It runs under /usr/local/bin/qemu-aarch64-static',
    );

    writeToEntry('qemu-aarch64', '0');
    expect(qemuBinfmt('explain', busybox).stdout).toContain(`  ${terminal.command} enable qemu-aarch64\n`);
    writeToEntry('qemu-aarch64', '1');
    qemuBinfmt('switch', 'off');
    expect(qemuBinfmt('explain', busybox).stdout).toContain(`  ${terminal.command} switch on\n`);
  });

  test('explains several files, also one that is not there, as data too', () => {
    const { status, stdout, stderr } = qemuBinfmt('explain', '/bin/true', '/not/there', '--json');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'qemu-binfmt: /not/there: It cannot be reached. (ENOENT)\n',
    });
    expect(JSON.parse(stdout)).toMatchObject([
      { path: '/bin/true', outcome: { kind: 'runs-natively' } },
      { path: '/not/there', outcome: { kind: 'fails', errno: 'ENOENT' } },
    ]);
  });
});

describe('show', () => {
  test('says all that the kernel and the diagnosis say', () => {
    qemuBinfmt('register', 's390x', '-p', 'no');
    const { status, stdout } = qemuBinfmt('show', 'qemu-s390x');
    expect(status).toBe(0);
    for (const part of [
      's390x · IBM Z, 64-bit · Enabled\nPrograms for this CPU run, but not in containers: flag F is missing.\n',
      'Interpreter\n  /usr/local/bin/qemu-s390x-static\n  ',
      'Flags\n  none: ',
      '  12–13  e_machine      22: IBM S/390\n',
      'What the kernel says\n  enabled\n  interpreter /usr/local/bin/qemu-s390x-static\n  flags:\n',
      `  ${terminal.command} register --replace s390x\n`,
    ])
      expect(stdout).toContain(part);
    expect(qemuBinfmt('register', '--replace', 's390x')).toMatchObject({ status: 0 });
    expect(qemuBinfmt('show', 's390x').stdout).toContain('Programs for this CPU run, also in containers.');
  });
});

describe('registrations in files', () => {
  test('come back from what export wrote', () => {
    register(':mine:E::x::/bin/true:');
    qemuBinfmt('register', 'arm', 's390x');
    qemuBinfmt('disable', 's390x');
    const before = readRegistry();
    const file = path.join(directory, 'registrations.json');
    expect(qemuBinfmt('export', '--output', file)).toEqual({
      status: 0,
      stdout: `Wrote ${file}\n`,
      stderr: '',
    });
    clearRegistry();
    expect(qemuBinfmt('import', file, '--dry-run')).toMatchObject({ status: 0 });
    expect(listEntries()).toEqual([]);
    expect(qemuBinfmt('import', file)).toEqual({
      status: 0,
      stdout: 'Changed 3 registrations.\n',
      stderr: '',
    });
    expect(readRegistry()).toEqual(before);
    expect(qemuBinfmt('import', file)).toEqual({
      status: 0,
      stdout: 'Everything is registered like this already.\n',
      stderr: '',
    });
  });

  test('are read from the standard input, and others removed when that is wanted', () => {
    qemuBinfmt('register', 'arm');
    const { stdout: conf } = qemuBinfmt('export', '--format', 'conf');
    qemuBinfmt('register', 's390x');
    expect(terminal.runWith({ input: conf }, 'import', '-', '--remove-others')).toMatchObject({ status: 0 });
    expect(listEntries()).toEqual(['qemu-arm']);
  });

  test('are told of before they are registered, where they cannot work or are a risk', () => {
    const input = ':held:E::held::/no/such:F\n:evil:E::evil::/bin/true:OC\n';
    const dryRun = terminal.runWith({ input }, 'import', '-', '--dry-run');
    expect(dryRun.stderr.split('\n')).toEqual([
      expect.stringMatching(/^qemu-binfmt: evil: With flag C a set-uid program keeps its rights/),
      expect.stringMatching(/^qemu-binfmt: held: \/no\/such is not there, .*: it will refuse this\.$/),
      '',
    ]);
    expect(listEntries()).toEqual([]);
  });

  test('that make no sense are not touched', () => {
    const file = path.join(directory, 'nonsense.conf');
    writeFileSync(file, 'nonsense\n');
    expect(qemuBinfmt('import', file)).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^qemu-binfmt: ${file}: Line 1: [^\\n]*\\n$`)),
    });
  });

  test('that a format cannot say are told of', () => {
    qemuBinfmt('register', 'arm');
    qemuBinfmt('disable', 'arm');
    expect(qemuBinfmt('export', '--format', 'conf')).toMatchObject({
      status: 1,
      stderr: 'qemu-binfmt: qemu-arm is disabled, which a .conf file cannot say: systemd will enable it.\n',
    });
  });

  test('are as the options of register make them, in a directory', () => {
    const place = `${path.join(directory, 'confs')}`;
    const { status, stderr } = qemuBinfmt(
      'export',
      'arm64',
      '--format',
      'template',
      '-F',
      '-static',
      '-o',
      `${place}.d`,
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(`${place}.d`, 'utf8')).toMatch(
      /^package qemu-aarch64\ninterpreter \/usr\/local\/bin\/qemu-aarch64-static\n/,
    );
    for (const output of ['-', path.join(directory, 'one file')]) {
      expect(
        qemuBinfmt('export', 'all', '--format', 'template', '-F', '-static', '-o', output),
      ).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringContaining('These are 31 files: name a directory for them with --output.\n'),
      });
    }
  });

  test('are not written over what is in a directory, unless that is wanted', () => {
    const place = path.join(directory, 'new', 'binfmt.d');
    const words = [
      'export',
      'arm',
      's390x',
      '--format',
      'conf',
      '--qemu-path',
      '/usr/bin',
      '-o',
      `${place}/`,
    ];
    // It need not be there.
    expect(qemuBinfmt(...words)).toMatchObject({ status: 0, stderr: '' });
    const file = path.join(place, 'qemu-arm.conf');
    const written = readFileSync(file, 'utf8');
    // What says the same already is no question.
    expect(qemuBinfmt(...words)).toMatchObject({ status: 0, stderr: '' });
    writeFileSync(file, '# Hands off!\n');
    rmSync(path.join(place, 'qemu-s390x.conf'));
    expect(qemuBinfmt(...words)).toEqual({
      status: 1,
      stdout: '',
      stderr:
        `qemu-binfmt: ${file} is there already, and says something else.\n` +
        'qemu-binfmt: Nothing was written. Add --yes to write over what is there.\n',
    });
    expect(readFileSync(file, 'utf8')).toBe('# Hands off!\n');
    expect(readdirSync(place)).toEqual(['qemu-arm.conf']);
    expect(qemuBinfmt(...words, '--yes')).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe(written);
  });

  test('are for another machine where HOST_ARCH names it, and with one file as the interpreter', () => {
    const words = ['export', '--format', 'template', '--qemu-path', '/usr/bin', '--ignore-family'];
    const namesFor = (machine: string, ownFamily: string): readonly string[] => {
      const place = path.join(directory, `for ${machine} ${ownFamily}`);
      const env = { HOST_ARCH: machine };
      expect(terminal.runWith({ env }, ...words, ownFamily, '-o', `${place}/`)).toMatchObject({ status: 0 });
      return readdirSync(place);
    };
    expect(namesFor('aarch64', 'no')).not.toContain('qemu-arm');
    expect(namesFor('aarch64', 'yes')).toContain('qemu-arm');
    expect(namesFor('aarch64', 'yes')).toContain('qemu-x86_64');
    expect(terminal.runWith({ env: { HOST_ARCH: 'aarh64' } }, ...words, 'no').stderr).toMatch(
      /QEMU knows no machine “aarh64”/,
    );
    const one = qemuBinfmt('export', 'arm', '--format', 'conf', '--interpreter', '/opt/x');
    expect(one).toMatchObject({ status: 0, stdout: expect.stringMatching(/:\/opt\/x:F\n$/) });
  });
});

describe('without a verb', () => {
  test('names are listed, as is everything', () => {
    register(':jar:E::jar::/bin/true:');
    qemuBinfmt('register', 'arm64');
    expect(qemuBinfmt()).toEqual(qemuBinfmt('list'));
    for (const words of [['arm64'], ['qemu-*', 'jar'], ['linux/arm64,jar'], ['--json', 'jar']]) {
      const listed = qemuBinfmt('list', ...words);
      expect(listed).toMatchObject({ status: 0, stderr: '' });
      expect(qemuBinfmt(...words)).toEqual(listed);
    }
    expect(qemuBinfmt('qemu-arm')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'qemu-binfmt: qemu-arm is not registered.\n',
    });
  });

  test('options may stand in front of one', () => {
    expect(qemuBinfmt('--dry-run', 'register', 'arm')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^# Register qemu-arm with /),
    });
    expect(qemuBinfmt('-q', '-p', 'no', 'register', 'arm')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readEntry('qemu-arm')).toMatch(/\nflags: \n/);
  });
});

describe('--quiet', () => {
  test('leaves what was asked for', () => {
    qemuBinfmt('register', 'arm64');
    const words = [
      ['list', 'arm64'],
      ['show', 'arm64'],
      ['explain', '/bin/true'],
      ['changes', '--json'],
      ['export'],
    ];
    for (const asked of words) {
      const loud = qemuBinfmt(...asked);
      expect(loud).toMatchObject({ status: 0, stderr: '' });
      expect(qemuBinfmt(...asked, '--quiet')).toEqual(loud);
    }
  });
});

describe('what comes back at boot', () => {
  let uncoverBoot: () => void;
  beforeAll(() => {
    uncoverBoot = coverBoot();
  });
  beforeEach(clearAllBootFiles);
  afterAll(() => uncoverBoot());

  test('is kept, applied and forgotten', () => {
    qemuBinfmt('register', 'arm64');
    expect(qemuBinfmt('keep', 'arm64')).toMatchObject({ status: 0, stderr: '' });
    expect(listBootFiles()).toEqual(['qemu-aarch64.conf']);
    expect(qemuBinfmt('list', 'arm64').stdout).toMatch(/ kept\n/);
    const before = readRegistry();
    clearRegistry();
    qemuBinfmt('register', 's390x');
    expect(qemuBinfmt('apply', '--dry-run')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^# Register qemu-aarch64 with [^\n]+\n\n/),
    });
    expect(qemuBinfmt('apply')).toEqual({ status: 0, stdout: 'Changed qemu-aarch64.\n', stderr: '' });
    expect(listEntries()).toEqual(['qemu-aarch64', 'qemu-s390x']);
    expect(qemuBinfmt('apply', '--remove-others')).toEqual({
      status: 0,
      stdout: 'Changed qemu-s390x.\n',
      stderr: '',
    });
    expect(readRegistry()).toEqual(before);
    expect(qemuBinfmt('apply')).toEqual({
      status: 0,
      stdout: 'Everything is registered as it will be at boot.\n',
      stderr: '',
    });
    expect(qemuBinfmt('forget', 'qemu-aarch64')).toMatchObject({ status: 0, stderr: '' });
    expect(listBootFiles()).toEqual([]);
    expect(qemuBinfmt('forget', 'arm64')).toMatchObject({
      status: 0,
      stdout: 'Nothing brings aarch64 back at boot.\n',
    });
  });

  test('is not changed in somebody else’s file unless that is agreed to', () => {
    qemuBinfmt('register', 'arm64');
    qemuBinfmt('keep', 'arm64');
    const file = '/etc/binfmt.d/qemu-aarch64.conf';
    const theirs = `# mine\n${readFileSync(file, 'utf8').split('\n').slice(-2).join('\n')}`;
    writeFileSync(file, theirs);
    const refused = qemuBinfmt('forget', 'arm64');
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toContain('qemu-binfmt:   # mine\n');
    expect(refused.stderr).toMatch(/Add --yes to change what others wrote\.\n$/);
    expect(readBootFile('qemu-aarch64.conf')).toEqual({ kind: 'text', text: theirs });
    expect(qemuBinfmt('forget', 'arm64', '--yes')).toMatchObject({ status: 0 });
    expect(listBootFiles()).toEqual([]);
  });
});

describe('the record of changes', () => {
  test('numbers them, and takes any of them back', () => {
    expect(qemuBinfmt('undo')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'qemu-binfmt: There is nothing to undo.\n',
    });
    qemuBinfmt('register', 'arm');
    qemuBinfmt('register', 's390x');
    const { stdout } = qemuBinfmt('changes');
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).filter((_, index) => index !== 1))).toEqual([
      ['NUMBER', 'WHO', 'WHAT', 'CAN BE UNDONE'],
      ['2', expect.any(String), 'Registered s390x', 'yes'],
      ['1', expect.any(String), 'Registered arm', 'yes'],
      [''],
    ]);
    expect(qemuBinfmt('undo', '1')).toEqual({ status: 0, stdout: 'Put back qemu-arm.\n', stderr: '' });
    expect(listEntries()).toEqual(['qemu-s390x']);
    expect(qemuBinfmt('undo', 'x')).toMatchObject({ status: 2 });
  });
});
