import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PlaceRequest } from '../../electron/binfmt/place-request.ts';
import { INTERPRETER_DIRECTORY } from '../../electron/binfmt/placing.ts';
import { planOf } from '../../electron/binfmt/requests.ts';
import type { ChangeResult } from '../../electron/change-result.ts';
import { KEPT_DIRECTORY } from '../../electron/elevation/place-script.ts';
import { buildScript } from '../../electron/elevation/script.ts';
import { placeFromArchive } from '../../electron/getting/place-from-archive.ts';
import { History } from '../../electron/history.ts';
import { type ArchiveListing, openArchive } from '../../electron/install/archive/open-archive.ts';
import type { BinfmtManager } from '../../electron/manager.ts';
import { recordOf } from '../../electron/plan-change.ts';
import { debianPackage, unpackedDirectory } from '../support/archives-real.ts';
import { runForeignProgram } from '../support/foreign-program.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { runKilledAt } from '../support/killed-script.ts';
import { newManager } from '../support/manage.ts';
import { clearRegistry, listEntries, readEntry, readRegistry, register } from '../support/registry.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** File systems of our own over the real places. */
const covered = [INTERPRETER_DIRECTORY, '/var/lib'];
const { directory, remove } = temporaryDirectory();
const parent = path.join(directory, 'unpacked');
const historyFile = path.join(directory, 'changes.jsonl');
let listing: ArchiveListing;
let manager: BinfmtManager;

beforeAll(async () => {
  const archive = debianPackage(); // apt's lists are in the place that is covered next.
  for (const place of covered) execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place]);
  mkdirSync(parent);
  const opened = await openArchive(archive);
  if (!opened.ok) throw new Error(opened.problem);
  listing = opened.value;
});
afterAll(() => {
  clearRegistry();
  for (const place of covered) execFileSync('umount', [place]);
  remove();
});
beforeEach(() => {
  clearRegistry();
  for (const place of [INTERPRETER_DIRECTORY, KEPT_DIRECTORY]) {
    for (const name of existsSync(place) ? readdirSync(place) : [])
      rmSync(path.join(place, name), { recursive: true });
  }
  rmSync(historyFile, { force: true });
  manager = newManager(historyFile);
});

const inPlace = (name: string): string => path.join(INTERPRETER_DIRECTORY, name);
const original = (name: string): string => path.join(unpackedDirectory, 'usr/bin', name);
const placed = (): readonly string[] => readdirSync(INTERPRETER_DIRECTORY).sort();

async function place(
  fileNames: readonly string[],
  registering: PlaceRequest['register'],
): Promise<ChangeResult> {
  const result = await placeFromArchive(manager, listing, fileNames, registering, { parent });
  expect(readdirSync(parent), 'nothing is left of unpacking').toEqual([]);
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}

const undo = (change: number | null): Promise<ChangeResult> =>
  manager.change({ kind: 'undo', change: change ?? Number.NaN });
const canUndo = async (): Promise<readonly boolean[]> =>
  (await newManager(historyFile).pastChanges()).map((change) => change.canUndo);

describe('emulators from Debian’s own package', () => {
  test('come into their place and are registered, and Undo takes all of it back', async () => {
    const names = ['qemu-aarch64-static', 'qemu-i386-static', 'qemu-s390x-static'];
    const result = await place(names, 'keep');
    expect(result).toMatchObject({
      kind: 'done',
      message: `Installed 3 emulators into ${INTERPRETER_DIRECTORY} and registered 2 targets`,
      details: ['i386: not registered, because this machine runs its programs itself'],
    });
    expect(placed()).toEqual(names);
    for (const name of names)
      expect(readFileSync(inPlace(name)).equals(readFileSync(original(name)))).toBe(true);
    expect(listEntries()).toEqual(['qemu-s390x', 'qemu-aarch64']);
    expect(readEntry('qemu-s390x')).toContain(`\ninterpreter ${inPlace('qemu-s390x-static')}\nflags: F\n`);
    expect(runForeignProgram('uname', '-m')).toBe('aarch64');
    const row = result.snapshot.targets.find(({ name }) => name === 's390x');
    expect(row).toMatchObject({ state: 'Enabled', interpreter: { file: 'executable', linkage: 'static' } });

    expect(await canUndo()).toEqual([true]);
    const undone = await undo(result.undo);
    expect(undone).toMatchObject({
      kind: 'done',
      message: `Put back what was in ${INTERPRETER_DIRECTORY} and 2 registrations`,
      undo: null,
    });
    expect(placed()).toEqual([]);
    expect(listEntries()).toEqual([]);
    expect(undone.snapshot.targets.find(({ name }) => name === 's390x')?.state).toBe('Not installed');
    expect(await canUndo()).toEqual([false, false]);
    expect(await undo(2)).toMatchObject({
      kind: 'failed',
      message: 'The emulators that were taken away are not kept. Open the file they came from again.',
    });
  });

  test('can be put there without being registered', async () => {
    const result = await place(['qemu-arm-static'], 'no');
    expect(result).toMatchObject({ kind: 'done', message: 'Installed qemu-arm-static into /usr/local/bin' });
    expect(listEntries()).toEqual([]);
    expect(await undo(result.undo)).toMatchObject({ message: 'Put back what was in /usr/local/bin' });
    expect(placed()).toEqual([]);
  });

  test('that are not in it are refused, and nothing is unpacked', async () => {
    expect(await placeFromArchive(manager, listing, ['qemu-z80'], 'no', { parent })).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^There is no qemu-z80 in /),
    });
    expect(await placeFromArchive(manager, listing, [], 'no', { parent })).toMatchObject({ ok: false });
    expect(readdirSync(parent)).toEqual([]);
  });
});

