import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findingsOf } from '../../electron/binfmt/diagnosis/findings.ts';
import { parseEntry } from '../../electron/binfmt/entry.ts';
import { describeContent, describeEntryVerdict } from '../../electron/binfmt/explain/describe.ts';
import { readElfContent } from '../../electron/binfmt/explain/elf-content.ts';
import { entryVerdicts } from '../../electron/binfmt/explain/entry-verdicts.ts';
import { explainFile } from '../../electron/binfmt/explain/explain-file.ts';
import {
  contentOf,
  type Inspect,
  type InspectedFile,
  inspectFile,
} from '../../electron/binfmt/explain/inspect-file.ts';
import { hostRuns, nativeClassOf } from '../../electron/binfmt/explain/native-elf.ts';
import { readShebang } from '../../electron/binfmt/explain/shebang.ts';
import type { MagicRegistration } from '../../electron/binfmt/register-line.ts';
import { sampleHeads } from '../../electron/binfmt/sample-files.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import { exampleRow, exampleSnapshot, jarEntry, magicEntry, theTarget } from '../support/example-data.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

const headOf = (text: string): Uint8Array => {
  const head = new Uint8Array(256);
  head.set(Buffer.from(text, 'latin1').subarray(0, 256));
  return head;
};
const firstSample = (target: string): Uint8Array => sampleHeads(theTarget(target))[0] ?? new Uint8Array(256);
const nothingBehind = async (): Promise<Uint8Array> => new Uint8Array(0);

/** What the kernel's way does not depend on. */
const details = { isForAll: true, changed: 0 };
const plain = (text: string): InspectedFile => ({
  ...details,
  access: { kind: 'executable' },
  content: contentOf(headOf(text), text.length),
  head: headOf(text),
  size: text.length,
});
async function program(target: string, loader: string | null = null): Promise<InspectedFile> {
  const head = firstSample(target);
  const content = await readElfContent(head, 256, nothingBehind);
  if (content === null) throw new RangeError('No ELF file.');
  return {
    ...details,
    access: { kind: 'executable' },
    content: { ...content, loader, isDamaged: false },
    head,
    size: 256,
  };
}
const missing: InspectedFile = {
  ...details,
  access: { kind: 'refused', errno: 'ENOENT', reason: 'cannot-be-reached' },
  content: { kind: 'unreadable', errno: 'ENOENT' },
  head: null,
  size: 0,
};
/** Files by their paths; all others are missing. */
const filesOf =
  (files: Readonly<Record<string, InspectedFile>>): Inspect =>
  async (file) =>
    files[file] ?? missing;

describe('a #! line', () => {
  test.each([
    ['#!/bin/sh\n', '/bin/sh', null],
    ['#! \t/bin/sh -e  -u \nmore', '/bin/sh', '-e  -u'],
    ['#!/bin/sh', '/bin/sh', null],
    ['#!/bin/sh\r\n', '/bin/sh\r', null],
    ['#!', '', null],
    [`#!/bin/sh ${'x'.repeat(300)}`, '/bin/sh', 'x'.repeat(245)],
    ['#!a\0b c\n', 'a', null],
  ])('%j names its interpreter', (text, interpreter, argument) => {
    expect(readShebang(headOf(text))).toEqual({ kind: 'script', interpreter, argument });
  });

  test.each(['#!\n', '#!  \t\n', `#!${' '.repeat(300)}`, `#!${'x'.repeat(300)}`])('%j names none', (text) => {
    expect(readShebang(headOf(text)).kind).toBe('broken-script');
  });
});

describe('an ELF file', () => {
  test('of every target is told by its header', async () => {
    for (const target of targets) {
      const content = await readElfContent(firstSample(target.name), 256, nothingBehind);
      expect(content?.target, target.name).toBe(target.name);
      expect(content?.isDamaged).toBe(true);
    }
  });

  test('is the host’s own by its machine and the size of its program headers', () => {
    const classOn = (target: string, machine: string) => nativeClassOf(firstSample(target), machine);
    expect(classOn('x86_64', 'x86_64')).toBe(64);
    expect(classOn('i386', 'x86_64')).toBe(32);
    expect(classOn('x86_64', 'i686')).toBeNull();
    expect(classOn('arm', 'aarch64')).toBe(32);
    expect(classOn('aarch64_be', 'aarch64')).toBeNull();
    expect(classOn('s390x', 's390x')).toBe(64);
    expect(classOn('ppc64le', 'ppc64')).toBeNull();
    expect(hostRuns('armv7l', 40, 32)).toBe(true);
    expect(hostRuns('vax', 40, 32)).toBe(false);
  });

  test('of this machine is read with its loader, or as static', async () => {
    const { content } = await inspectFile(process.execPath);
    expect(content).toMatchObject({ kind: 'elf', isDamaged: false });
    expect(describeContent(content)).toMatch(/^ELF (executable|PIE), (32|64)-bit .*, (static|loader \/.*)$/);
  });
});

