import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BuiltTerminal } from '../support/built-terminal.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { coverBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import { clearAllBootFiles, coverBoot } from '../support/private-boot.ts';
import { clearRegistry, listEntries, readRegistry, register, writeToEntry } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
const conf = path.join(directory, 'arm.conf');
let terminal: BuiltTerminal;
let uncoverBoot: () => void;

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
  uncoverBoot = coverBoot();
});
beforeEach(() => {
  clearRegistry();
  clearAllBootFiles();
  rmSync(terminal.dataDirectory, { recursive: true, force: true });
});
afterAll(() => {
  uncoverBoot();
  clearRegistry();
  remove();
});

/** In a user namespace of its own, in which it is nobody. */
const nobody = { through: ['unshare', '--user'] };

describe('where binfmt_misc is not mounted', () => {
  beforeEach(() => {
    terminal.run('register', 'arm');
    writeFileSync(conf, terminal.run('export', '--format', 'conf').stdout);
    coverBinfmtMisc();
  });
  afterEach(uncoverBinfmtMisc);

  test.each([
    [['register', 'arm']],
    [['register', 'all', '--dry-run']],
    [['unregister', 'arm']],
    [['enable', 'arm']],
    [['disable', 'qemu-arm']],
    [['reset']],
    [['switch', 'off']],
    [['verify']],
    [['verify', 'arm']],
    [['export']],
    [['export', 'arm']],
    [['import', conf]],
    [['keep', 'arm']],
    [['apply']],
    [['undo', '1']],
  ])('%j says so, and how to mount it', (words) => {
    expect(terminal.run(...words)).toEqual({
      status: 1,
      stdout: '',
      stderr: `qemu-binfmt: binfmt_misc is not mounted. Mount it first. To mount it: ${terminal.command} mount\n`,
    });
  });

  test('only root may mount it', () => {
    expect(terminal.runWith(nobody, 'mount')).toEqual({
      status: 1,
      stdout: '',
      stderr: `qemu-binfmt: Only root may do this. Type: sudo ${terminal.command} mount\n`,
    });
    expect(terminal.runWith(nobody, 'mount', '--dry-run')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^# Mount binfmt_misc\n/),
    });
  });

  test('list and show say so, and what would be', () => {
    expect(terminal.run('list', 'arm')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('is not mounted'),
    });
    expect(terminal.run('show', 'arm')).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('whoever is not root', () => {
  test.each([
    [['register', 'riscv64']],
    [['register', 'all', '--reset']],
    [['unregister', 'arm']],
    [['enable', 'arm']],
    [['disable', 'qemu-armeb']],
    [['reset']],
    [['switch', 'off']],
    [['import', conf]],
    [['keep', 's390x']],
    [['forget', 'armeb']],
    [['apply']],
  ])('is told what to type for %j', (words) => {
    terminal.run('register', 'arm', 'armeb', 's390x');
    terminal.run('keep', 'armeb');
    writeToEntry('qemu-arm', '0');
    writeFileSync(conf, terminal.run('export', '--format', 'conf').stdout);
    if (words[0] === 'apply') terminal.run('disable', 'armeb');
    const before = readRegistry();
    expect(terminal.runWith(nobody, ...words)).toEqual({
      status: 1,
      stdout: '',
      stderr: `qemu-binfmt: Only root may do this. Type: sudo ${terminal.command} ${words.join(' ')}\n`,
    });
    expect(readRegistry()).toEqual(before);
  });

  test.each([['undo'], ['undo 1']])(
    'takes back with “%s” what is on this user’s record, not on root’s',
    (words) => {
      const home = path.join(directory, 'home-of-root');
      mkdirSync(home, { recursive: true });
      terminal.run('register', 'arm');
      terminal.runWith({ env: { HOME: home } }, 'register', 's390x');
      const { status, stderr } = terminal.runWith(nobody, ...words.split(' '));
      expect(status).toBe(1);
      const [, typed = ''] = /^qemu-binfmt: Only root may do this\. Type: (.+)\n$/.exec(stderr) ?? [];
      // Here is root already, and sudo what gives it root's home.
      const script = `sudo() { HOME='${home}' "$@"; }; ${typed}`;
      expect(spawnSync('bash', ['-c', script], { env: terminal.env }).status).toBe(0);
      expect(listEntries()).toEqual(['qemu-s390x']);
      rmSync(home, { recursive: true });
    },
  );
});

describe('a name of nothing', () => {
  test.each([
    [['list', 'nonsense', 'jar']],
    [['show', 'nonsense', 'jar']],
    [['unregister', 'nonsense', 'jar']],
    [['enable', 'nonsense', 'jar']],
    [['disable', 'nonsense', 'jar']],
    [['export', 'nonsense', 'jar']],
    [['keep', 'nonsense', 'jar']],
    [['forget', 'nonsense', 'jar']],
    [['verify', 'nonsense', 'jar']],
  ])('is told by %j, which fails', (words) => {
    expect(terminal.run(...words)).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'qemu-binfmt: “nonsense” is neither a target nor a registered entry. The verb “list” shows them all.\n' +
        'qemu-binfmt: “jar” is neither a target nor a registered entry. The verb “list” shows them all.\n',
    });
  });

  test.each(['list', 'show', 'unregister', 'enable', 'disable', 'export', 'verify'])(
    'does not keep %s from the others',
    (verb) => {
      terminal.run('register', 's390x');
      if (verb === 'enable') writeToEntry('qemu-s390x', '0');
      const { status, stdout, stderr } = terminal.run(verb, 'nonsense', 'qemu-arm', 's390x');
      expect(status).toBe(1);
      expect(stdout).toContain('s390x');
      expect(stderr).toMatch(/^qemu-binfmt: “nonsense” [^\n]+\nqemu-binfmt: qemu-arm is not registered\.\n$/);
    },
  );

  test('cannot be kept while it is not registered', () => {
    expect(terminal.run('keep', 'arm', 'qemu-s390x')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'qemu-binfmt: qemu-s390x is not registered.\nqemu-binfmt: arm is not registered.\n',
    });
  });

  test.each([
    [['list', ''], 'NAME'],
    [['show', 'arm', ''], 'NAME'],
    [['register', ''], 'TARGET'],
    [['unregister', ''], 'NAME'],
    [['enable', ''], 'NAME'],
    [['disable', ''], 'NAME'],
    [['keep', ''], 'NAME'],
    [['forget', ''], 'NAME'],
    [['verify', ''], 'TARGET'],
    [['export', ''], 'NAME'],
    [['import', ''], 'FILE'],
    [['explain', ''], 'FILE'],
    [['tarball', ''], 'TARGET'],
    [['image', '', '-o', '/dev/null'], 'TARGET'],
    [['get', ''], 'FILE'],
    [['get', '/dev/null', ''], 'TARGET'],
  ])('such as an unset variable leaves is a mistake: %j', (words, operand) => {
    terminal.run('register', 'arm');
    expect(terminal.run(...words)).toEqual({
      status: 2,
      stdout: '',
      stderr: `qemu-binfmt: command-argument value '' is invalid for argument '${operand}'. It names nothing.\n`,
    });
    expect(listEntries()).toEqual(['qemu-arm']);
  });

  test.each([
    [['register', ',']],
    [['unregister', ',,']],
    [['enable', ',']],
    [['keep', ',']],
    [['forget', ',']],
    [['verify', ',']],
    [['export', ',']],
    [['export', ',', '-p', 'yes']],
    [['tarball', ',']],
    [['image', ',', '-o', '/dev/null']],
    [['get', '/dev/null', ',']],
  ])('may be commas alone: %j', (words) => {
    terminal.run('register', 'arm');
    const commas = words.find((word) => word.startsWith(','));
    expect(terminal.run(...words)).toEqual({
      status: 2,
      stdout: '',
      stderr: `qemu-binfmt: “${commas}” names nothing.\n`,
    });
  });

  test.each(['--qemu-path', '--interpreter'])('is no value of %s', (option) => {
    expect(terminal.run('register', 'arm', option, '')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/argument '' is invalid\. It names nothing\.\n$/),
    });
  });
});

