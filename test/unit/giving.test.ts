import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { atIntervals } from '../../electron/at-intervals.ts';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
import { type BuildWish, prepareBuild } from '../../electron/giving/builder.ts';
import { readImageChoices } from '../../electron/giving/choices.ts';
import {
  commandsForImages,
  commandsForPublished,
  commandsForTarball,
} from '../../electron/giving/commands.ts';
import { Giving, type ImageProgress } from '../../electron/giving/giving.ts';
import { ItemMeter } from '../../electron/giving/item-progress.ts';
import { sizeInLayout } from '../../electron/images/layout-blobs.ts';
import { craftDynamicProgram, craftEmulator } from '../images/support/crafted-emulator.ts';
import { exampleHost, exampleRow, exampleSnapshot, executable } from '../support/example-data.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

const { directory, remove } = temporaryDirectory();
afterAll(remove);

let programs: string;
let place: string;
let snapshot: Snapshot;
let count = 0;

const rowOf = (name: string, file: string | null) =>
  exampleRow({ name, installed: file === null ? null : { ...executable(file), qemuVersion: '9.2.0' } });

beforeEach(() => {
  count += 1;
  programs = path.join(directory, `${count}`, 'programs');
  place = path.join(directory, `${count}`, 'place');
  mkdirSync(programs, { recursive: true });
  mkdirSync(place);
  snapshot = exampleSnapshot({
    host: { ...exampleHost, machine: os.machine() },
    targets: [
      rowOf('arm', craftEmulator(programs, 'arm', { size: 3_000_000 }).path),
      rowOf('hppa', craftEmulator(programs, 'hppa', { size: 2_000_000 }).path),
      rowOf('sh4', craftDynamicProgram(programs, 'qemu-sh4')),
      rowOf('m68k', path.join(programs, 'gone')),
      rowOf('s390x', null),
    ],
  });
});

const tarballs = (...emulators: readonly string[]): BuildWish => ({ kind: 'tarballs', emulators });

const emulatorImages = (...emulators: readonly string[]): BuildWish => ({
  kind: 'images',
  emulators,
  images: ['emulators'],
  form: 'oci-layout',
  repository: 'localhost/a',
});

describe('the choices', () => {
  test('are every emulator once, by name, those that cannot be used with a sentence', async () => {
    const { emulators, machine } = await readImageChoices(snapshot);
    expect(machine).toBe(os.machine());
    const names = emulators.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(new Set(names).size).toBe(names.length);
    const problemOf = (name: string) => emulators.find((one) => one.name === name)?.problem;
    expect(emulators.find(({ name }) => name === 'arm')).toEqual({
      name: 'arm',
      targets: ['arm'],
      path: path.join(programs, 'qemu-arm-static'),
      version: '9.2.0',
      size: 3_000_000,
      problem: null,
    });
    expect(problemOf('sh4')).toMatch(/is not static|is made for another machine/);
    expect(problemOf('m68k')).toMatch(/is not there/);
    expect(problemOf('s390x')).toBe('No emulator is installed.');
    expect(problemOf('alpha')).toBe('No emulator is installed.');
  });

  test('have one emulator for both targets that it serves', async () => {
    const { emulators } = await readImageChoices(snapshot);
    expect(emulators.find(({ name }) => name === 'i386')?.targets).toEqual(['i386', 'i486']);
    expect(emulators.some(({ name }) => name === 'i486')).toBe(false);
  });
});

describe('preparing a build', () => {
  const problemOf = async (wish: BuildWish, env: NodeJS.ProcessEnv = {}) => {
    const prepared = await prepareBuild(wish, place, snapshot, env);
    return prepared.ok ? null : prepared.problem;
  };

  test('refuses what is unknown or cannot be used', async () => {
    expect(await problemOf(tarballs('arm', 'vax'))).toBe('QEMU has no emulator called vax.');
    expect(await problemOf(tarballs('../../bin/sh'))).toBe('QEMU has no emulator called ../../bin/sh.');
    expect(await problemOf(tarballs('s390x'))).toBe('s390x: No emulator is installed.');
    expect(await problemOf(tarballs('arm'), { SOURCE_DATE_EPOCH: 'soon' })).toMatch(
      /SOURCE_DATE_EPOCH is “soon”/,
    );
    expect(await problemOf(tarballs('arm'), { SOURCE_DATE_EPOCH: '0' })).toBeNull();
  });

  test('knows what will be read, each once', async () => {
    const prepared = await prepareBuild(emulatorImages('hppa', 'arm', 'arm'), place, snapshot);
    expect(prepared.ok && Object.fromEntries(prepared.value.sizes)).toEqual({
      arm: 3_000_000,
      hppa: 2_000_000,
    });
  });
});

