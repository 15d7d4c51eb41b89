import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeState } from '../../electron/binfmt/describe-row.ts';
import { type Finding, findingsOfRow } from '../../electron/binfmt/diagnosis/finding.ts';
import { explainFile } from '../../electron/binfmt/explain/explain-file.ts';
import { messageOf } from '../../electron/binfmt/explain/reasons.ts';
import { formatRegisterLine, type MagicRegistration } from '../../electron/binfmt/register-line.ts';
import type { Row, Snapshot } from '../../electron/binfmt/snapshot.ts';
import { registrationOfTarget } from '../support/example-data.ts';
import { execute } from '../support/execve.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { readSnapshot, rowNamed } from '../support/read-snapshot.ts';
import { BINFMT_MISC, clearRegistry, register, writeToEntry } from '../support/registry.ts';

const { directory: temporary, remove } = temporaryDirectory();
const directory = realpathSync(temporary);
const noexec = path.join(directory, 'noexec');
const interpreter = path.join(directory, 'interpreter');
const program = path.join(process.env.TEST_PROGRAMS ?? '', 'arm64/bin/busybox');
const foreign = path.join(directory, 'foreign');
const qemu = '/usr/local/bin/qemu-aarch64-static';

beforeAll(() => {
  mkdirSync(noexec);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'noexec', 'tmpfs', noexec]);
  // A program for a CPU that nothing here emulates.
  const bytes = readFileSync(program);
  bytes.writeUInt16LE(92, 18);
  write(foreign, bytes);
});
beforeEach(clearRegistry);
afterAll(() => {
  clearRegistry();
  execFileSync('umount', [noexec]);
  remove();
});

