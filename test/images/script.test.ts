import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { familyOfMachine, targets } from '../../electron/binfmt/targets.ts';
import { registerScript } from '../../electron/images/register-script.ts';
import { temporaryDirectory, writeInterpreter } from '../support/interpreters.ts';
import {
  BINFMT_MISC,
  clearRegistry,
  listEntries,
  readEntry,
  readRegistry,
  register,
} from '../support/registry.ts';
import { emulatorPath } from './support/real-emulators.ts';
import { type Outcome, run } from './support/run.ts';

const { directory, remove } = temporaryDirectory();
const script = path.join(directory, 'register');
writeFileSync(script, registerScript(os.machine()));
/** A directory that holds the emulators of these targets. */
const emulators = path.join(directory, 'emulators');
const foreign = targets.filter((target) => target.family !== familyOfMachine(os.machine()));

execFileSync('mkdir', [emulators]);
for (const name of ['arm', 's390x']) writeInterpreter(path.join(emulators, `qemu-${name}-static`));

beforeEach(clearRegistry);
afterEach(clearRegistry);
afterAll(remove);

/** Runs the script as the image does. */
const registerWith = (...args: readonly string[]): Outcome => run(['busybox', 'sh', script, ...args]);

/** Runs it on a machine whose mounts these commands changed. */
const registerAfter = (commands: string, ...args: readonly string[]): Outcome =>
  run(['unshare', '-m', 'sh', '-ec', `${commands}; exec busybox sh "$@"`, 'sh', script, ...args]);

const flagsOf = (name: string): string | undefined => /^flags: (.*)$/m.exec(readEntry(name) ?? '')?.[1];

describe('the register program', () => {
  test.each(['busybox sh', 'dash', 'bash'])('registers every foreign target under %s', (shell) => {
    const { status, stdout } = run([...shell.split(' '), script]);
    expect(status).toBe(0);
    expect(stdout).toContain(foreign.map(({ name }) => name).join(' '));
    expect([...listEntries()].reverse()).toEqual(foreign.map(({ name }) => `qemu-${name}`));
    for (const { name, magic, mask } of foreign) {
      expect(readEntry(`qemu-${name}`)).toBe(
        `enabled\ninterpreter /usr/bin/qemu-${name}-static\nflags: \noffset 0\nmagic ${magic}\nmask ${mask}\n`,
      );
    }
  });

  test.each([
    [['-p', 'yes'], 'F'],
    [['--persistent', 'yes'], 'F'],
    [['--persistent=yes'], 'F'],
    [['-pyes'], 'F'],
    [['-c', 'yes'], 'OC'],
    [['--credential', 'yes', '--persistent', 'no'], 'OC'],
    [['-g', 'yes'], 'P'],
    [['-i', 'no', '-p', 'yes'], 'F'],
    [['--preserve-argv0=yes', '-c', 'yes', '-p', 'yes'], 'POCF'],
  ] as const)('takes %j', (options, flags) => {
    const { status, stderr } = registerWith('--qemu-path', emulators, ...options, '--', 'arm');
    expect(stderr).not.toContain('arm');
    expect(status).toBe(0);
    expect(listEntries()).toEqual(['qemu-arm']);
    expect([...(flagsOf('qemu-arm') ?? '')].sort()).toEqual([...flags].sort());
  });

  test('takes the emulators’ place and the ending of their names', () => {
    registerWith('-Q', '/opt/qemu 9/', '-F', '', 'arm', 's390x');
    expect(readEntry('qemu-arm')).toContain('interpreter /opt/qemu 9/qemu-arm\n');
    clearRegistry();
    run(['busybox', 'sh', script, 'arm'], { QEMU_BIN_DIR: '/opt' });
    expect(readEntry('qemu-arm')).toContain('interpreter /opt/qemu-arm-static\n');
  });

  test('registers with -p yes what it has the emulators of', () => {
    const { status, stdout } = registerWith('--qemu-path', emulators, '-p', 'yes');
    expect(status).toBe(0);
    expect(stdout).toBe('Registered, with the flags (F): arm s390x\n');
    expect(listEntries()).toEqual(['qemu-s390x', 'qemu-arm']);
  });

  test('explains its options', () => {
    const { status, stdout } = registerWith('--help');
    expect(status).toBe(0);
    for (const option of ['--reset', '--persistent', '--credential', '--preserve-argv0', '--qemu-path']) {
      expect(stdout).toContain(option);
    }
    expect(listEntries()).toEqual([]);
  });
});

describe('--reset', () => {
  test('removes what is called qemu-*, whatever the rest of the name, and nothing else', () => {
    const hostile = [
      'qemu-$(reboot)',
      'qemu-`touch hostile`',
      "qemu-'; touch hostile; '",
      'qemu-a\nb',
      'qemu-*',
      'qemu- -1',
      'qemu-\udcff\u{1f600}',
      'qemu-',
    ];
    const others = ['jar', 'my-qemu-arm', 'Qemu-arm', '$(reboot)'];
    for (const name of [...hostile, ...others]) register(`|${name}|E||x${name.length}||/bin/true|`);
    const { status } = registerWith('--reset', 'arm');
    expect(status).toBe(0);
    expect([...listEntries()].sort()).toEqual([...others, 'qemu-arm'].sort());
    expect(existsSync('hostile')).toBe(false);
  });

  test('replaces entries', () => {
    registerWith('arm');
    expect(registerWith('--reset', '--qemu-path', emulators, '-p', 'yes').status).toBe(0);
    expect(flagsOf('qemu-arm')).toBe('F');
  });

  test('leaves the master switch alone, and says when it is off', () => {
    writeFileSync(`${BINFMT_MISC}/status`, '0');
    const { stderr } = registerWith('--reset', 'arm');
    expect(stderr).toContain('binfmt_misc is switched off');
    expect(run(['cat', `${BINFMT_MISC}/status`]).stdout).toBe('disabled\n');
  });
});

