import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import { buildImages, type ImageDestination, type ImageRequest } from '../../electron/images/build-images.ts';
import type { Progress } from '../../electron/images/progress.ts';
import { placeFiles } from '../../electron/images/staging.ts';
import { buildTarballs } from '../../electron/images/tarball.ts';
import { CRAFTED_AT, craftDynamicProgram, craftEmulator } from '../images/support/crafted-emulator.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

const { directory: temporary, remove } = temporaryDirectory();
afterAll(remove);

const machine = os.machine();
let programs: string;
let place: string;
let request: ImageRequest;
let count = 0;

beforeEach(() => {
  count += 1;
  programs = path.join(temporary, `${count}`, 'programs');
  place = path.join(temporary, `${count}`, 'place');
  mkdirSync(programs, { recursive: true });
  mkdirSync(place);
  request = {
    machine,
    emulators: [craftEmulator(programs, 's390x'), craftEmulator(programs, 'arm', { size: 700_001 })],
    sourceDateEpoch: null,
    images: ['emulators', 'register', 'latest'],
    // It is not run here: any static program of this machine will do.
    busybox: craftEmulator(programs, 'hppa').path,
    repository: 'localhost/qemu-user-static',
  };
});

const layout = (): ImageDestination => ({ form: 'oci-layout', path: path.join(place, 'images') });

const problemOf = async (result: Promise<{ readonly ok: boolean; readonly problem?: string }>) => {
  const { ok, problem } = await result;
  expect(ok).toBe(false);
  return problem ?? '';
};

/** Every file below a directory and the digest of its bytes. */
const bytesBelow = (directory: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [
        path.relative(directory, file),
        createHash('sha256').update(readFileSync(file)).digest('hex'),
      ]),
  );

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const blob = (root: string, digest: string): string => path.join(root, 'blobs', ...digest.split(':'));

test('files are put in place all or none', async () => {
  const from = path.join(place, 'finished');
  mkdirSync(from);
  writeFileSync(path.join(from, 'a'), 'new');
  writeFileSync(path.join(place, 'a'), 'old');
  await expect(placeFiles(['a', 'b'], from, place)).rejects.toThrow('ENOENT');
  expect(readFileSync(path.join(place, 'a'), 'utf8')).toBe('old');
  rmSync(path.join(from, 'former'), { recursive: true });
  await placeFiles(['a'], from, place);
  expect(readFileSync(path.join(place, 'a'), 'utf8')).toBe('new');
});