function write(file: string, content: string | Uint8Array, mode = 0o755): string {
  // As a new file: the kernel may hold the old one open.
  rmSync(file, { force: true, recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

function registerAarch64(changes: Partial<MagicRegistration>): void {
  const line = formatRegisterLine(registrationOfTarget('aarch64', { interpreter, ...changes }));
  if (!line.ok) throw new Error(line.problem);
  register(line.value);
}

interface Diagnosed {
  readonly row: Row;
  readonly snapshot: Snapshot;
  readonly found: readonly Finding[];
  readonly state: string;
}

async function diagnose(): Promise<Diagnosed> {
  const snapshot = await readSnapshot();
  const row = rowNamed(snapshot, 'aarch64');
  return { row, snapshot, found: findingsOfRow(snapshot.findings, row), state: describeState(row, snapshot) };
}

/** What becomes of a program for aarch64: null when its interpreter starts, or the kernel's message. */
function startOfProgram(): string | null {
  const [end] = execute([program]);
  return typeof end === 'string' ? messageOf(end) : null;
}

/** An interpreter of this machine whose own loader is not there. */
function withoutLoader(file: string): void {
  const bytes = readFileSync('/usr/bin/realpath');
  const [loader = ''] = /\/lib[^\0]*\/ld[^\0]*/.exec(bytes.toString('latin1')) ?? [];
  bytes.write('X', bytes.indexOf(`${loader}\0`) + loader.length - 1);
  write(file, bytes);
}

/** Everything that keeps an interpreter from starting, as the file is made; with F the kernel opens all of these. */
const unusable: readonly (readonly [what: string, make: (file: string) => void, says: RegExp])[] = [
  ['for a CPU that nothing emulates', (file) => copyFileSync(foreign, file), /^is a program for OpenRISC/],
  ['one whose own loader is not there', withoutLoader, /^needs the loader .*X, which is not there/],
  ['empty', (file) => write(file, ''), /^is empty/],
  ['text', (file) => write(file, 'exit 0\n'), /^is text without a #! line/],
  ['cut off', (file) => write(file, readFileSync('/usr/bin/realpath').subarray(0, 100)), /cut off, damaged/],
  [
    'a script of a program that is not there',
    (file) => write(file, '#!/nowhere/program\n'),
    /^needs \/nowhere\/program, which is not there/,
  ],
  [
    'a script that ends its line as on Windows',
    (file) => write(file, '#!/bin/sh\r\n'),
    /^needs \/bin\/sh␍, which is not there: the #! line ends as on Windows/,
  ],
  [
    'a script of a program on a file system mounted noexec',
    (file) => {
      copyFileSync('/usr/bin/realpath', path.join(noexec, 'program'));
      chmodSync(path.join(noexec, 'program'), 0o755);
      write(file, `#!${noexec}/program\n`);
    },
    /which is on a file system mounted with noexec/,
  ],
  ['a script of itself', (file) => write(file, `#!${file}\n`), /needs another one, and so on/],
];

describe('without F, an interpreter that is', () => {
  test.each(unusable)('%s breaks its registration, and programs fail as is said', async (_, make, says) => {
    make(interpreter);
    chmodSync(interpreter, 0o755);
    registerAarch64({ flags: '' });
    const { row, found, state } = await diagnose();
    expect(row.state).toBe('Broken');
    expect(state).toBe('It is registered, but cannot work.');
    expect(found).toHaveLength(1);
    const [finding] = found;
    expect(finding?.id).toMatch(/^interpreter-(foreign|unusable)$/);
    expect(finding?.severity).toBe('error');
    const prefix = `Its interpreter ${interpreter} `;
    expect(finding?.sentence.startsWith(prefix), finding?.sentence).toBe(true);
    expect(finding?.sentence.slice(prefix.length)).toMatch(says);
    expect(finding?.detail).toContain(`Programs it takes fail with “${startOfProgram()}”.`);
    const explanation = await explainFile(program, await readSnapshot());
    expect(explanation.outcome).toMatchObject({ kind: 'fails', entry: 'qemu-aarch64' });
    expect(explanation.verdict).toContain(`It does not run (${startOfProgram()}): `);
    expect(explanation.action).toEqual(finding?.action);

    writeToEntry('qemu-aarch64', '0');
    expect((await diagnose()).row.state).toBe('Broken');

    copyFileSync(qemu, write(interpreter, ''));
    writeToEntry('qemu-aarch64', '1');
    const whole = await diagnose();
    expect(whole.row.state).toBe('Enabled');
    expect(whole.found.map(({ id }) => id)).toEqual(['not-in-containers']);
    expect(startOfProgram()).toBeNull();
  });

  test('on a file system mounted noexec breaks its registration', async () => {
    copyFileSync(qemu, path.join(noexec, 'qemu'));
    chmodSync(path.join(noexec, 'qemu'), 0o755);
    registerAarch64({ flags: '', interpreter: path.join(noexec, 'qemu') });
    const { row, found } = await diagnose();
    expect(row).toMatchObject({ state: 'Broken', interpreter: { file: 'noexec' } });
    expect(found).toMatchObject([
      { id: 'interpreter-not-executable', sentence: expect.stringContaining('mounted with noexec') },
    ]);
    expect(found[0]?.detail).toContain(`“${startOfProgram()}”`);
    execFileSync('mount', ['-o', 'remount,exec', noexec]);
    try {
      expect((await diagnose()).row.state).toBe('Enabled');
      expect(startOfProgram()).toBeNull();
    } finally {
      execFileSync('mount', ['-o', 'remount,noexec', noexec]);
    }
  });

  test('a script breaks a registration with flag O, which works without it', async () => {
    write(interpreter, `#!${qemu}\n`);
    registerAarch64({ flags: 'O' });
    const { row, found } = await diagnose();
    expect(row.state).toBe('Broken');
    expect(found[0]?.sentence).toContain('needs an interpreter itself');
    expect(startOfProgram()).toBe('Exec format error');
    clearRegistry();
    registerAarch64({ flags: '' });
    expect((await diagnose()).row.state).toBe('Enabled');
    expect(startOfProgram()).toBeNull();
  });
});

describe('with F', () => {
  test.each(unusable)(
    'an interpreter that is %s is a doubt: the kernel may run another file',
    async (_, make, says) => {
      make(interpreter);
      chmodSync(interpreter, 0o755);
      registerAarch64({ flags: 'F' });
      const same = await diagnose();
      const message = startOfProgram();
      expect(message).not.toBeNull();

      clearRegistry();
      copyFileSync(qemu, write(interpreter, ''));
      registerAarch64({ flags: 'F' });
      expect((await diagnose()).found).toEqual([]);
      rmSync(interpreter);
      make(interpreter);
      chmodSync(interpreter, 0o755);
      const other = await diagnose();
      expect(startOfProgram()).toBeNull();

      // Nothing tells the two apart, so the same is said of both, and both are right.
      expect(other.found).toEqual(same.found);
      expect(other.state).toBe(same.state);
      expect(other.state).toContain('not certain');
      expect(other.row.state).toBe('Enabled');
      expect(other.found).toMatchObject([{ id: 'interpreter-doubtful', severity: 'warning' }]);
      const [{ sentence = '', detail = '' } = {}] = other.found;
      const prefix = `The file that is at ${interpreter} now `;
      expect(sentence.slice(0, prefix.length)).toBe(prefix);
      expect(sentence.slice(prefix.length)).toMatch(says);
      expect(detail).toContain(`If it is the same, programs fail with “${message}”: Verify tells.`);
    },
  );

  test('a dynamic file at the path is no proof that containers do without', async () => {
    copyFileSync(qemu, write(interpreter, ''));
    registerAarch64({ flags: 'F' });
    copyFileSync('/bin/true', write(interpreter, ''));
    const { row, found, state } = await diagnose();
    expect(row.state).toBe('Enabled');
    expect(found).toMatchObject([{ id: 'interpreter-dynamic', severity: 'warning' }]);
    expect(found[0]?.sentence).toContain('if it is the one that the kernel holds open');
    expect(state).toContain('if the interpreter is the one there now');
    expect(inBareRoot()).toEqual({ status: 0, stdout: 'aarch64\n' });
  });

  test('a file that nobody but its owner may execute works for all', async () => {
    chmodSync(write(interpreter, readFileSync(qemu)), 0o700);
    registerAarch64({ flags: 'F' });
    expect(await diagnose()).toMatchObject({
      found: [],
      state: 'Programs for this CPU run, also in containers.',
    });
  });
});

/** What becomes of the program in a root directory that holds nothing else. */
function inBareRoot(): { readonly status: number | null; readonly stdout: string } {
  const root = mkdtempSync(path.join(directory, 'root-'));
  copyFileSync(program, path.join(root, 'busybox'));
  chmodSync(path.join(root, 'busybox'), 0o755);
  // In a user namespace of its own, as a container would be, which sees this one's entries.
  const { status, stdout } = spawnSync('unshare', ['-rm', 'chroot', root, '/busybox', 'uname', '-m'], {
    encoding: 'utf8',
  });
  return { status, stdout };
}

describe('in a root directory that holds nothing else, as in a container,', () => {
  const works = { status: 0, stdout: 'aarch64\n' };

  test('programs run with F and a static interpreter', async () => {
    registerAarch64({ interpreter: qemu, flags: 'F' });
    expect(await diagnose()).toMatchObject({
      found: [],
      state: 'Programs for this CPU run, also in containers.',
    });
    expect(inBareRoot()).toEqual(works);
  });

  test('they do not without F: not-in-containers', async () => {
    registerAarch64({ interpreter: qemu, flags: '' });
    const { found, state } = await diagnose();
    expect(found).toMatchObject([{ id: 'not-in-containers' }]);
    expect(state).toBe('Programs for this CPU run, but not in containers: flag F is missing.');
    expect(startOfProgram()).toBeNull();
    expect(inBareRoot()).toMatchObject({ status: 127, stdout: '' });
  });

  test('they do not with a dynamic interpreter: interpreter-dynamic', async () => {
    copyFileSync('/usr/bin/realpath', write(interpreter, ''));
    registerAarch64({ flags: 'F' });
    const { found, state } = await diagnose();
    expect(found).toMatchObject([{ id: 'interpreter-dynamic' }]);
    expect(state).toContain('in most containers not');
    expect(startOfProgram()).toBeNull();
    expect(inBareRoot()).toMatchObject({ status: 127, stdout: '' });
  });
});

test('what takes this machine’s own programs is told alone: other interpreters are not to blame', async () => {
  registerAarch64({ interpreter: qemu });
  // It takes nothing while the master switch is off.
  writeFileSync(`${BINFMT_MISC}/status`, '0');
  register(':programs:M::\\x7fELF::/bin/true:F');
  const { snapshot } = await diagnose();
  expect(snapshot.startProblems).toEqual([]);
  expect(snapshot.findings.filter(({ breaks }) => breaks)).toMatchObject([
    { id: 'captures-host', subject: { name: 'programs' } },
  ]);
  expect(rowNamed(snapshot, snapshot.host.machine).state).toBe('Broken');
});