describe('verify', () => {
  test('fails for a target whose entry is broken, also where it is the only one', () => {
    const emulator = path.join(directory, 'qemu-arm');
    copyFileSync('/usr/local/bin/qemu-arm-static', emulator);
    terminal.run('register', 'arm', '--interpreter', emulator, '-p', 'no');
    rmSync(emulator);
    const broken = {
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^qemu-binfmt: arm: [^\n]+\n$/),
    };
    expect(terminal.run('verify')).toEqual(broken);
    terminal.run('register', 's390x');
    expect(terminal.run('verify', '--quiet')).toEqual(broken);
    expect(terminal.run('verify', 'all', '--quiet')).toEqual(broken);
    writeToEntry('qemu-arm', '0');
    expect(terminal.run('verify')).toMatchObject({ status: 0, stderr: '' });
  });

  test('takes “all” and what is named besides', () => {
    terminal.run('register', 's390x', 'arm64');
    writeToEntry('qemu-s390x', '0');
    const { status, stdout, stderr } = terminal.run('verify', 'all', 's390x');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^aarch64: a program ran, in \d+ ms\n$/);
    expect(stderr).toMatch(/^qemu-binfmt: s390x: [^\n]+\n$/);
  });

  test('has no programs of other formats', () => {
    register(':jar:E::jar::/bin/true:');
    terminal.run('register', 'arm64');
    const stderr = 'qemu-binfmt: jar is none of QEMU’s targets, and only their programs are known here.\n';
    expect(terminal.run('verify', 'jar')).toEqual({ status: 1, stdout: '', stderr });
    expect(terminal.run('verify', 'jar', 'arm64')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('aarch64: a program ran'),
      stderr,
    });
  });
});

