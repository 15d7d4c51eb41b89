import { chmodSync, copyFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Action } from '../../electron/binfmt/diagnosis/action.ts';
import type { Finding, FindingId } from '../../electron/binfmt/diagnosis/finding.ts';
import { worstOf } from '../../electron/binfmt/diagnosis/finding.ts';
import { findingsOf } from '../../electron/binfmt/diagnosis/findings.ts';
import { formatRegisterLine, type MagicRegistration } from '../../electron/binfmt/register-line.ts';
import type { Row, Snapshot } from '../../electron/binfmt/snapshot.ts';
import { trialNameOf } from '../../electron/binfmt/trial.ts';
import { BinfmtManager } from '../../electron/manager.ts';
import { registrationOfTarget, theTarget } from '../support/example-data.ts';
import { runForeignProgram } from '../support/foreign-program.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { coverBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import { rowNamed } from '../support/read-snapshot.ts';
import { BINFMT_MISC, clearRegistry, readEntry, register, writeToEntry } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
const qemu = '/usr/local/bin/qemu-aarch64-static';
const machine = os.machine();
const foreignProgram = path.join(process.env.TEST_PROGRAMS ?? '', 'arm64/bin/busybox');

/** The QEMU version that is told of every interpreter. */
let qemuVersion = '7.2.0';
const versions = { get: () => qemuVersion, set: () => undefined };
const manager = new BinfmtManager({ kind: 'root' }, versions, () => undefined);

beforeEach(() => {
  clearRegistry();
  qemuVersion = '7.2.0';
});
afterEach(() => manager.stop());
afterAll(() => {
  clearRegistry();
  remove();
});

/** Registers a target’s line with some fields changed. */
function registerTarget(target: string, changes: Partial<MagicRegistration> = {}): void {
  const line = formatRegisterLine(registrationOfTarget(target, { interpreter: qemu, ...changes }));
  if (!line.ok) throw new Error(line.problem);
  register(line.value);
}

async function snapshotNow(): Promise<Snapshot> {
  await manager.lookAgain();
  return manager.snapshot();
}

async function findings(): Promise<readonly Finding[]> {
  return findingsOf(await snapshotNow());
}

const idsOf = (list: readonly Finding[]): readonly FindingId[] => list.map((finding) => finding.id);

/** Does what the finding offers, as its button would. */
async function carryOut(action: Action | null | undefined): Promise<void> {
  for (const request of action?.requests ?? []) {
    const { kind, message } = await manager.change(request);
    expect(kind, message).toBe('done');
  }
}

/** A file that is an interpreter until it is gone. */
function temporaryInterpreter(name: string): string {
  const file = path.join(directory, name);
  rmSync(file, { force: true });
  copyFileSync('/bin/true', file);
  chmodSync(file, 0o755);
  return file;
}

test('an entry as this program registers it has no finding, and a system without entries has none', async () => {
  expect(await findings()).toEqual([]);
  await carryOut({
    label: 'Register',
    requests: [{ kind: 'register', targets: ['aarch64', 'microblaze', 'mips'] }],
  });
  expect(await findings()).toEqual([]);
  expect(worstOf([], rowNamed(await manager.snapshot(), 'aarch64'))).toBeNull();
});

interface Case {
  readonly provoke: () => void;
  readonly label: Action['label'];
}

/** Not provoked here: a kernel without it, and a module, are not to be had in a namespace. */
type OfAnotherKernel = 'kernel-without-binfmt-misc' | 'module-not-loaded';
/** Provoked in diagnosis-boot.test.ts. */
type OfBoot = 'boot-differs' | 'boot-file-broken';
/** Provoked below, each in its own way. */
type InItsOwnWay = 'not-mounted' | 'preserve-argv0-expected' | 'captures-host' | 'shadowed-in-part';