describe('what entries say', () => {
  const file = { head: firstSample('aarch64'), path: '/tmp/program' };
  const entries = [
    jarEntry(),
    magicEntry({ name: 'off' }, false),
    magicEntry({ name: 'other', magic: theTarget('s390x').magic }),
    magicEntry({ name: 'first' }),
    magicEntry({ name: 'second' }),
  ];

  test('is told of each in match order', () => {
    expect(entryVerdicts(exampleSnapshot({ entries }), file)).toEqual([
      { name: 'jar', kind: 'other-extension', extension: 'jar' },
      { name: 'off', kind: 'disabled' },
      { name: 'other', kind: 'differs', position: 5, field: 'EI_DATA', expected: 2, mask: 0xff, found: 1 },
      { name: 'first', kind: 'takes' },
      { name: 'second', kind: 'comes-too-late' },
    ]);
    expect(
      entryVerdicts(exampleSnapshot({ entries, binfmtMisc: 'off' }), file).map((one) => one.kind),
    ).toEqual(['other-extension', 'disabled', 'differs', 'master-switch-off', 'master-switch-off']);
  });

  test('is told in words, with the field and the byte as the inspector has them', () => {
    const verdict = {
      name: 'x',
      kind: 'differs',
      position: 18,
      field: 'e_machine',
      expected: 0xb7,
      mask: 0xfe,
      found: 0x3e,
    } as const;
    expect(describeEntryVerdict(verdict)).toBe(
      'does not take it: e_machine (byte 12) is 3e, it asks for b6 under the mask fe',
    );
    expect(describeEntryVerdict({ ...verdict, field: null, mask: 0xff })).toBe(
      'does not take it: byte 12 is 3e, it asks for b7',
    );
  });

  test('names fields of ELF headers where both are about ELF, and no others', () => {
    const field = (changes: Partial<MagicRegistration>, head: Uint8Array): unknown => {
      const snapshot = exampleSnapshot({ entries: [magicEntry(changes)] });
      const [verdict] = entryVerdicts(snapshot, { head, path: '/f' });
      return verdict?.kind === 'differs' ? verdict.field : verdict;
    };
    expect(field({}, firstSample('riscv64'))).toBe('e_machine');
    expect(field({}, headOf('#!/bin/sh\n'))).toBeNull();
    expect(field({ magic: '504b0304', mask: null }, firstSample('riscv64'))).toBeNull();
    expect(field({ magic: 'b700', mask: null, offset: 18 }, firstSample('riscv64'))).toBeNull();
  });
});