describe('import', () => {
  test('says what it leaves alone, before and after', () => {
    const emulator = path.join(directory, 'qemu-arm');
    copyFileSync('/usr/local/bin/qemu-arm-static', emulator);
    terminal.run('register', 'arm', 's390x');
    writeFileSync(conf, terminal.run('export', '--format', 'conf').stdout);
    clearRegistry();
    terminal.run('register', 'arm', '--interpreter', emulator);
    rmSync(emulator);
    const before = readRegistry();
    const stderr = 'qemu-binfmt: qemu-arm: what is registered now could not be put back once replaced\n';
    const dry = terminal.run('import', conf, '--dry-run');
    expect(dry).toMatchObject({ status: 1, stderr });
    expect(dry.stdout).toMatch(/^# Register qemu-s390x with [^\n]+\n\n/);
    expect(readRegistry()).toEqual(before);
    expect(terminal.run('import', conf)).toEqual({ status: 1, stdout: 'Changed qemu-s390x.\n', stderr });
  });
});

describe('export', () => {
  test('succeeds where all was written, be it in another order', () => {
    register(':b:E::x::/bin/true:');
    register(':a:E::x::/bin/false:');
    const place = path.join(directory, 'confs');
    expect(terminal.run('export', '--format', 'conf', '--output', `${place}/`)).toEqual({
      status: 0,
      stdout: `Wrote ${place}/a.conf\nWrote ${place}/b.conf\n`,
      stderr: expect.stringMatching(/^qemu-binfmt: systemd takes these files in the order [^\n]+\n$/),
    });
  });

  test('says once of a directory that cannot be made why', () => {
    register(':a:E::x::/bin/false:');
    register(':b:E::x::/bin/true:');
    const place = path.join(directory, 'a-file');
    writeFileSync(place, '');
    expect(terminal.run('export', '--format', 'conf', '--output', `${place}/confs/`)).toEqual({
      status: 1,
      stdout: '',
      stderr: `qemu-binfmt: ${place}/confs/ could not be made: not a directory.\n`,
    });
  });

  test('says of a target that nothing serves that it is not registered', () => {
    terminal.run('register', 'arm');
    expect(terminal.run('export', 'x86_64')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'qemu-binfmt: x86_64 is not registered.\n',
    });
    const { status, stdout, stderr } = terminal.run('export', 'x86_64', 'arm');
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'qemu-binfmt: x86_64 is not registered.\n' });
    expect(JSON.parse(stdout)).toMatchObject({ entries: [{ name: 'qemu-arm' }] });
  });
});

describe('a home in which nothing can be kept', () => {
  test('keeps nothing from being done', () => {
    const { status, stdout, stderr } = terminal.runWith({ env: { HOME: '/proc/nope' } }, 'register', 'arm');
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'Registered arm.\n' });
    expect(stderr).toMatch(/^(qemu-binfmt: What is changed could not be recorded: [^\n]+\n)+$/);
    expect(listEntries()).toEqual(['qemu-arm']);
  });
});
