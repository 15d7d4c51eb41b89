import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type DesiredEntry, desiredOf } from '../../electron/binfmt/exchange/desired-entry.ts';
import { hexOfBytes } from '../../electron/binfmt/hex.ts';
import { formatRegisterLine, type MagicRegistration } from '../../electron/binfmt/register-line.ts';
import { sampleHeads } from '../../electron/binfmt/sample-files.ts';
import { scriptFileOf } from '../../electron/elevation/export-script.ts';
import { readEntries } from '../support/carry-out.ts';
import { harmlessDesired } from '../support/desired-entries.ts';
import { theTarget } from '../support/example-data.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { runKilledAfterWrites } from '../support/killed-script.ts';
import { coverBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import {
  clearRegistry,
  listEntries,
  readEntry,
  readRegistry,
  register,
  writeToEntry,
} from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
/** Where whatever got executed would leave its mark. */
const canary = path.join(directory, 'canary');
mkdirSync(canary);

beforeEach(clearRegistry);
afterAll(() => {
  clearRegistry();
  remove();
});

const magic = (name: string, changes: Partial<MagicRegistration> = {}, enabled = true): DesiredEntry => ({
  registration: {
    kind: 'magic',
    name,
    offset: 0,
    magic: 'f0f1',
    mask: null,
    interpreter: '/bin/true',
    flags: '',
    ...changes,
  },
  enabled,
});

function registerAll(desired: readonly DesiredEntry[]): void {
  for (const { registration, enabled } of [...desired].reverse()) {
    const line = formatRegisterLine(registration);
    if (!line.ok) throw new RangeError(line.problem);
    register(line.value);
    if (!enabled) writeToEntry(registration.name, '0');
  }
}

const scriptOf = (desired: readonly DesiredEntry[]): string => {
  const { files, notCarried } = scriptFileOf(desired);
  expect(notCarried).toEqual([]);
  return files[0]?.text ?? '';
};

function run(script: string, ...options: readonly string[]) {
  const file = path.join(directory, 'register-formats.sh');
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  const { status, stdout, stderr } = spawnSync(file, options, { encoding: 'utf8', cwd: canary });
  return { status, stdout, stderr };
}

const hostile = [
  '$(touch pwned)',
  '`touch pwned`',
  "'; touch pwned; '",
  '"; touch pwned; "',
  'a\ntouch pwned\n',
  '*',
  '-n',
  '\x1b[31m',
];

describe('the exported script, run by bash,', () => {
  test('gives the identical directory, and says so of each entry', () => {
    registerAll([
      magic('off', { flags: 'POC' }, false),
      magic('held', { flags: 'F', offset: 7, mask: 'fffe' }),
      ...hostile.map((name) => magic(name, { interpreter: `/bin/true;${name}` })),
      magic('whole', { magic: '0d0a5c3a'.repeat(64), mask: 'ff'.repeat(256) }),
    ]);
    const before = readRegistry();
    const script = scriptOf(desiredOf(readEntries()).entries);
    clearRegistry();

    const { status, stdout, stderr } = run(script);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readRegistry()).toEqual(before);
    expect(stdout.trimEnd().split('\n')).toHaveLength(before.length);
    expect(stdout).toContain('off: registered, disabled\n');
    expect(stdout).toContain('held: registered\n');
    expect(stdout).not.toContain('\x1b');
    expect(readdirSync(canary)).toEqual([]);

    // The second time there is nothing to do.
    expect(run(script)).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('off: is registered already'),
    });
    expect(readRegistry()).toEqual(before);
  });

  test('gives the identical directory, whatever was in it', () => {
    fc.assert(
      fc
        .property(harmlessDesired, (desired) => {
          registerAll(desired);
          const before = readRegistry();
          const script = scriptOf(desiredOf(readEntries()).entries);
          clearRegistry();
          expect(run(script)).toMatchObject({ status: 0, stderr: '' });
          expect(readRegistry()).toEqual(before);
          // In the order of the list, also from what is there.
          expect(run(script, '--replace')).toMatchObject({ status: 0, stderr: '' });
          expect(readRegistry()).toEqual(before);
        })
        .beforeEach(clearRegistry),
      { numRuns: 25 },
    );
  }, 120_000);

  test('leaves alone what has a name that it needs, unless told to replace it', () => {
    registerAll([magic('a', { interpreter: '/bin/false' }), magic('b'), magic('c')]);
    const before = readRegistry();
    const script = scriptOf([magic('c'), magic('b'), magic('a'), magic('d')]);

    const first = run(script);
    expect(first).toMatchObject({
      status: 1,
      stderr: 'a: left alone, the name is taken by a different entry (--replace would replace it)\n',
    });
    expect(first.stdout).toBe('d: registered\nb: is registered already\nc: is registered already\n');
    expect(readRegistry().slice(1)).toEqual(before);

    expect(run(script, '--replace')).toEqual({
      status: 0,
      stderr: '',
      stdout: 'd: replaced\na: replaced\nb: replaced\nc: replaced\n',
    });
    expect(listEntries()).toEqual(['c', 'b', 'a', 'd']);
    expect(readEntry('a')).toContain('interpreter /bin/true\n');
  });

  test('changes nothing when it only has to say what it would do', () => {
    registerAll([magic('a', { interpreter: '/bin/false' })]);
    const before = readRegistry();
    const script = scriptOf([magic('b', {}, false), magic('a')]);
    expect(run(script, '--replace', '--dry-run')).toEqual({
      status: 0,
      stderr: '',
      stdout: 'a: would be replaced\nb: would be registered, disabled\n',
    });
    expect(run(script, '--dry-run')).toMatchObject({
      status: 1,
      stdout: 'b: would be registered, disabled\n',
    });
    expect(readRegistry()).toEqual(before);
  });

  test('never takes the programs of the machine it runs on', () => {
    const [machine, other] = process.arch === 'x64' ? ['x86_64', 'aarch64'] : ['aarch64', 'x86_64'];
    const own = sampleHeads(theTarget(machine ?? ''));
    const takers = [
      ...own.map((head, index) => magic(`own-${index}`, { magic: hexOfBytes(head.subarray(0, 20)) })),
      magic('all', { magic: '00', mask: '00' }),
      magic('elf', { magic: '7f454c46' }),
      magic('scripts', { magic: '2321' }),
      magic('shell', { offset: 2, magic: hexOfBytes(Buffer.from('/bin/sh')) }),
    ];
    const harmless = magic('foreign', { magic: theTarget(other ?? '').magic });
    // What it says must be true before it is tried.
    const script = scriptOf([...takers, harmless]);
    const said = run(script, '--dry-run');
    expect(said.stdout).toBe('foreign: would be registered\n');
    expect(said.stderr.trimEnd().split('\n')).toHaveLength(takers.length);
    expect(said.status).toBe(1);
    expect(run(script)).toMatchObject({ status: 1, stdout: 'foreign: registered\n', stderr: said.stderr });
    expect(listEntries()).toEqual(['foreign']);
  });

  test('keeps an entry when its interpreter is not there to be opened', () => {
    registerAll([magic('held')]);
    const before = readRegistry();
    expect(run(scriptOf([magic('held', { flags: 'F', interpreter: '/no such' })]), '--replace')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'held: left out, its interpreter /no\\ such is not an executable file here\n',
    });
    expect(readRegistry()).toEqual(before);
  });

  test('keeps an entry when the kernel refuses the one that is to replace it', () => {
    registerAll([magic('odd')]);
    const before = readRegistry();
    expect(run(scriptOf([magic('fine'), magic('odd', { flags: 'Z' })]), '--replace')).toEqual({
      status: 1,
      stdout: 'fine: registered\n',
      stderr: 'odd: left as it was, the new entry is refused by the kernel: Invalid argument\n',
    });
    expect(readRegistry()).toEqual([['fine', expect.any(String)], ...before]);
  });

  test('keeps an entry when what is to replace it cannot be tried before', () => {
    const long = (flags: string): DesiredEntry => ({
      enabled: true,
      registration: {
        kind: 'extension',
        name: 'long',
        extension: 'long',
        interpreter: `/${'i'.repeat(1900)}`,
        flags,
      },
    });
    registerAll([long('')]);
    const before = readRegistry();
    expect(run(scriptOf([long('P')]), '--replace')).toMatchObject({
      status: 1,
      stderr: 'long: left alone, what is to replace it cannot be tried before it goes\n',
    });
    expect(readRegistry()).toEqual(before);
  });

  test('killed at any write of a replacement it leaves an entry that works', () => {
    const script = scriptOf([magic('a', { interpreter: '/bin/false' })]);
    for (let writes = 0, died = true; died; writes++) {
      clearRegistry();
      registerAll([magic('a')]);
      died = runKilledAfterWrites(script, writes, { writer: 'write_to', args: ['--replace'] });
      expect(listEntries().length).toBeGreaterThan(0);
      // The next one clears up.
      expect(run(script, '--replace').status).toBe(0);
      expect(listEntries()).toEqual(['a']);
      expect(writes).toBeLessThan(8);
    }
    expect(readEntry('a')).toContain('interpreter /bin/false\n');
  });

  test('tells what the kernel refuses, and goes on', () => {
    const script = scriptOf([magic('fine'), magic('odd', { flags: 'Z' })]);
    expect(run(script)).toEqual({
      status: 1,
      stdout: 'fine: registered\n',
      stderr: 'odd: refused by the kernel: Invalid argument\n',
    });
  });

  test('mounts binfmt_misc where it is not', () => {
    coverBinfmtMisc();
    try {
      const script = scriptOf([magic('a')]);
      expect(run(script, '--dry-run')).toMatchObject({
        stdout: 'binfmt_misc would be mounted\na: would be registered\n',
      });
      expect(run(script)).toEqual({
        status: 0,
        stdout: 'binfmt_misc was not mounted, and is now\na: registered\n',
        stderr: '',
      });
      expect(listEntries()).toEqual(['a']);
      uncoverBinfmtMisc();
    } finally {
      uncoverBinfmtMisc();
    }
  });

  test('explains itself, and refuses options that it does not have', () => {
    const script = scriptOf([magic('a')]);
    expect(run(script, '--help')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Usage: .*--replace/s),
    });
    expect(run(script, '--no\nway')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("no option $'--no\\nway'"),
    });
    expect(listEntries()).toEqual([]);
  });

  test('asks for root', () => {
    const file = path.join(directory, 'register-formats.sh');
    writeFileSync(file, scriptOf([magic('a')]));
    // In a user namespace of its own the user may have any number.
    const { status, stderr } = spawnSync('unshare', ['--user', '--map-user=1000', 'bash', file], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'Only root can register formats: run this with sudo, or with --dry-run.\n',
    });
  });
});