describe('an emulator that the kernel holds open (flag F)', () => {
  const name = 'qemu-aarch64-static';
  /** QEMU’s version as the emulator itself tells it that the kernel starts (linux-user/main.c). */
  const runningVersion = (): string => {
    process.env.QEMU_VERSION = '1';
    try {
      return /version ([\d.]+)/.exec(runForeignProgram('true'))?.[1] ?? '';
    } finally {
      delete process.env.QEMU_VERSION;
    }
  };
  const versionOfFile = (file: string): string =>
    /version ([\d.]+)/.exec(execFileSync(file, ['--version'], { encoding: 'utf8' }))?.[1] ?? '';
  const newVersion = versionOfFile(original(name));
  const oldVersion = newVersion.replace(/\d$/, (digit) => (digit === '9' ? '8' : '9'));

  /** One that calls itself older, registered. */
  beforeEach(() => {
    const old = readFileSync(original(name)).toString('latin1').replaceAll(newVersion, oldVersion);
    writeFileSync(inPlace(name), old, { encoding: 'latin1', mode: 0o755 });
    register(lineOf('qemu-aarch64', inPlace(name), 'F'));
  });

  test.each(['no', 'keep'] as const)('goes on running when the new one comes (%s)', async (registering) => {
    const before = readRegistry();
    expect(runningVersion()).toBe(oldVersion);
    const result = await place([name], registering);
    expect(result).toMatchObject({ kind: 'done', message: `Installed ${name} into /usr/local/bin` });
    expect(versionOfFile(inPlace(name))).toBe(newVersion);
    expect(runningVersion()).toBe(oldVersion);
    expect(readRegistry()).toEqual(before);
    expect(await undo(result.undo)).toMatchObject({ kind: 'done' });
    expect(versionOfFile(inPlace(name))).toBe(oldVersion);
  });

  test('gives way to the new one when its entry is replaced, and comes back with Undo', async () => {
    const before = readRegistry();
    const result = await place([name], 'replace');
    expect(result).toMatchObject({
      kind: 'done',
      message: `Installed ${name} into /usr/local/bin and registered 1 target`,
    });
    expect(runningVersion()).toBe(newVersion);
    // The entry says the same as before.
    expect(readRegistry()).toEqual(before);

    expect(await undo(result.undo)).toMatchObject({
      kind: 'done',
      message: 'Put back what was in /usr/local/bin and qemu-aarch64',
    });
    expect(versionOfFile(inPlace(name))).toBe(oldVersion);
    expect(runningVersion()).toBe(oldVersion);
    expect(readRegistry()).toEqual(before);
  });

  test('is in the way of nothing when another entry serves the target: that one is replaced', async () => {
    clearRegistry();
    register(lineOf('mine', '/bin/true', ''));
    const result = await place([name], 'replace');
    expect(result.kind).toBe('done');
    expect(listEntries()).toEqual(['qemu-aarch64']);
    expect(runningVersion()).toBe(newVersion);
    expect(await undo(result.undo)).toMatchObject({ kind: 'done' });
    expect(listEntries()).toEqual(['mine']);
  });
});