describe('a sentence says', () => {
  /** Nothing may have changed where the whole is refused. */
  test.each([
    [['vax'], /There is no target called vax/],
    [['--', 'arm s390x'], /That is not the name of a target/],
    [['--', '$(reboot)'], /That is not the name of a target/],
    [['arm', '*'], /That is not the name of a target/],
    [['-p'], /-p needs yes or no behind it/],
    [['-p', 'maybe'], /-p needs yes or no/],
    [['--credential=perhaps'], /--credential needs yes or no/],
    [['--qemu-path'], /--qemu-path needs a value/],
    [['--qemu-path', 'usr/bin'], /must be an absolute path/],
    [['--qemu-path', '/a:b'], /A colon separates the fields/],
    [['--qemu-suffix=:OC'], /A colon separates the fields/],
    [['--systemd', 'ALL'], /writes files for a distribution/],
    [['--debian'], /writes files for a distribution/],
    [['--ignore-family', 'yes'], /a container cannot see which .* would stop every one of them/],
    [['-i'], /-i needs yes or no/],
    [['--nonsense'], /There is no such option/],
    [['-x\u001b[2J'], /There is no such option/],
    [['--qemu-path', '/nowhere', '-p', 'yes'], /this image has none .*Take the image latest/],
    [
      [targets.find(({ family }) => family === familyOfMachine(os.machine()))?.name ?? ''],
      /run by this machine itself/,
    ],
  ] as const)('why it does not take %j, and nothing is changed', (args, sentence) => {
    register(':qemu-arm:E::armexample::/bin/true:');
    const before = readRegistry();
    const { status, stdout, stderr } = registerWith('--reset', ...args);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('\u001b');
    expect(stdout).toBe('');
    expect(status).toBe(1);
    expect(readRegistry()).toEqual(before);
  });

  test('what is registered already, and the rest is registered', () => {
    registerWith('arm');
    const { status, stdout, stderr } = registerWith('s390x', 'arm', 'riscv64');
    expect(stderr).toContain('Registered already, and left as they are: arm. With --reset');
    expect(stdout).toContain(': s390x riscv64\n');
    expect(status).toBe(1);
  });

  test('which emulator is missing', () => {
    const { status, stderr } = registerWith('--qemu-path', emulators, '-p', 'yes', 'riscv64');
    expect(stderr).toContain(`qemu-riscv64: ${emulators}/qemu-riscv64-static is not in this image.`);
    expect(status).toBe(1);
  });

  test('which emulator cannot be executed', () => {
    writeFileSync(path.join(emulators, 'qemu-hppa-static'), '');
    const { stderr } = registerWith('--qemu-path', emulators, '-p', 'yes', 'hppa');
    execFileSync('rm', [path.join(emulators, 'qemu-hppa-static')]);
    expect(stderr).toContain('qemu-hppa-static may not be executed');
  });

  test('that the container may not register', () => {
    const { status, stderr } = registerAfter(`mount -o remount,ro,bind ${BINFMT_MISC}`);
    expect(stderr).toContain('cannot be written to (Read-only file system). Start the container as root');
    expect(status).toBe(1);
  });

  test('that the kernel has no binfmt_misc', () => {
    const { status, stderr } = registerAfter('mount -t tmpfs tmpfs /proc/sys/fs');
    expect(stderr).toContain('The kernel has no binfmt_misc. On the host, as root: modprobe binfmt_misc');
    expect(status).toBe(1);
  });

  test('that this is another machine', () => {
    const arch = path.join(directory, 'arch');
    writeFileSync(arch, 'sparc64\n');
    const { status, stderr } = registerAfter(`mount --bind ${arch} /proc/sys/kernel/arch`);
    expect(stderr).toContain(`This image is for ${os.machine()} and this machine is sparc64.`);
    expect(status).toBe(1);
    expect(listEntries()).toEqual([]);
  });
});

test('an image for another machine that QEMU runs does not register the machine’s own programs', () => {
  writeFileSync(script, registerScript('s390x'));
  expect(run([emulatorPath('s390x'), process.env.S390X_BUSYBOX ?? '', 'uname', '-m']).stdout).toBe('s390x\n');
  const { status, stderr } = run([
    emulatorPath('s390x'),
    process.env.S390X_BUSYBOX ?? '',
    'sh',
    script,
    '--reset',
  ]);
  writeFileSync(script, registerScript(os.machine()));
  expect(stderr).toContain(`This image is for s390x and this machine is ${os.machine()}.`);
  expect(status).toBe(1);
  expect(listEntries()).toEqual([]);
});

describe('binfmt_misc that is not mounted', () => {
  test('is mounted', () => {
    register(':jar:E::jar::/bin/true:');
    const { status, stderr } = registerAfter(`umount ${BINFMT_MISC}`, 'arm');
    expect(stderr).not.toContain('mounted in this container alone');
    expect(status).toBe(0);
    expect(listEntries()).toEqual(['qemu-arm', 'jar']);
  });

  test('anywhere is mounted, with a note that it ends with the container', () => {
    const { status, stdout, stderr } = run([
      'unshare',
      '-Urmpf',
      '--mount-proc',
      'busybox',
      'sh',
      script,
      'arm',
    ]);
    expect(stderr).toContain('Note: binfmt_misc is mounted in this container alone.');
    expect(stderr).toContain('Note: this container has a user namespace of its own');
    expect(stdout).toBe('Registered, with the flags (): arm\n');
    expect(status).toBe(0);
    expect(listEntries()).toEqual([]);
  });
});
