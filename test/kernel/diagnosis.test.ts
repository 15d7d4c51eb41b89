import { chmodSync, copyFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Action } from '../../electron/binfmt/diagnosis/action.ts';
import type { Finding, FindingId } from '../../electron/binfmt/diagnosis/finding.ts';
import { worstOf } from '../../electron/binfmt/diagnosis/finding.ts';
import { findingsOf } from '../../electron/binfmt/diagnosis/findings.ts';
import { formatRegisterLine, type MagicRegistration } from '../../electron/binfmt/register-line.ts';
import type { Row, Snapshot } from '../../electron/binfmt/snapshot.ts';
import { BinfmtManager } from '../../electron/manager.ts';
import { exampleHost, registrationOfTarget, theTarget } from '../support/example-data.ts';
import { runForeignProgram } from '../support/foreign-program.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { coverBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import { rowNamed } from '../support/read-snapshot.ts';
import { BINFMT_MISC, clearRegistry, register, writeToEntry } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
const qemu = '/usr/local/bin/qemu-aarch64-static';
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
  readonly id: FindingId;
  readonly provoke: () => void;
  readonly label: Action['label'];
}

const cases: readonly Case[] = [
  {
    id: 'master-switch-off',
    provoke: () => writeFileSync(`${BINFMT_MISC}/status`, '0'),
    label: 'Switch on',
  },
  {
    id: 'disabled',
    provoke: () => {
      registerTarget('aarch64');
      writeToEntry('qemu-aarch64', '0');
    },
    label: 'Enable',
  },
  {
    id: 'interpreter-missing',
    provoke: () => registerTarget('aarch64', { flags: '', interpreter: '/nowhere/qemu-aarch64' }),
    label: 'Replace',
  },
  {
    id: 'interpreter-not-executable',
    provoke: () => {
      const interpreter = temporaryInterpreter('plain');
      registerTarget('aarch64', { flags: '', interpreter });
      chmodSync(interpreter, 0o644);
    },
    label: 'Replace',
  },
  { id: 'not-in-containers', provoke: () => registerTarget('aarch64', { flags: '' }), label: 'Replace' },
  {
    id: 'preserve-argv0-not-understood',
    provoke: () => {
      qemuVersion = '5.2.0';
      registerTarget('aarch64', { flags: 'PF' });
    },
    label: 'Replace',
  },
  {
    id: 'matches-nothing',
    provoke: () =>
      registerTarget('microblaze', {
        magic: '7f454c460102010000000000000000000200baab',
        interpreter: '/usr/local/bin/qemu-microblaze-static',
      }),
    label: 'Replace',
  },
  {
    id: 'takes-other-target',
    provoke: () =>
      registerTarget('s390x', {
        magic: theTarget('riscv64').magic,
        mask: theTarget('riscv64').mask,
        interpreter: '/usr/local/bin/qemu-s390x-static',
      }),
    label: 'Replace',
  },
  {
    id: 'served-twice',
    provoke: () => {
      registerTarget('aarch64', { name: 'older' });
      registerTarget('aarch64');
    },
    label: 'Unregister',
  },
  {
    id: 'shadowed',
    provoke: () => {
      registerTarget('aarch64', { name: 'older' });
      registerTarget('aarch64');
    },
    label: 'Unregister',
  },
];

describe('a finding', () => {
  test.each(cases)('$id: found, and gone once “$label” is done', async ({ id, provoke, label }) => {
    provoke();
    const found = await findings();
    const finding = found.find((one) => one.id === id);
    expect(finding?.action?.label, JSON.stringify(found)).toBe(label);
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

  test('preserve-argv0-expected: under Debian’s name for P, QEMU loses an argument without P', async () => {
    const interpreter = path.join(directory, 'aarch64-binfmt-P');
    symlinkSync(qemu, interpreter);
    registerTarget('aarch64', { interpreter });
    expect(idsOf(await findings())).toEqual(['preserve-argv0-expected']);
    expect(runForeignProgram('--list')).toContain('applet not found');
    writeToEntry('qemu-aarch64', '-1');
    registerTarget('aarch64', { interpreter, flags: 'PF' });
    expect(await findings()).toEqual([]);
    expect(runForeignProgram('--list')).toContain('uname');
    // Debian's QEMU goes by its name, however old it is.
    qemuVersion = '5.2.0';
    expect(await findings()).toEqual([]);
  });

  test('interpreter-held-open: F keeps what is gone, and nothing is offered that would lose it', async () => {
    const interpreter = temporaryInterpreter('vanishing');
    registerTarget('aarch64', { interpreter });
    expect(idsOf((await findings()).filter((one) => one.id === 'interpreter-held-open'))).toEqual([]);
    rmSync(interpreter);
    expect(await findings()).toMatchObject([{ id: 'interpreter-held-open', severity: 'info', action: null }]);
    temporaryInterpreter('vanishing');
    expect(idsOf(await findings())).not.toContain('interpreter-held-open');
  });

  test('interpreter-dynamic: F and an interpreter that is not static', async () => {
    registerTarget('aarch64', { interpreter: temporaryInterpreter('dynamic') });
    expect(await findings()).toMatchObject([{ id: 'interpreter-dynamic', severity: 'warning' }]);
    writeToEntry('qemu-aarch64', '-1');
    registerTarget('aarch64');
    expect(await findings()).toEqual([]);
  });

  test('interpreter-foreign: an interpreter that would need one itself', async () => {
    registerTarget('s390x', { interpreter: foreignProgram });
    const snapshot = await snapshotNow();
    const found = findingsOf(snapshot);
    expect(found).toMatchObject([{ id: 'interpreter-foreign', severity: 'error' }]);
    expect(found[0]?.sentence).toContain('is itself a program for AArch64');
    await carryOut(found[0]?.action);
    expect(findingsOf(await snapshotNow())).toEqual([]);
  });

  test('credentials: C, and with it O', async () => {
    registerTarget('aarch64', { flags: 'OCF' });
    expect(await findings()).toMatchObject([{ id: 'credentials', severity: 'info', action: null }]);
  });

  test('captures-host: on a machine whose own programs the entry takes', async () => {
    registerTarget('aarch64');
    const snapshot = await snapshotNow();
    const there = { ...snapshot, host: { ...exampleHost, machine: 'aarch64', family: 'arm' } };
    const found = findingsOf(there).find((one) => one.id === 'captures-host');
    expect(found).toMatchObject({ severity: 'error', action: { label: 'Unregister' } });
    await carryOut(found?.action);
    expect(await findings()).toEqual([]);
  });

  test('host-may-run-it: on a machine of the same family', async () => {
    registerTarget('arm', { interpreter: '/usr/local/bin/qemu-arm-static' });
    const snapshot = await snapshotNow();
    const there = { ...snapshot, host: { ...exampleHost, machine: 'aarch64', family: 'arm' } };
    const found = findingsOf(there).find((one) => one.id === 'host-may-run-it');
    expect(found).toMatchObject({ severity: 'info', target: 'arm' });
    await carryOut(found?.action);
    expect(await findings()).toEqual([]);
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
    writeToEntry('qemu-s390x', '0');
    expect(idsOf(await findings())).toEqual(['disabled']);
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
