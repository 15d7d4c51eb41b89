import {
  chmodSync,
  copyFileSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Action } from '../../electron/binfmt/diagnosis/action.ts';
import type { Finding, FindingId } from '../../electron/binfmt/diagnosis/finding.ts';
import { worstOf } from '../../electron/binfmt/diagnosis/finding.ts';
import type { VersionCache } from '../../electron/binfmt/interpreters.ts';
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

/** Versions as they are read from the interpreters' files, and those that are being read. */
const known = new Map<string, string | null>();
const unread = new Set<string>();
const versions: VersionCache = {
  get: (key) => {
    if (!known.has(key)) unread.add(key);
    return known.get(key);
  },
  set: (key, version) => {
    known.set(key, version);
    unread.delete(key);
  },
};
const manager = new BinfmtManager({ kind: 'root' }, versions, () => undefined);

beforeEach(clearRegistry);
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
  await vi.waitFor(() => expect(unread.size).toBe(0), { timeout: 20_000 });
  return manager.refresh();
}

async function findings(): Promise<readonly Finding[]> {
  return (await snapshotNow()).findings;
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
function temporaryInterpreter(name: string, original = '/bin/true'): string {
  const file = path.join(directory, name);
  rmSync(file, { force: true });
  copyFileSync(original, file);
  chmodSync(file, 0o755);
  return file;
}

/** QEMU, whose file says that it is of a version which does not know flag P. */
function oldQemu(): string {
  const file = temporaryInterpreter('old-qemu', qemu);
  const bytes = readFileSync(file);
  const line = 'qemu-aarch64 version ';
  const at = bytes.indexOf(line) + line.length;
  bytes.write('5.2', at, 'latin1');
  writeFileSync(file, bytes);
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
type OfBoot = 'boot-differs' | 'comes-back-at-boot' | 'boot-file-broken';
/** Provoked below, each in its own way. */
type InItsOwnWay =
  | 'not-mounted'
  | 'interpreter-not-for-all'
  | 'interpreter-emulated'
  | 'preserve-argv0-expected'
  | 'captures-host'
  | 'shadowed-in-part';

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
    provoke: () => registerTarget('s390x', { flags: '', interpreter: foreignProgram }),
    label: 'Replace',
  },
  'interpreter-unusable': {
    provoke: () => {
      const interpreter = temporaryInterpreter('cut-off');
      truncateSync(interpreter);
      registerTarget('aarch64', { flags: '', interpreter });
    },
    label: 'Replace',
  },
  'interpreter-doubtful': {
    provoke: () => registerTarget('s390x', { interpreter: foreignProgram }),
    label: 'Replace',
  },
  'interpreter-dynamic': {
    provoke: () => registerTarget('aarch64', { interpreter: temporaryInterpreter('dynamic') }),
    label: 'Replace',
  },
  'not-in-containers': { provoke: () => registerTarget('aarch64', { flags: '' }), label: 'Replace' },
  'preserve-argv0-not-understood': {
    provoke: () => registerTarget('aarch64', { flags: 'P', interpreter: oldQemu() }),
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
    expect(await findings()).toEqual([]);
    expect(runForeignProgram('--list')).toContain('uname');
    const old = path.join(directory, 'older-aarch64-binfmt-P');
    symlinkSync(oldQemu(), old);
    clearRegistry();
    registerTarget('aarch64', { interpreter: old, flags: 'PF' });
    const snapshot = await snapshotNow();
    expect(rowNamed(snapshot, 'aarch64').interpreter?.qemuVersion).toMatch(/^5\.2/);
    expect(snapshot.findings).toEqual([]);
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

  test('interpreter-foreign: says for which CPU, and is good to know where another entry has that run', async () => {
    registerTarget('s390x', { flags: '', interpreter: foreignProgram });
    const before = (await findings()).find(({ id }) => id === 'interpreter-foreign');
    expect(before).toMatchObject({
      severity: 'error',
      sentence: expect.stringContaining('is a program for AArch64'),
    });
    registerTarget('aarch64');
    const found = await findings();
    expect(idsOf(found)).toEqual(['interpreter-emulated', 'not-in-containers']);
    expect(rowNamed(await manager.snapshot(), 's390x').state).toBe('Enabled');
    await carryOut(found[0]?.action);
    expect(await findings()).toEqual([]);
  });

  test('preserve-argv0-not-understood: with F it is a doubt, for the kernel may hold another QEMU open', async () => {
    registerTarget('aarch64', { flags: 'PF', interpreter: oldQemu() });
    const [found, ...others] = await findings();
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      id: 'preserve-argv0-not-understood',
      severity: 'warning',
      sentence: expect.stringMatching(/^QEMU 5\.2[.\d]*, which is at .* now, does not know flag P/),
    });
    await carryOut(found?.action);
    expect(await findings()).toEqual([]);
  });

  test('interpreter-not-for-all: gone once everybody may execute it', async () => {
    const interpreter = temporaryInterpreter('of-root');
    chmodSync(interpreter, 0o700);
    registerTarget('aarch64', { flags: '', interpreter });
    const found = (await findings()).find(({ id }) => id === 'interpreter-not-for-all');
    expect(found).toMatchObject({ severity: 'warning', action: null });
    chmodSync(interpreter, 0o755);
    expect(idsOf(await findings())).toEqual(['not-in-containers']);
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
      detail: 'Of its files, qemu-s390x takes all programs for s390x.',
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
  const found = snapshot.findings;
  const row = (name: string): Row => rowNamed(snapshot, name);
  expect(worstOf(found, row('aarch64'))).toBe('error');
  expect(worstOf(found, row('s390x'))).toBeNull();
});