const cases: Readonly<Record<Exclude<FindingId, OfAnotherKernel | OfBoot | InItsOwnWay>, Case>> = {
  'master-switch-off': {
    provoke: () => writeFileSync(`${BINFMT_MISC}/status`, '0'),
    label: 'Switch on',
  },
  unreadable: {
    // The kernel's text is not quoted: an extension may look like lines of it.
    provoke: () => register('|unreadable|E||a\nflags: x||/bin/true|'),
    label: 'Unregister',
  },
  'left-by-replacement': {
    provoke: () => registerTarget('aarch64', { name: trialNameOf('qemu-aarch64') }),
    label: 'Rename',
  },
  disabled: {
    provoke: () => {
      registerTarget('aarch64');
      writeToEntry('qemu-aarch64', '0');
    },
    label: 'Enable',
  },
  'interpreter-missing': {
    provoke: () => registerTarget('aarch64', { flags: '', interpreter: '/nowhere/qemu-aarch64' }),
    label: 'Replace',
  },
  'interpreter-not-executable': {
    provoke: () => {
      const interpreter = temporaryInterpreter('plain');
      registerTarget('aarch64', { flags: '', interpreter });
      chmodSync(interpreter, 0o644);
    },
    label: 'Replace',
  },
  'interpreter-held-open': {
    provoke: () => {
      const interpreter = temporaryInterpreter('vanishing');
      registerTarget('aarch64', { interpreter });
      rmSync(interpreter);
    },
    label: 'Replace',
  },
  'interpreter-foreign': {
    provoke: () => registerTarget('s390x', { interpreter: foreignProgram }),
    label: 'Replace',
  },
  'interpreter-dynamic': {
    provoke: () => registerTarget('aarch64', { interpreter: temporaryInterpreter('dynamic') }),
    label: 'Replace',
  },
  'not-in-containers': { provoke: () => registerTarget('aarch64', { flags: '' }), label: 'Replace' },
  'preserve-argv0-not-understood': {
    provoke: () => {
      qemuVersion = '5.2.0';
      registerTarget('aarch64', { flags: 'PF' });
    },
    label: 'Replace',
  },
  credentials: { provoke: () => registerTarget('aarch64', { flags: 'OCF' }), label: 'Replace' },
  'host-may-run-it': {
    // A CPU of the same family as this machine's, whose own programs it does not take.
    provoke: () => registerTarget(machine === 'x86_64' ? 'i386' : 'arm'),
    label: 'Unregister',
  },
  'matches-nothing': {
    provoke: () =>
      registerTarget('microblaze', {
        magic: '7f454c460102010000000000000000000200baab',
        interpreter: '/usr/local/bin/qemu-microblaze-static',
      }),
    label: 'Replace',
  },
  'takes-other-target': {
    provoke: () =>
      registerTarget('s390x', {
        magic: theTarget('riscv64').magic,
        mask: theTarget('riscv64').mask,
        interpreter: '/usr/local/bin/qemu-s390x-static',
      }),
    label: 'Replace',
  },
  'served-twice': {
    provoke: () => {
      registerTarget('aarch64', { name: 'older' });
      registerTarget('aarch64');
    },
    label: 'Unregister',
  },
  shadowed: {
    provoke: () => {
      registerTarget('aarch64', { name: 'older' });
      registerTarget('aarch64');
    },
    label: 'Unregister',
  },
};