describe('an explanation', () => {
  const qemu = '/usr/bin/qemu-aarch64-static';
  const entries = [magicEntry()];

  test('follows a script to its foreign interpreter and on to QEMU', async () => {
    const inspect = filesOf({
      '/s': plain('#!/b -x\n'),
      '/b': await program('aarch64'),
      [qemu]: await program('x86_64'),
    });
    const explanation = await explainFile('/s', exampleSnapshot({ entries }), { inspect });
    expect(explanation.steps.map((step) => step.path)).toEqual(['/s', '/b', qemu]);
    expect(explanation.outcome).toEqual({ kind: 'runs-under', interpreter: qemu, entry: 'qemu-aarch64' });
    expect(explanation.verdict).toBe(
      `It runs under ${qemu}: the entry qemu-aarch64 takes its interpreter /b.`,
    );
    expect(structuredClone(explanation)).toEqual(explanation);
  });

  test('offers to register a target that can be', async () => {
    const inspect = filesOf({ '/b': await program('aarch64') });
    const explanation = await explainFile('/b', exampleSnapshot({ targets: [exampleRow()] }), { inspect });
    expect(explanation).toMatchObject({
      outcome: { kind: 'fails', errno: 'ENOEXEC' },
      verdict:
        'It does not run (Exec format error): it is a program for AArch64, and no entry takes it. Register aarch64.',
      action: { label: 'Register', requests: [{ kind: 'register', targets: ['aarch64'] }] },
    });
  });

  test('offers to register it in place of what has its name and does not serve it', async () => {
    const inspect = filesOf({ '/b': await program('aarch64') });
    const entries = [magicEntry({ magic: 'f0f1', mask: null })];
    const undiagnosed = exampleSnapshot({ targets: [exampleRow()], entries });
    const snapshot = { ...undiagnosed, findings: findingsOf(undiagnosed) };
    expect(await explainFile('/b', snapshot, { inspect })).toMatchObject({
      verdict: expect.stringMatching(/the one called qemu-aarch64 takes something else.* [Rr]eplace that\.$/),
      action: { label: 'Replace', requests: [{ kind: 'replace', name: 'qemu-aarch64', target: 'aarch64' }] },
    });
  });

  test('names the command that installs an emulator where none is', async () => {
    const targets = [exampleRow({ state: 'Not installed', interpreter: null })];
    const snapshot = exampleSnapshot({ targets });
    const host = { ...snapshot.host, installCommand: 'sudo apt install qemu-user-static' };
    const inspect = filesOf({ '/b': await program('aarch64') });
    const { verdict, action } = await explainFile('/b', { ...snapshot, host }, { inspect });
    expect(verdict).toContain('no emulator for it was found. Install one: sudo apt install qemu-user-static');
    expect(action).toBeNull();
  });

  test('looks for a foreign program’s loader where QEMU does', async () => {
    const loader = '/lib/ld-linux-aarch64.so.1';
    const base = { '/b': await program('aarch64', loader), [qemu]: await program('x86_64') };
    const outcomeWith = async (place: string, target = 'aarch64', environmentPrefix?: string) => {
      const inspect = filesOf({ ...base, [place]: await program(target) });
      return (await explainFile('/b', exampleSnapshot({ entries }), { inspect, environmentPrefix })).outcome
        .kind;
    };
    expect(await outcomeWith('/elsewhere')).toBe('stops-under');
    expect(await outcomeWith(loader)).toBe('runs-under');
    expect(await outcomeWith(loader, 's390x')).toBe('stops-under');
    expect(await outcomeWith(`/etc/qemu-binfmt/aarch64${loader}`)).toBe('runs-under');
    expect(await outcomeWith(`/usr/gnemul/qemu-aarch64${loader}`)).toBe('runs-under');
    expect(await outcomeWith(`/sysroot${loader}`)).toBe('stops-under');
    expect(await outcomeWith(`/sysroot${loader}`, 'aarch64', '/sysroot')).toBe('runs-under');
    const inspect = filesOf({ ...base, [`/usr/aarch64-linux-gnu${loader}`]: await program('aarch64') });
    const { verdict } = await explainFile('/b', exampleSnapshot({ entries }), { inspect });
    expect(verdict).toContain('Set QEMU_LD_PREFIX=/usr/aarch64-linux-gnu');
  });

  test('says why a file may not be executed', async () => {
    const verdictOf = async (reason: 'no-execute-bit' | 'not-executable-for-you' | 'mounted-noexec') => {
      const access = { kind: 'refused', errno: 'EACCES', reason } as const;
      const inspect = filesOf({ '/f': { ...plain('#!/bin/sh\n'), access } });
      return (await explainFile('/f', exampleSnapshot(), { inspect })).verdict;
    };
    expect(await verdictOf('no-execute-bit')).toContain('chmod +x /f');
    expect(await verdictOf('not-executable-for-you')).toContain('not by you');
    expect(await verdictOf('mounted-noexec')).toContain('noexec');
  });

  test('does not guess at what may be executed and not read', async () => {
    const inspect = filesOf({
      '/f': { ...plain(''), content: { kind: 'unreadable', errno: 'EACCES' }, head: null },
    });
    expect((await explainFile('/f', exampleSnapshot(), { inspect })).outcome.kind).toBe('unknown');
  });

  test('says so when only a BPF program knows', async () => {
    const bpf = parseEntry('clever', 'enabled\nflags: \nbpf matcher\n');
    const inspect = filesOf({ '/f': plain('\0') });
    const { verdict } = await explainFile('/f', exampleSnapshot({ entries: [bpf] }), { inspect });
    expect(verdict).toContain('Unless the entry clever takes it');
  });

  test('ends where interpreters lead in a circle', async () => {
    const inspect = filesOf({ '/s': plain('#!/s\n') });
    const { outcome, steps } = await explainFile('/s', exampleSnapshot(), { inspect });
    expect(outcome).toEqual({ kind: 'fails', errno: 'ELOOP', entry: null });
    expect(steps).toHaveLength(7);
  });

  test.each([
    ['', 'is empty'],
    ['abc', 'is text without a #! line'],
    ['\0\x01\x02', 'the kernel does not know the format'],
    ['#!\n', 'begins with #!'],
  ])('of %j says what it is', async (text, part) => {
    const { outcome, verdict } = await explainFile('/f', exampleSnapshot(), {
      inspect: filesOf({ '/f': plain(text) }),
    });
    expect(outcome).toMatchObject({ errno: 'ENOEXEC' });
    expect(verdict).toContain(part);
  });
});

test('what cannot be reached is told by its errno', async () => {
  const file = path.join(directory, 'file');
  writeFileSync(file, 'abc');
  symlinkSync('circle', path.join(directory, 'circle'));
  const errnoOf = async (name: string): Promise<unknown> =>
    (await inspectFile(path.join(directory, name))).access;
  expect(await errnoOf('nothing')).toMatchObject({ errno: 'ENOENT' });
  expect(await errnoOf('file/below')).toMatchObject({ errno: 'ENOTDIR' });
  expect(await errnoOf('circle')).toMatchObject({ errno: 'ELOOP' });
  expect(await errnoOf('x'.repeat(300))).toMatchObject({ errno: 'ENAMETOOLONG' });
  expect(await errnoOf('file')).toMatchObject({ errno: 'EACCES', reason: 'no-execute-bit' });
});
