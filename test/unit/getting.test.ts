import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { familyOfMachine, targets } from '../../electron/binfmt/targets.ts';
import { listArchive } from '../../electron/getting/list-archive.ts';
import { presentOf } from '../../electron/getting/present.ts';
import { worthTaking } from '../../electron/install/archive/worth-taking.ts';
import type { ListedArchive } from '../../electron/ipc/contract.ts';
import { minimalEmulator } from '../support/archives.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

const { directory, remove } = temporaryDirectory();
afterAll(remove);

let count = 0;

/** Lists a folder with these files in it. */
async function list(files: Readonly<Record<string, Uint8Array>>): Promise<ListedArchive> {
  count += 1;
  const folder = path.join(directory, `folder-${count}`);
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files))
    writeFileSync(path.join(folder, name), content, { mode: 0o755 });
  const listed = await listArchive(folder, {});
  if (!listed.ok) throw new Error(listed.problem);
  expect([...listed.value.listing.programs].map(({ fileName }) => fileName).sort()).toEqual(
    listed.value.shown.programs.map(({ fileName }) => fileName).sort(),
  );
  return listed.value.shown;
}

const [arm, armNew] = [minimalEmulator('arm', '9.1.2'), minimalEmulator('arm', '9.9.9')];
const strangers = { machine: 183 };

describe('what has the name of a program in its place', () => {
  test('is nothing, the same, or another, whatever it is', async () => {
    const { programs } = await list({ 'qemu-arm-static': arm });
    const place = path.join(directory, 'place');
    mkdirSync(place);
    const file = path.join(place, 'qemu-arm-static');
    const look = () => Promise.all(programs.map((program) => presentOf(program, place)));
    const [none] = await Promise.all(
      programs.map((program) => presentOf(program, path.join(place, 'not', 'there'))),
    );
    expect(none).toEqual({ kind: 'none' });
    expect(await look()).toEqual([{ kind: 'none' }]);
    writeFileSync(file, arm);
    expect(await look()).toEqual([{ kind: 'same' }]);
    // Of the same size, and not the same.
    writeFileSync(file, armNew);
    expect(await look()).toEqual([{ kind: 'other', qemuVersion: '9.9.9' }]);
    writeFileSync(file, 'mine');
    expect(await look()).toEqual([{ kind: 'other', qemuVersion: null }]);
    execFileSync('rm', [file]);
    symlinkSync(file, file);
    expect(await look()).toEqual([{ kind: 'other', qemuVersion: null }]);
    // Opening it would wait for ever.
    execFileSync('rm', [file]);
    execFileSync('mkfifo', [file]);
    expect(await look()).toEqual([{ kind: 'other', qemuVersion: null }]);
    execFileSync('rm', [file]);
    mkdirSync(file);
    expect(await look()).toEqual([{ kind: 'other', qemuVersion: null }]);
  });
});

describe('the programs of an archive', () => {
  test('are listed by their targets, and taken at first where they run and are not there yet', async () => {
    const archive = await list({
      'qemu-sh4-static': minimalEmulator('sh4', '9.1.2'),
      'qemu-arm': arm,
      'qemu-hppa-static': minimalEmulator('hppa', '9.1.2', strangers),
    });
    expect(archive.programs.map(({ fileName }) => fileName)).toEqual([
      'qemu-arm',
      'qemu-hppa-static',
      'qemu-sh4-static',
    ]);
    expect(archive.taken).toEqual(['qemu-arm', 'qemu-sh4-static']);
  });

  test('are worth taking where they run others’ programs, and of a target’s the static one', async () => {
    const [first] = (await list({ 'qemu-arm': arm })).programs;
    if (first === undefined) throw new Error('There is no program.');
    const dynamic = { ...first, linkage: 'dynamic' } as const;
    const fixed = { ...first, fileName: 'qemu-arm-static' };
    const own = targets.filter(({ family }) => family === familyOfMachine(os.machine()));
    const ownPrograms = own.map(({ name }) => ({ ...first, fileName: `qemu-${name}`, target: name }));
    expect(own.length).toBeGreaterThan(0);
    expect(worthTaking([dynamic, ...ownPrograms])).toEqual([dynamic]);
    expect(worthTaking([dynamic, fixed])).toEqual([fixed]);
    expect(worthTaking([dynamic, { ...fixed, runsHere: false }])).toEqual([dynamic]);
  });
});