describe('a finding', () => {
  test.each(Object.entries(cases))('%s: found, and gone once what it offers is done', async (id, wanted) => {
    wanted.provoke();
    const found = await findings();
    const finding = found.find((one) => one.id === id);
    expect(finding?.action?.label, JSON.stringify(found)).toBe(wanted.label);
    await carryOut(finding?.action);
    expect(await findings()).toEqual([]);
  });

  test('not-mounted: found, and gone once “Mount” is done', async () => {
    coverBinfmtMisc();
    try {
      const found = await findings();
      expect(idsOf(found)).toEqual(['not-mounted']);
      await carryOut(found[0]?.action);
      expect(await findings()).toEqual([]);
      uncoverBinfmtMisc();
    } finally {
      uncoverBinfmtMisc();
    }
  });

  test('preserve-argv0-expected: under Debian’s name for P, QEMU loses an argument until “Replace” is done', async () => {
    const interpreter = path.join(directory, 'aarch64-binfmt-P');
    symlinkSync(qemu, interpreter);
    registerTarget('aarch64', { interpreter });
    const found = await findings();
    expect(idsOf(found)).toEqual(['preserve-argv0-expected']);
    expect(runForeignProgram('--list')).toContain('applet not found');
    await carryOut(found[0]?.action);
    expect(await findings()).toEqual([]);
    expect(runForeignProgram('--list')).toContain('uname');
  });

  test('preserve-argv0-expected: with P it is not found, for Debian’s QEMU goes by its name, however old it is', async () => {
    const interpreter = path.join(directory, 'old-aarch64-binfmt-P');
    symlinkSync(qemu, interpreter);
    registerTarget('aarch64', { interpreter, flags: 'PF' });
    for (const version of ['7.2.0', '5.2.0']) {
      qemuVersion = version;
      expect(await findings()).toEqual([]);
    }
    expect(runForeignProgram('--list')).toContain('uname');
  });

  test('interpreter-held-open: no emulator takes over where none is static, and it is gone when the file is back', async () => {
    const interpreter = temporaryInterpreter('vanishing');
    registerTarget('x86_64', { name: 'vanishing', magic: 'abcdef01', mask: null, interpreter });
    expect(await findings()).toEqual([]);
    rmSync(interpreter);
    expect(await findings()).toMatchObject([{ id: 'interpreter-held-open', severity: 'info', action: null }]);
    temporaryInterpreter('vanishing');
    expect(await findings()).toEqual([]);
  });

  test('interpreter-foreign: says for which CPU', async () => {
    registerTarget('s390x', { interpreter: foreignProgram });
    const [finding] = await findings();
    expect(finding?.sentence).toContain('is itself a program for AArch64');
  });

  test('Replace leaves disabled what is disabled', async () => {
    registerTarget('aarch64', { flags: '' });
    writeToEntry('qemu-aarch64', '0');
    const finding = (await findings()).find(({ action }) => action?.label === 'Replace');
    expect(finding?.id).toBe('not-in-containers');
    await carryOut(finding?.action);
    expect(readEntry('qemu-aarch64')).toMatch(/^disabled\n.*\nflags: F\n/);
  });

  test('left-by-replacement: beside what was to be replaced it only has to go', async () => {
    registerTarget('aarch64');
    registerTarget('aarch64', { name: trialNameOf('qemu-aarch64'), interpreter: '/bin/true' });
    const finding = (await findings()).find(({ id }) => id === 'left-by-replacement');
    expect(finding?.action?.label).toBe('Unregister');
    await carryOut(finding?.action);
    expect(await findings()).toEqual([]);
    expect(readEntry('qemu-aarch64')).toContain(`interpreter ${qemu}\n`);
  });

  test('credentials: what takes over for C is not set-uid’s any more, and runs', async () => {
    registerTarget('aarch64', { flags: 'OCF' });
    const [finding] = await findings();
    await carryOut(finding?.action);
    expect(readEntry('qemu-aarch64')).toContain('\nflags: F\n');
    expect(runForeignProgram('uname', '-m')).toBe('aarch64');
  });

  test('captures-host: found while the master switch keeps it from taking anything, and gone before that is on again', async () => {
    writeFileSync(`${BINFMT_MISC}/status`, '0');
    registerTarget(machine);
    const found = (await findings()).find((one) => one.id === 'captures-host');
    expect(found).toMatchObject({ severity: 'error', action: { label: 'Unregister' } });
    await carryOut(found?.action);
    expect(idsOf(await findings())).toEqual(['master-switch-off']);
  });

  test('shadowed-in-part: a broad entry behind one for a target', async () => {
    // Any 64-bit big-endian ELF file.
    registerTarget('s390x', { name: 'broad', magic: '7f454c460202', mask: null });
    expect(idsOf(await findings())).toEqual([]);
    registerTarget('s390x', { interpreter: '/usr/local/bin/qemu-s390x-static' });
    const found = await findings();
    expect(found.find((one) => one.id === 'shadowed-in-part')).toMatchObject({
      subject: { kind: 'entry', name: 'broad' },
      sentence: expect.stringContaining('qemu-s390x takes those for s390x'),
    });
    // Which of the two is wanted only a person knows: either will do.
    for (const name of ['qemu-s390x', 'broad']) {
      await carryOut({ label: 'Unregister', requests: [{ kind: 'unregister', names: [name] }] });
      expect(idsOf(await findings())).toEqual([]);
    }
  });
});

test('the worst that is found marks the rows it is about and no other', async () => {
  registerTarget('aarch64', { flags: '', interpreter: '/nowhere/qemu-aarch64' });
  registerTarget('s390x', { interpreter: '/usr/local/bin/qemu-s390x-static' });
  const snapshot = await snapshotNow();
  const found = findingsOf(snapshot);
  const row = (name: string): Row => rowNamed(snapshot, name);
  expect(worstOf(found, row('aarch64'))).toBe('error');
  expect(worstOf(found, row('s390x'))).toBeNull();
});
