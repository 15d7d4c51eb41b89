import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BuiltImage, buildImages, type ImageRequest } from '../../electron/images/build-images.ts';
import { buildTarballs } from '../../electron/images/tarball.ts';
import { BuiltTerminal } from '../support/built-terminal.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

const { directory, remove } = temporaryDirectory();
let terminal: BuiltTerminal;
let place: string;
let count = 0;

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
});
beforeEach(() => {
  count += 1;
  place = path.join(directory, `place ${count}`);
  mkdirSync(place);
});
afterAll(remove);

const requestFor = (...targets: readonly string[]): ImageRequest => ({
  machine: os.machine(),
  emulators: targets.map((target) => ({ target, path: `/usr/local/bin/qemu-${target}-static` })),
  sourceDateEpoch: null,
  images: ['emulators'],
  busybox: null,
  repository: 'localhost/qemu-user-static',
});

const digestsIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(path.join(folder, name)))
        .digest('hex'),
    ]),
  );

const linesOf = (images: readonly BuiltImage[]): readonly string[] =>
  images.flatMap(({ tags, digest }) => tags.map((tag) => `${tag} ${digest}`));

describe('tarball', () => {
  test('packs the named targets, the same bytes as everywhere, and says what to do with them', async () => {
    const { status, stdout, stderr } = terminal.run('tarball', 'arm64,s390x', '--output', place);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const other = path.join(directory, 'other');
    mkdirSync(other);
    expect((await buildTarballs(requestFor('aarch64', 's390x'), other)).ok).toBe(true);
    expect(digestsIn(place)).toEqual(digestsIn(other));
    expect(stdout.split('\n')).toEqual([
      ...['aarch64', 's390x'].flatMap((target) => [
        `qemu-${target}-static.tar.gz`,
        `${os.machine()}_qemu-${target}-static.tar.gz`,
      ]),
      `Built 4 tarballs in ${place}.`,
      '# Unpack it on this machine:',
      `sudo tar --extract --file '${place}/qemu-aarch64-static.tar.gz' --directory /usr/local/bin`,
      '',
    ]);
  });

  test('says nothing with --quiet, and everything to programs with --json', () => {
    expect(terminal.run('tarball', 'hppa', '-o', place, '-q').stdout).toBe('');
    const { stdout } = terminal.run('tarball', 'hppa', '-o', place, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ path: place, images: [], tarballs: { length: 2 } });
  });

  test('refuses what is no target, and a place that is not there', () => {
    expect(terminal.run('tarball', 'vax', '-o', place)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('“vax” is none of QEMU’s targets.'),
    });
    const nowhere = path.join(place, 'nowhere');
    expect(terminal.run('tarball', 'arm', '-o', nowhere)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`${nowhere} is not there.`),
    });
    expect(readdirSync(place)).toEqual([]);
  });

  test('interrupted leaves nothing', async () => {
    const child = spawn(process.execPath, [terminal.file, 'tarball', '-o', place], { env: terminal.env });
    const ended = once(child, 'exit');
    let complaints = '';
    child.stderr.on('data', (text) => {
      complaints += String(text);
    });
    while (readdirSync(place).length === 0) await wait(5);
    child.kill('SIGINT');
    expect(await ended).toEqual([1, null]);
    expect(complaints).toBe('qemu-binfmt: Stopped: nothing was written.\n');
    expect(readdirSync(place)).toEqual([]);
  });
});

describe('image', () => {
  test.each(['oci-archive', 'oci-layout', 'docker-archive'] as const)(
    'makes an %s whose digests are those that building it directly has',
    async (form) => {
      const output = path.join(place, 'images');
      const words = ['image', 'arm64', 'arm', '--only', 'targets', '--form', form, '-o', output];
      const { status, stdout, stderr } = terminal.run(...words);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const directly = { form, path: path.join(place, 'directly') };
      const built = await buildImages(requestFor('aarch64', 'arm'), directly);
      const lines = built.ok ? linesOf(built.value) : [];
      expect(stdout.split('\n').slice(0, lines.length + 1)).toEqual([
        ...lines,
        `Built 2 images in ${output}.`,
      ]);
    },
  );

  test('takes the time that SOURCE_DATE_EPOCH names, or says that it is none', () => {
    const words = ['image', 'arm', '--only', 'targets', '-o', path.join(place, 'images'), '--json'];
    const at = (time: string) => terminal.runWith({ env: { SOURCE_DATE_EPOCH: time } }, ...words);
    expect(JSON.parse(at('0').stdout).images).not.toEqual(JSON.parse(at('1').stdout).images);
    expect(at('soon')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('SOURCE_DATE_EPOCH is “soon”'),
    });
  });

  test('wants to know where, and a name that is one', () => {
    expect(terminal.run('image', 'arm')).toMatchObject({
      status: 2,
      stderr: 'qemu-binfmt: Name the file or directory to write to with --output.\n',
    });
    const output = path.join(place, 'images');
    expect(
      terminal.run('image', 'arm', '-o', output, '--only', 'targets', '--repository', 'UP'),
    ).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('“UP” is no repository’s name.'),
    });
    expect(readdirSync(place)).toEqual([]);
  });
});

test('publish wants a registry, and images', () => {
  expect(terminal.run('publish', place)).toMatchObject({
    status: 2,
    stderr: 'qemu-binfmt: Name the registry with --repository.\n',
  });
  expect(terminal.run('publish', place, '--repository', 'qemu')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('Name the registry too, like docker.io/qemu'),
  });
  expect(terminal.run('publish', place, '--repository', '127.0.0.1:1/a')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('holds no image layout. What can be published is an OCI layout'),
  });
});