describe('one work at a time', () => {
  test('is built, with the progress of each item up to its end', async () => {
    const told: ImageProgress[] = [];
    const giving = new Giving(
      () => Promise.resolve(snapshot),
      (progress) => told.push(progress),
    );
    const building = giving.build(tarballs('arm', 'hppa'), place);
    expect(giving.isBusy).toBe(true);
    expect(await giving.build(tarballs('arm'), place)).toMatchObject({ kind: 'failed' });
    expect(await giving.publish(true)).toMatchObject({ kind: 'failed', reason: /already/ });
    const result = await building;
    expect(result).toMatchObject({ kind: 'built', built: { path: place, images: [] } });
    expect(readdirSync(place)).toHaveLength(4);
    expect(told[0]).toMatchObject({ kind: 'building', doneBytes: 0, totalBytes: 5_000_000 });
    expect(giving.isBusy).toBe(false);
    expect(await giving.publish(true)).toEqual({
      kind: 'failed',
      reason: 'Compare with the registry first.',
    });
  });

  test('can be cancelled at once or later, leaves nothing, and another follows', async () => {
    const giving = new Giving(
      () => Promise.resolve(snapshot),
      () => undefined,
    );
    for (const delay of [0, 10, 40]) {
      const building = giving.build(emulatorImages('arm', 'hppa'), path.join(place, 'layout'));
      const cancelling = setTimeout(() => giving.cancel(), delay);
      if (delay === 0) giving.cancel();
      const { kind } = await building;
      clearTimeout(cancelling);
      if (kind === 'built') continue; // A quick machine.
      expect(kind).toBe('stopped');
      expect(readdirSync(place)).toEqual([]);
    }
    expect(await giving.build(emulatorImages('arm'), path.join(place, 'layout'))).toMatchObject({
      kind: 'built',
    });
  });

  test('is finished when nothing of it is left', async () => {
    const giving = new Giving(
      () => Promise.resolve(snapshot),
      () => undefined,
    );
    void giving.build(tarballs('arm', 'hppa'), place);
    await giving.finish();
    expect(giving.isBusy).toBe(false);
    expect(readdirSync(place)).toEqual([]);
    await giving.finish();
  });

  test('that fails says why', async () => {
    const giving = new Giving(
      () => Promise.resolve(snapshot),
      () => undefined,
    );
    expect(await giving.build(tarballs('arm'), path.join(place, 'not', 'there'))).toEqual({
      kind: 'failed',
      reason: `${path.join(place, 'not', 'there')} is not there. Create its directory first, or choose another place.`,
    });
    expect(await giving.compare(place, 'registry.example.org/a')).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('holds no image layout. What can be published is an OCI layout'),
    });
  });
});

describe('the progress', () => {
  test('of items side by side is taken apart, and the archive behind them is told apart', () => {
    const meter = new ItemMeter(
      new Map([
        ['arm', 100],
        ['hppa', 50],
      ]),
    );
    expect(meter.read()).toMatchObject({ doneBytes: 0, totalBytes: 150, archive: null });
    // Headers make it more than the files have.
    for (const [name, doneBytes] of [
      ['arm', 40],
      ['hppa', 60],
      ['arm', 110],
      ['hppa', 160],
    ] as const) {
      meter.add({ name, doneBytes, totalBytes: 170 });
    }
    expect(meter.read()).toEqual({
      kind: 'building',
      doneBytes: 160,
      totalBytes: 170,
      items: [
        { name: 'arm', doneBytes: 90, totalBytes: 100 },
        { name: 'hppa', doneBytes: 50, totalBytes: 50 },
      ],
      archive: null,
    });
    // An archive may be called as an emulator is.
    meter.add({ name: '/tmp/arm', doneBytes: 7, totalBytes: 9 });
    expect(meter.read()).toMatchObject({
      doneBytes: 160,
      archive: { name: 'arm', doneBytes: 7, totalBytes: 9 },
    });
  });

  test('is told at once, then at intervals and never after the end', () => {
    vi.useFakeTimers();
    const told: number[] = [];
    const { add, stop } = atIntervals<number>(100, (value) => told.push(value));
    for (const value of [1, 2, 3]) add(value);
    expect(told).toEqual([1]);
    vi.advanceTimersByTime(100);
    expect(told).toEqual([1, 3]);
    vi.advanceTimersByTime(500);
    add(4);
    expect(told).toEqual([1, 3, 4]);
    add(5);
    stop();
    vi.advanceTimersByTime(500);
    expect(told).toEqual([1, 3, 4]);
    vi.useRealTimers();
  });
});