describe('tarballs', () => {
  test('hold one program each, under both names', async () => {
    expect(await buildTarballs(request, place)).toEqual({
      ok: true,
      value: [
        'qemu-arm-static.tar.gz',
        `${machine}_qemu-arm-static.tar.gz`,
        'qemu-s390x-static.tar.gz',
        `${machine}_qemu-s390x-static.tar.gz`,
      ],
    });
    for (const name of readdirSync(place)) {
      const listed = execFileSync('tar', ['--list', '--verbose', '--file', path.join(place, name)], {
        encoding: 'utf8',
      });
      expect(listed).toMatch(/^-rwxr-xr-x 0\/0 +\d+ 2023-11-1\d \S+ qemu-(?:arm|s390x)-static\n$/);
    }
    const out = path.join(place, 'out');
    mkdirSync(out);
    execFileSync('tar', ['--extract', '--file', path.join(place, 'qemu-arm-static.tar.gz')], { cwd: out });
    expect(bytesBelow(out)['qemu-arm-static']).toBe(bytesBelow(programs)['qemu-arm-static']);
  });

  test('are the same bytes every time, whatever mode the emulators have', async () => {
    const second = path.join(place, 'second');
    mkdirSync(second);
    await buildTarballs(request, place);
    for (const { path: file } of request.emulators) chmodSync(file, 0o4711);
    await buildTarballs(request, second);
    const first = bytesBelow(place);
    for (const [name, digest] of Object.entries(bytesBelow(second))) expect(first[name]).toBe(digest);
    expect(first['qemu-arm-static.tar.gz']).toBe(first[`${machine}_qemu-arm-static.tar.gz`]);
  });

  test('tell nothing of when and where they were packed in their header', async () => {
    await buildTarballs(request, place);
    const header = readFileSync(path.join(place, 'qemu-arm-static.tar.gz')).subarray(0, 10);
    expect([...header]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  });

  test('replace earlier ones and leave other files alone', async () => {
    writeFileSync(path.join(place, 'qemu-arm-static.tar.gz'), 'old');
    writeFileSync(path.join(place, 'mine'), 'mine');
    expect((await buildTarballs(request, place)).ok).toBe(true);
    expect(gunzipSync(readFileSync(path.join(place, 'qemu-arm-static.tar.gz'))).length).toBeGreaterThan(
      700_000,
    );
    expect(readFileSync(path.join(place, 'mine'), 'utf8')).toBe('mine');
    expect(readdirSync(place)).toHaveLength(5);
  });

  test('are not written where one of them cannot be', async () => {
    mkdirSync(path.join(place, 'qemu-s390x-static.tar.gz'));
    expect(await problemOf(buildTarballs(request, place))).toMatch(/s390x-static.tar.gz is a directory/);
    expect(readdirSync(place)).toEqual(['qemu-s390x-static.tar.gz']);
  });
});

describe('images', () => {
  test('have the tags of multiarch/qemu-user-static', async () => {
    const built = await buildImages(request, layout());
    expect(built.ok && built.value.map(({ tags }) => tags)).toEqual([
      [`${machine}-arm`, 'arm', `${machine}-arm-9.2.0`, 'arm-9.2.0'],
      [`${machine}-s390x`, 's390x', `${machine}-s390x-9.2.0`, 's390x-9.2.0'],
      ['register'],
      ['latest', '9.2.0'],
    ]);
  });

  test('of i486 is that of the emulator it shares, once', async () => {
    const i386 = craftEmulator(programs, 'i386');
    const emulators = [{ ...i386, target: 'i486' }, i386];
    const built = await buildImages({ ...request, emulators, images: ['emulators'] }, layout());
    expect(built.ok && built.value.map(({ tags }) => tags[1])).toEqual(['i386']);
  });

  test.each(['oci-layout', 'oci-archive', 'docker-archive'] as const)(
    'as %s are the same bytes every time',
    async (form) => {
      const digests = [];
      const before = process.env.TZ;
      for (const [number, zone] of ['UTC', 'Asia/Tokyo'].entries()) {
        process.env.TZ = zone;
        const out = path.join(place, `${number}`);
        mkdirSync(out);
        const built = await buildImages(request, { form, path: path.join(out, 'images') });
        expect(built.ok).toBe(true);
        digests.push(bytesBelow(out));
      }
      process.env.TZ = before;
      expect(digests[0]).toEqual(digests[1]);
    },
  );

  test('say what they are, and when it was made', async () => {
    await buildImages({ ...request, images: ['emulators'] }, layout());
    const { path: root } = layout();
    const index = json(path.join(root, 'index.json'));
    const manifest = json(blob(root, index.manifests[0].digest));
    const config = json(blob(root, manifest.config.digest));
    expect(config).toMatchObject({
      created: new Date(CRAFTED_AT * 1000).toISOString(),
      os: 'linux',
      config: {
        Labels: {
          'org.opencontainers.image.title': 'qemu-arm-static',
          'org.opencontainers.image.version': '9.2.0',
          'org.opencontainers.image.licenses': 'GPL-2.0-only',
        },
      },
    });
    const layer = gunzipSync(readFileSync(blob(root, manifest.layers[0].digest)));
    expect(`sha256:${createHash('sha256').update(layer).digest('hex')}`).toBe(config.rootfs.diff_ids[0]);
    expect(execFileSync('tar', ['--list'], { input: layer, encoding: 'utf8' })).toBe(
      'usr/\nusr/bin/\nusr/bin/qemu-arm-static\n',
    );
  });

  test('take the time that SOURCE_DATE_EPOCH names, whatever the age of the emulators', async () => {
    const digests = [];
    for (const age of [1_000_000_000, 1_100_000_000]) {
      for (const { path: file } of request.emulators) utimesSync(file, age, age);
      const built = await buildImages({ ...request, sourceDateEpoch: 1_600_000_000 }, layout());
      digests.push(built.ok && built.value.map(({ digest }) => digest));
    }
    expect(digests[0]).toEqual(digests[1]);
  });

  test('have no version where QEMU’s is not known', async () => {
    const emulators = [craftEmulator(programs, 'arm', { version: null })];
    const built = await buildImages({ ...request, emulators }, layout());
    expect(built.ok && built.value.flatMap(({ tags }) => tags)).toEqual([
      `${machine}-arm`,
      'arm',
      'register',
      'latest',
    ]);
  });

  test('replace an earlier layout, and no other directory', async () => {
    expect((await buildImages(request, layout())).ok).toBe(true);
    const emulators = request.emulators.slice(0, 1);
    expect((await buildImages({ ...request, emulators, images: ['emulators'] }, layout())).ok).toBe(true);
    expect(json(path.join(layout().path, 'index.json')).manifests).toHaveLength(4);
    expect(readdirSync(place)).toEqual(['images']);

    writeFileSync(path.join(layout().path, 'mine'), '');
    expect(await problemOf(buildImages(request, layout()))).toMatch(/holds other files/);
    expect(existsSync(path.join(layout().path, 'mine'))).toBe(true);
  });

  test('report their progress up to the end', async () => {
    const reports: Progress[] = [];
    const destination = { form: 'oci-archive', path: path.join(place, 'images.tar') } as const;
    await buildImages(request, destination, (progress) => reports.push(progress));
    expect(new Set(reports.map(({ name }) => name))).toEqual(
      new Set(['arm', 's390x', 'register', destination.path]),
    );
    for (const name of ['s390x', 'images.tar']) {
      const steps = reports.filter(
        (report) => report.totalBytes === reports.find((one) => one.name === name)?.totalBytes,
      );
      expect(steps.at(-1)?.doneBytes).toBe(steps.at(-1)?.totalBytes);
      for (const [index, step] of steps.entries()) {
        expect(step.doneBytes).toBeGreaterThan(steps[index - 1]?.doneBytes ?? 0);
      }
    }
  });
});

describe('nothing is left behind', () => {
  const forms: readonly [
    string,
    (signal: AbortSignal, report: () => void) => Promise<{ readonly ok: boolean }>,
  ][] = [
    ['tarballs', (signal, report) => buildTarballs(request, place, report, signal)],
    ['a layout', (signal, report) => buildImages(request, layout(), report, signal)],
    [
      'an OCI archive',
      (signal, report) =>
        buildImages(request, { form: 'oci-archive', path: path.join(place, 'images.tar') }, report, signal),
    ],
    [
      'a docker archive',
      (signal, report) =>
        buildImages(
          request,
          { form: 'docker-archive', path: path.join(place, 'images.tar') },
          report,
          signal,
        ),
    ],
  ];

  test.each(forms)('when %s are stopped, at any moment', async (_what, build) => {
    let total = 0;
    await build(new AbortController().signal, () => {
      total += 1;
    });
    const before = bytesBelow(place);
    for (const moment of [0, 1, Math.floor(total / 2), total]) {
      const stop = new AbortController();
      let seen = 0;
      if (moment === 0) stop.abort();
      const result = await build(stop.signal, () => {
        seen += 1;
        if (seen === moment) stop.abort();
      });
      expect(result).toEqual({ ok: false, problem: 'Stopped: nothing was written.' });
      expect(bytesBelow(place)).toEqual(before);
      expect(readdirSync(place).filter((name) => name.startsWith('.'))).toEqual([]);
    }
  });

  test('when an emulator becomes shorter while it is read', async () => {
    const emulator = craftEmulator(programs, 'sparc', { size: 20_000_000 });
    const truncate = () => truncateSync(emulator.path, 1000);
    expect(await problemOf(buildTarballs({ ...request, emulators: [emulator] }, place, truncate))).toBe(
      `${emulator.path} changed while it was being read. Try again when it is in place.`,
    );
    expect(readdirSync(place)).toEqual([]);
  });
});

describe('a sentence says', () => {
  const build = (changes: Partial<ImageRequest>) =>
    problemOf(buildImages({ ...request, ...changes }, layout()));

  test('that nothing is chosen', async () => {
    expect(await build({ emulators: [] })).toBe('No target is chosen. Choose at least one.');
    expect(await build({ images: [] })).toBe('No image is chosen. Choose at least one.');
  });

  test('that QEMU has no such target', async () => {
    expect(await build({ emulators: [{ target: 'vax', path: '/bin/true' }] })).toBe(
      'QEMU has no target called vax.',
    );
  });

  test('that an emulator is not there', async () => {
    const missing = path.join(programs, 'gone');
    expect(await build({ emulators: [{ target: 'arm', path: missing }] })).toMatch(
      `${missing} is not there.`,
    );
  });

  test('that an emulator is no program', async () => {
    const script = path.join(programs, 'script');
    writeFileSync(script, '#!/bin/sh\n');
    for (const [file, sentence] of [
      [script, /no ELF file/],
      [programs, /is no file/],
      ['/dev/zero', /is no file/],
    ] as const) {
      expect(await build({ emulators: [{ target: 'arm', path: file }] })).toMatch(sentence);
    }
  });

  test('that an emulator is made for another machine', async () => {
    const other = machine === 's390x' ? 'x86_64' : 's390x';
    const emulators = [craftEmulator(programs, 'arm', { machine: other })];
    expect(await build({ emulators })).toMatch(`is made for another machine, not for ${machine}`);
  });

  test('that an emulator needs libraries', async () => {
    const file = craftDynamicProgram(programs, 'dynamic');
    expect(await build({ machine: 'x86_64', emulators: [{ target: 'arm', path: file }] })).toMatch(
      /is not static: it needs libraries/,
    );
  });

  test('that the shell for the register image is missing or unfit', async () => {
    expect(await build({ busybox: path.join(programs, 'gone') })).toMatch(/is not there/);
    expect(await build({ busybox: '/dev/null' })).toMatch(/is no file/);
  });

  test('that images have no name for a machine', async () => {
    expect(await build({ machine: 'vax' })).toBe('Images have no name for machines of the kind vax.');
  });

  test('that a repository has no such name', async () => {
    expect(await build({ repository: 'UPPER' })).toMatch(/“UPPER” is no repository’s name/);
  });

  test('that the place is none', async () => {
    const inNowhere = { form: 'oci-layout', path: path.join(place, 'no', 'images') } as const;
    expect(await problemOf(buildImages(request, inNowhere))).toMatch(/is not there. Create its directory/);
    writeFileSync(path.join(place, 'file'), '');
    const onFile = { form: 'oci-layout', path: path.join(place, 'file') } as const;
    expect(await problemOf(buildImages(request, onFile))).toMatch(/is no directory/);
    const onDirectory = { form: 'oci-archive', path: programs } as const;
    expect(await problemOf(buildImages(request, onDirectory))).toMatch(
      /is a directory. Choose the name of a file/,
    );
    expect(readdirSync(place)).toEqual(['file']);
  });
});

test('an emulator may be a link, and its path and the place any bytes', async () => {
  const odd = path.join(place, "it's $(odd) \udcff");
  const target = craftEmulator(programs, 'm68k');
  const link = path.join(programs, 'link');
  symlinkSync(target.path, link);
  mkdirSync(encodeBytes(odd));
  const result = await buildTarballs({ ...request, emulators: [{ target: 'm68k', path: link }] }, odd);
  expect(result.ok).toBe(true);
  expect(readdirSync(encodeBytes(odd))).toContain('qemu-m68k-static.tar.gz');
});