describe('a placing that fails', () => {
  test('registers nothing of it, and says why once', async () => {
    mkdirSync(inPlace('qemu-arm-static'));
    expect(await place(['qemu-arm-static', 'qemu-s390x-static'], 'keep')).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^Nothing was installed: something that is not a program has one of/),
      details: [],
      undo: null,
    });
    expect(placed()).toEqual(['qemu-arm-static']);
    expect(listEntries()).toEqual([]);
    expect(await canUndo()).toEqual([false]);
  });

  test('to be taken back leaves what others have put there, and says so', async () => {
    const result = await place(['qemu-arm-static'], 'keep');
    rmSync(inPlace('qemu-arm-static')); // What the kernel holds open cannot be written.
    writeFileSync(inPlace('qemu-arm-static'), 'theirs');
    expect(await undo(result.undo)).toMatchObject({
      kind: 'done',
      message: 'Put back qemu-arm',
      details: ['/usr/local/bin: somebody changed an emulator there since'],
    });
    expect(readFileSync(inPlace('qemu-arm-static'), 'utf8')).toBe('theirs');
    expect(await canUndo()).toEqual([true, false]);
  });

  test('two of the same file go one after the other, and are taken back in the opposite order', async () => {
    const [one, other] = await Promise.all([
      place(['qemu-arm-static'], 'no'),
      manager.change(stagedRequest({ 'qemu-arm-static': 'other' }, 'no')),
    ]);
    expect([one.kind, other.kind]).toEqual(['done', 'done']);
    const [last, first] = (await canUndo()).map((can, index) => (can ? 2 - index : null));
    expect([first === null, last === null].filter(Boolean)).toHaveLength(1);
    const change = first ?? last ?? null;
    expect(await undo(change)).toMatchObject({ kind: 'done' });
    expect(await undo(change === 1 ? 2 : 1)).toMatchObject({ kind: 'done' });
    expect(placed()).toEqual([]);
  });
});

/** A register line for aarch64, by the first bytes of its programs. */
const lineOf = (name: string, interpreter: string, flags: string): string =>
  `:${name}:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:` +
  `\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:${interpreter}:${flags}`;

let number = 0;

/** A request to place files of this content. */
function stagedRequest(
  contents: Readonly<Record<string, string>>,
  registering: PlaceRequest['register'],
): PlaceRequest {
  number += 1;
  const from = path.join(directory, `staged-${number}`);
  mkdirSync(from);
  const files = Object.entries(contents).map(([name, content]) => {
    writeFileSync(path.join(from, name), content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { name, sha256, size: content.length, mtime: 0 };
  });
  return { kind: 'place', id: number.toString(16).padStart(32, '0'), from, files, register: registering };
}

describe('when everything dies in the middle', () => {
  test('what is on record can be taken back, wherever that was', async () => {
    const seen = new Set<string>();
    for (let step = 0; ; step += 2) {
      clearRegistry();
      rmSync(KEPT_DIRECTORY, { recursive: true, force: true });
      for (const name of readdirSync(INTERPRETER_DIRECTORY)) rmSync(inPlace(name), { force: true });
      writeFileSync(inPlace('qemu-aarch64'), '#!/bin/sh\necho old\n', { mode: 0o755 });
      register(lineOf('qemu-aarch64', inPlace('qemu-aarch64'), 'F'));
      register(':jar:E::jar::/bin/true:');
      const before = readRegistry();

      rmSync(historyFile, { force: true });
      const history = new History(historyFile, (error) => {
        throw error;
      });
      const snapshot = await newManager().snapshot();
      const request = stagedRequest({ 'qemu-aarch64': 'new', 'qemu-mips': 'new' }, 'replace');
      const planned = planOf(request, snapshot);
      if (!planned.ok) throw new Error(planned.problem);
      const { plan } = planned.value;
      const script = buildScript(plan, 'token', snapshot.entries);
      history.begin(recordOf(plan, script, { kind: 'root' }, snapshot));
      if (!runKilledAt(script, step).died) break;

      const after = newManager(historyFile);
      const [past] = await after.pastChanges();
      expect(past?.kind).toBe('unknown');
      const result = await after.change({ kind: 'undo', change: past?.id ?? 0 });
      expect(past?.canUndo, `step ${step}: ${result.message}`).toBe(result.kind === 'done');
      if (result.kind !== 'done') expect(result.message).toBe('Everything is already as it was before.');
      seen.add(result.kind);
      // The next placing takes away what was copied and had not come into its place.
      expect(await after.change(stagedRequest({ 'qemu-sh4': 'x' }, 'no'))).toMatchObject({ kind: 'done' });
      expect(placed(), `step ${step}`).toEqual(['qemu-aarch64', 'qemu-sh4']);
      expect(readFileSync(inPlace('qemu-aarch64'), 'utf8')).toBe('#!/bin/sh\necho old\n');
      const trial = listEntries().filter((name) => name.startsWith('~'));
      expect(trial, `step ${step}`).toEqual([]);
      expect([...readRegistry()].sort(), `step ${step}`).toEqual([...before].sort());
    }
    expect([...seen].sort()).toEqual(['done', 'failed']);
  });
});

test('what is on record of a placing outlives the program', async () => {
  const result = await place(['qemu-arm-static'], 'keep');
  manager = newManager(historyFile);
  const [past] = await manager.pastChanges();
  expect(past).toMatchObject({
    kind: 'done',
    operations: [
      'Put qemu-arm-static into /usr/local/bin, and keep what was there',
      'Register qemu-arm with /usr/local/bin/qemu-arm-static (flags F)',
    ],
    canUndo: true,
  });
  expect(spawnSync('/bin/bash', ['-n', '-c', past?.script ?? '']).status).toBe(0);
  expect(await undo(result.undo)).toMatchObject({ kind: 'done' });
});