describe('the commands', () => {
  /** The words that a shell makes of a command line. */
  const wordsOf = (command: string): readonly string[] =>
    execFileSync('bash', ['-c', `printf '%s\\0' ${command}`])
      .toString('latin1')
      .split('\0')
      .slice(0, -1);

  const latin1 = (text: string): string => encodeBytes(text).toString('latin1');

  test('name the place byte by byte, whatever it is called', () => {
    const odd = `/tmp/it's $(odd)\n"ü\udcff.tar`;
    const tags = ['x86_64-arm', 'arm', 'register', 'latest'];
    const [load] = commandsForImages({ form: 'docker-archive', path: odd }, tags, 'localhost/a');
    expect(wordsOf(load?.command ?? '')).toEqual(['sudo', 'podman', 'load', '--input', latin1(odd)]);
    const [pull] = commandsForImages({ form: 'oci-archive', path: odd }, tags, 'localhost/a');
    expect(wordsOf(pull?.command ?? '')).toEqual([
      'sudo',
      'podman',
      'pull',
      latin1(`oci-archive:${odd}:latest`),
    ]);
    for (const form of ['oci-layout', 'oci-archive'] as const) {
      expect(commandsForImages({ form, path: '/tmp/a:b' }, tags, 'localhost/a')).toEqual([]);
    }
    const [unpack] = commandsForTarball(odd);
    expect(wordsOf(unpack?.command ?? '')).toContain(latin1(odd));
  });

  test('go through all images where one takes a single tag', () => {
    const tags = ['x86_64-arm', 'arm', 'x86_64-hppa', 'hppa', 'latest'];
    const all = commandsForImages({ form: 'oci-archive', path: "/tmp/it's.tar" }, tags, 'localhost/a').find(
      ({ does }) => does === 'Load all of them into podman',
    );
    const typed = execFileSync('bash', ['-c', `sudo() { printf '%s ' "$@"; echo; }; ${all?.command}`], {
      encoding: 'utf8',
    });
    expect(typed.split('\n')).toEqual([
      ...['arm', 'hppa', 'latest'].map((tag) => `podman pull oci-archive:/tmp/it's.tar:${tag} `),
      '',
    ]);
  });

  test('are about the image that people want most', () => {
    const run = (...tags: readonly string[]) =>
      commandsForPublished('example.org/a', tags).map(({ command }) => command);
    expect(run('x86_64-arm', 'arm', 'register', 'latest')).toEqual([
      'sudo podman run --rm --privileged example.org/a:latest --reset -p yes',
      'docker run --rm --privileged example.org/a:latest --reset -p yes',
    ]);
    expect(run('x86_64-arm', 'arm', 'register')).toEqual([
      'sudo podman run --rm --privileged example.org/a:register --reset',
      'docker run --rm --privileged example.org/a:register --reset',
    ]);
    expect(run('x86_64-arm', 'arm')).toEqual([
      'COPY --from=example.org/a:arm /usr/bin/qemu-arm-static /usr/bin/qemu-arm-static',
    ]);
    expect(run('somebody-elses')).toEqual([]);
    expect(run()).toEqual([]);
  });
});

test('the size of images in a layout is that of its blobs, what they share once', async () => {
  const layout = path.join(place, 'layout');
  const giving = new Giving(
    () => Promise.resolve(snapshot),
    () => undefined,
  );
  const result = await giving.build(emulatorImages('arm', 'hppa'), layout);
  const digests = result.kind === 'built' ? result.built.images.map(({ digest }) => digest) : [];
  const blobs = path.join(layout, 'blobs', 'sha256');
  const all = readdirSync(blobs).reduce((sum, blob) => sum + statSync(path.join(blobs, blob)).size, 0);
  expect(digests).toHaveLength(2);
  expect(await sizeInLayout(layout, [...digests, ...digests])).toBe(all);
  expect(await sizeInLayout(layout, digests.slice(1))).toBeLessThan(all);
  expect(await sizeInLayout(layout, [])).toBe(0);

  const [digest = ''] = digests;
  expect(await sizeInLayout(place, digests)).toBeNull();
  writeFileSync(path.join(blobs, digest.slice('sha256:'.length)), '{"config":{"digest":"x","size":-1}}');
  expect(await sizeInLayout(layout, digests)).toBeNull();
});
