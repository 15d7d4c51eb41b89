import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { extractInterpreters } from '../../electron/install/archive/extract-interpreters.ts';
import { archiveLimits } from '../../electron/install/archive/limits.ts';
import { type ArchiveListing, openArchive } from '../../electron/install/archive/open-archive.ts';
import {
  arOf,
  cpioMember,
  debOf,
  filter,
  minimalEmulator,
  paxHeader,
  type TarMember,
  tarOf,
  withXzDictionary,
  zstdOfZeros,
} from '../support/archives.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

vi.setConfig({ testTimeout: 60_000 });

const { directory, remove } = temporaryDirectory();
afterAll(remove);

/** The archive lies deep, so that what climbs out of it lands where it is seen. */
const archive = path.join(directory, 'a/b/c/archive');
const temporary = path.join(directory, 'tmp');
process.env.TMPDIR = temporary;

beforeEach(() => {
  for (const name of readdirSync(directory)) rmSync(path.join(directory, name), { recursive: true });
  mkdirSync(path.dirname(archive), { recursive: true });
  mkdirSync(temporary);
});

/** Everything in the test's directory: what each name is, and what is in it. */
function everything(below = directory): readonly string[] {
  return readdirSync(below).flatMap((name) => {
    const file = path.join(below, name);
    const stats = lstatSync(file);
    if (stats.isDirectory()) return [`${file}/`, ...everything(file)];
    const content = stats.isSymbolicLink()
      ? readlinkSync(file)
      : stats.isFile()
        ? createHash('sha256').update(readFileSync(file)).digest('hex')
        : 'special';
    return [`${file} ${stats.mode.toString(8)} ${content}`];
  });
}

const arm = minimalEmulator('arm');
const good: TarMember = { name: './usr/bin/qemu-aarch64-static', content: minimalEmulator('aarch64') };

/** What became of an archive: opened, all of it unpacked and removed again, with nothing left anywhere. */
async function meet(limits = archiveLimits): Promise<{
  readonly problem: string | null;
  readonly programs: readonly string[];
  readonly leftOut: readonly string[];
}> {
  const before = everything();
  const listing = await openArchive(archive, { limits });
  expect(everything(), 'after listing').toEqual(before);
  if (!listing.ok) return { problem: listing.problem, programs: [], leftOut: [] };
  const { programs, leftOut } = listing.value;
  await unpackAndCompare(listing.value);
  expect(everything(), 'after unpacking').toEqual(before);
  return {
    problem: null,
    programs: programs.map(({ fileName }) => fileName),
    leftOut: leftOut.map(({ path: member, reason }) => `${path.basename(member)}: ${reason}`),
  };
}

async function unpackAndCompare(listing: ArchiveListing): Promise<void> {
  const { programs } = listing;
  const unpacked = await extractInterpreters(
    listing,
    programs.map(({ fileName }) => fileName),
  );
  if (!unpacked.ok) throw new Error(unpacked.problem);
  const { directory: own, programs: files } = unpacked.value;
  expect(path.dirname(own)).toBe(temporary);
  expect(lstatSync(own).mode & 0o777).toBe(0o700);
  expect(readdirSync(own).sort()).toEqual(programs.map(({ fileName }) => fileName).sort());
  for (const { file, sha256, size } of files) {
    expect(lstatSync(file)).toMatchObject({ size, mode: 0o100600 });
    expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(sha256);
  }
  await unpacked.value.remove();
}

describe('a member that is not what it seems is left out, and the others are there', () => {
  const outside = 'Its path leads out of the archive.';
  const link = 'It is a link, and only files themselves are taken.';
  const special = 'It is a device or a pipe and no file.';
  const noProgram = 'It is an ELF file, but not a program that can be started.';
  const bad = 'qemu-arm-static';
  test.each<[string, readonly TarMember[], string]>([
    ['a path that climbs out', [{ name: '../../../escaped/qemu-arm-static', content: arm }], outside],
    ['a path that climbs out halfway', [{ name: 'usr/../../../../qemu-arm-static', content: arm }], outside],
    ['a path that climbs and comes back', [{ name: 'usr/../qemu-arm-static', content: arm }], outside],
    ['an absolute path', [{ name: path.join(directory, bad), content: arm }], outside],
    [
      'a long climbing path in a pax header',
      [paxHeader('path', `${'../'.repeat(300)}${bad}`), { name: 'x', content: arm }],
      outside,
    ],
    ['a link to a file outside', [{ name: bad, type: '2', linkName: '/etc/passwd' }], link],
    ['a link to itself', [{ name: bad, type: '2', linkName: bad }], link],
    ['a link to another member', [{ name: bad, type: '2', linkName: 'qemu-aarch64-static' }], link],
    ['a hard link to a file outside', [{ name: bad, type: '1', linkName: '/etc/shadow' }], link],
    ['a hard link that climbs', [{ name: bad, type: '1', linkName: '../../../../etc/shadow' }], link],
    ['a character device', [{ name: bad, type: '3' }], special],
    ['a block device', [{ name: bad, type: '4' }], special],
    ['a named pipe', [{ name: bad, type: '6' }], special],
    ['an ELF object', [{ name: bad, content: minimalEmulator('arm', '9.1.2', { type: 1 }) }], noProgram],
    ['a core dump', [{ name: bad, content: minimalEmulator('arm', '9.1.2', { type: 4 }) }], noProgram],
    ['an ELF file cut off in its header', [{ name: bad, content: arm.subarray(0, 40) }], noProgram],
    ['an ELF file cut off in its program headers', [{ name: bad, content: arm.subarray(0, 70) }], noProgram],
    ['an empty file', [{ name: bad }], 'It is not a program of its own (not ELF).'],
    [
      'a script',
      [{ name: bad, content: Buffer.from('#!/bin/sh\necho qemu-arm version 9.1.2\n') }],
      'It is not a program of its own (not ELF).',
    ],
    [
      'a program that is not QEMU',
      [{ name: bad, content: readFileSync('/bin/true') }],
      'It is a program, but not one of QEMU’s: it names no QEMU version.',
    ],
    [
      'the emulator of another target',
      [{ name: bad, content: minimalEmulator('riscv64') }],
      'It is QEMU’s, but it does not call itself the emulator of arm.',
    ],
    [
      'an emulator of a target that nobody knows',
      [{ name: 'qemu-vax-static', content: minimalEmulator('vax') }],
      'This program knows no target of that name.',
    ],
    [
      'a second one of the name',
      [
        { name: 'a/qemu-arm-static', content: minimalEmulator('arm', '1.0.0') },
        { name: 'b/qemu-arm-static', content: minimalEmulator('arm', '2.0.0') },
      ],
      'Another one of this name comes before it.',
    ],
    [
      'a second one of the path',
      [
        { name: 'a/qemu-arm-static', content: minimalEmulator('arm', '1.0.0') },
        { name: 'a/qemu-arm-static', content: minimalEmulator('arm', '2.0.0') },
      ],
      'Another one of this name comes before it.',
    ],
  ])('%s', async (_what, members, reason) => {
    writeFileSync(archive, tarOf(...members, good));
    const { problem, programs, leftOut } = await meet();
    expect(problem).toBeNull();
    expect(leftOut).toEqual([
      `${path.posix.basename(String(members.at(-1)?.name)).replace(/^x$/, bad)}: ${reason}`,
    ]);
    expect(programs).toContain('qemu-aarch64-static');
  });

  test('one that does not run here, where another of its name does, whichever comes first', async () => {
    const [own, foreign] = [arm, minimalEmulator('arm', '9.1.2', { machine: 183 })];
    const reason = 'It is made for another machine (AArch64), and another one of this name is not.';
    const before = 'Another one of this name comes before it.';
    for (const [contents, left] of [
      [[foreign, own], [`0: ${reason}`]],
      [[own, foreign], [`1: ${before}`]],
      [
        [foreign, foreign, own, foreign],
        [`1: ${before}`, `0: ${reason}`, `3: ${before}`],
      ],
      [[foreign, foreign], [`1: ${before}`]],
    ] as const) {
      const members = contents.map((content, index) => ({ name: `${index}/${bad}`, content }));
      writeFileSync(archive, tarOf(...members));
      const listing = await openArchive(archive);
      if (!listing.ok) throw new Error(listing.problem);
      expect(listing.value.leftOut.map((one) => `${path.dirname(one.path)}: ${one.reason}`)).toEqual(left);
      expect(listing.value.programs).toMatchObject([{ runsHere: contents.includes(own) }]);
      await unpackAndCompare(listing.value);
    }
  });

  test('one whose header is not understood', async () => {
    const warned: readonly TarMember[] = [paxHeader('mtime', '-5'), { name: bad, content: arm }];
    writeFileSync(archive, tarOf(...warned, good));
    expect(await meet()).toEqual({ problem: null, programs: ['qemu-aarch64-static'], leftOut: [] });
  });
});

describe('a strange member that is a program all the same is unpacked to its own place only', () => {
  test.each<[string, readonly TarMember[]]>([
    [
      'behind a link that leads outside',
      [
        { name: 'bin', type: '2', linkName: directory },
        { name: 'bin/qemu-arm-static', content: arm },
      ],
    ],
    [
      'in a directory with control characters',
      [{ name: 'bin\n\x1b[31m\r\t\x07/qemu-arm-static', content: arm }],
    ],
    ['in a directory that is a command', [{ name: '$(reboot)`reboot`/qemu-arm-static', content: arm }]],
    [
      'in a directory that is not UTF-8',
      [{ name: Buffer.from('\xff\xfe/qemu-arm-static', 'latin1'), content: arm }],
    ],
    [
      'in a directory of 4000 letters',
      [paxHeader('path', `${'x'.repeat(4000)}/qemu-arm-static`), { name: 'x', content: arm }],
    ],
    ['without a bit that makes it executable', [{ name: 'qemu-arm-static', content: arm, mode: 0o644 }]],
    ['set-uid, sticky and writable by all', [{ name: 'qemu-arm-static', content: arm, mode: 0o7777 }]],
    ['of a type that nobody knows', [{ name: 'qemu-arm-static', content: arm, type: 'Z' }]],
    [
      'behind one that is no program',
      [
        { name: 'qemu-arm-static', content: Buffer.from('no') },
        { name: 'qemu-arm-static', content: arm },
      ],
    ],
  ])('%s', async (_what, members) => {
    writeFileSync(archive, tarOf(...members));
    expect(await meet()).toMatchObject({ problem: null, programs: ['qemu-arm-static'] });
  });
});

describe('when a program was last changed', () => {
  test.each<[string, readonly TarMember[], number]>([
    ['is told to the second', [paxHeader('mtime', '1600000000.75')], 1_600_000_000],
    ['is not known where it is later than a tar archive can tell', [paxHeader('mtime', '9000000000')], 0],
  ])('%s', async (_what, headers, mtime) => {
    writeFileSync(archive, tarOf(...headers, { name: 'qemu-arm-static', content: arm }, good));
    expect(await openArchive(archive)).toMatchObject({
      ok: true,
      value: { programs: [{ mtime }, { fileName: 'qemu-aarch64-static', mtime: 0 }] },
    });
  });

  test('is not known in a folder where it is before 1970', async () => {
    const folder = path.join(directory, 'folder');
    mkdirSync(folder);
    for (const [name, seconds] of [
      ['qemu-arm', -5] as const,
      ['qemu-arm-static', 1_600_000_000.75] as const,
    ]) {
      writeFileSync(path.join(folder, name), arm);
      execFileSync('touch', ['--date', `@${seconds}`, path.join(folder, name)]);
    }
    const listing = await openArchive(folder);
    const times = listing.ok ? listing.value.programs.map((one) => [one.fileName, one.mtime]) : [];
    expect(Object.fromEntries(times)).toEqual({ 'qemu-arm': 0, 'qemu-arm-static': 1_600_000_000 });
  });
});

describe('an archive that is wrong as a whole is refused with a sentence', () => {
  const notAnArchive = /is not a \.deb, an \.rpm or a tar archive/;
  const damaged = /^archive is damaged or cut off/;
  const nothing = /^There is no QEMU user-mode emulator .* in archive\.$/;
  const bomb = /would unpack to far more than any package/;
  const zeros = (mebibytes: number): Buffer => Buffer.alloc(mebibytes * 2 ** 20);
  const tar = tarOf(good);

  test.each<[string, () => Uint8Array, RegExp]>([
    ['an empty file', () => Buffer.alloc(0), notAnArchive],
    ['a text', () => Buffer.from('Package: qemu-user-static\n'.repeat(100)), notAnArchive],
    ['a program', () => arm, notAnArchive],
    ['a .zip', () => Buffer.from('PK\x03\x04'.padEnd(1000, '\0'), 'latin1'), notAnArchive],
    ['another ar archive', () => arOf({ name: 'x.o', content: arm }), notAnArchive],
    [
      'noise',
      () => Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251)),
      notAnArchive,
    ],
    ['zeros', () => Buffer.alloc(10240), notAnArchive],
    ['a .deb’s magic and nothing else', () => Buffer.from('!<arch>\ndebian-binary'), damaged],
    [
      'an .rpm’s magic and nothing else',
      () => Buffer.from('\xed\xab\xee\xdb', 'latin1'),
      /^archive is damaged|no QEMU/,
    ],
    [
      'an .rpm’s magic and noise',
      () => Buffer.from('\xed\xab\xee\xdb'.padEnd(9000, 'xyz'), 'latin1'),
      /^archive is damaged|no QEMU/,
    ],
    ['gzip’s magic and nothing else', () => Buffer.from([0x1f, 0x8b]), /^archive is damaged|no QEMU/],
    ['xz’s magic and nothing else', () => Buffer.from('\xfd7zXZ\0', 'latin1'), damaged],
    [
      'zstd’s magic and nothing else',
      () => Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
      /^archive is damaged|no QEMU/,
    ],
    ['a text in gzip', () => gzipSync('qemu-arm-static'), damaged],
    ['an empty tar', () => tarOf(), notAnArchive],
    ['a tar of nothing that matters', () => tarOf({ name: 'README' }), nothing],
    ['a tar in a tar', () => tarOf({ name: 'qemu.tar', content: tar }), nothing],
    ['a .deb in a tar', () => tarOf({ name: 'qemu-user-static.deb', content: debOf(tar) }), nothing],
    ['names with a line break inside', () => tarOf({ name: 'qemu-arm-static\n', content: arm }), nothing],
    [
      'a name of 4096 letters',
      () => tarOf(paxHeader('path', `qemu-${'x'.repeat(4091)}`), { name: 'x', content: arm }),
      nothing,
    ],
    [
      'a path longer than any',
      () => tarOf(paxHeader('path', `${'x/'.repeat(5000)}qemu-arm-static`), { name: 'x', content: arm }),
      nothing,
    ],
    [
      'only links',
      () => tarOf({ name: 'qemu-arm-static', type: '2', linkName: 'qemu-arm' }),
      /only as links to programs of another package/,
    ],
    [
      'a .deb without data',
      () => arOf({ name: 'debian-binary', content: Buffer.from('2.0\n') }),
      /\.deb without data\.tar/,
    ],
    ['a .deb whose data is no tar', () => debOf(Buffer.from('no tar'.repeat(200))), damaged],
    ['a .deb whose data is cut off', () => debOf(gzipSync(tar).subarray(0, 100), 'data.tar.gz'), damaged],
    ['a .deb that ends in its data', () => debOf(tar).subarray(0, 1200), damaged],
    ['a .deb in a .deb', () => debOf(debOf(tar)), nothing],
    [
      'a .deb with a negative size',
      () =>
        arOf(
          { name: 'debian-binary', content: Buffer.from('2.0\n') },
          { name: 'data.tar', content: tar, sizeField: '-1' },
        ),
      nothing,
    ],
    [
      'a .deb with a size beyond all measure',
      () =>
        arOf(
          { name: 'debian-binary', content: Buffer.from('2.0\n') },
          { name: 'data.tar', content: tar, sizeField: '9999999999' },
        ),
      damaged,
    ],
    ['a wrong checksum', () => tarOf({ ...good, breakChecksum: true }), damaged],
    ['a negative size', () => tarOf({ ...good, sizeField: Buffer.alloc(12, 0xff) }), damaged],
    ['a size that is no number', () => tarOf({ ...good, sizeField: 'not a number' }), /damaged|no QEMU/],
    ['a size of 8 GB', () => tarOf({ ...good, sizeField: '77777777777\0' }), damaged],
    [
      'a size of 2^62',
      () => tarOf({ ...good, sizeField: Buffer.from('800000004000000000000000', 'hex') }),
      damaged,
    ],
    ['a pax size beyond all measure', () => tarOf(paxHeader('size', '9223372036854775807'), good), damaged],
    ['a bomb in gzip', () => gzipSync(tarOf(good, { name: 'zeros', content: zeros(100) })), bomb],
    ['a bomb in xz', () => filter('xz', tarOf(good, { name: 'zeros', content: zeros(100) }), '-0'), bomb],
    ['a bomb in zstd', () => filter('zstd', tarOf(good, { name: 'zeros', content: zeros(100) }), '-1'), bomb],
    [
      'a bomb in a .deb',
      () => debOf(gzipSync(tarOf({ name: 'zeros', content: zeros(100) })), 'data.tar.gz'),
      bomb,
    ],
    [
      'a bomb that is called as an emulator',
      () => gzipSync(tarOf({ name: 'qemu-arm', content: zeros(100) })),
      bomb,
    ],
    [
      'a bomb in a bomb',
      () =>
        filter(
          'zstd',
          Buffer.concat([
            filter('zstd', tarOf({ name: 'zeros', sizeField: '77777777777\0' }).subarray(0, 512)),
            zstdOfZeros(8192),
          ]),
        ),
      bomb,
    ],
    [
      '21,000 members',
      () => gzipSync(tarOf(...Array.from({ length: 21_000 }, (_, index) => ({ name: `f${index}` })))),
      bomb,
    ],
    [
      '600 links',
      () =>
        tarOf(
          ...Array.from({ length: 600 }, (_, index) => ({
            name: `${index}/qemu-arm`,
            type: '2',
            linkName: 'x',
          })),
        ),
      /holds more than 500 things that are called as emulators and are none/,
    ],
    [
      'a dictionary of 768 MiB',
      () => withXzDictionary(filter('xz', tar), 35),
      /would take more than 512 MB of memory/,
    ],
    ['a dictionary of 4 GiB', () => withXzDictionary(filter('xz', tar), 40), damaged],
  ])('%s', async (_what, content, problem) => {
    writeFileSync(archive, content());
    expect((await meet()).problem).toMatch(problem);
  });

  test('a sparse file that is a terabyte long', async () => {
    execFileSync('sh', ['-c', 'truncate --size=1T qemu-arm-static; printf x >> qemu-arm-static'], {
      cwd: directory,
    });
    execFileSync('tar', ['--create', '--sparse', '--file', archive, '-C', directory, 'qemu-arm-static']);
    rmSync(path.join(directory, 'qemu-arm-static'));
    expect((await meet()).problem).toMatch(bomb);
  });

  test('a program larger than any', async () => {
    writeFileSync(archive, tarOf({ name: 'qemu-arm', content: zeros(3) }, good));
    expect(await meet({ ...archiveLimits, programBytes: 2 * 2 ** 20 })).toEqual({
      problem: null,
      programs: ['qemu-aarch64-static'],
      leftOut: ['qemu-arm: It is larger than 200 MB, which no emulator is.'],
    });
  });

  test('a file that leads round in circles', async () => {
    // What cpio holds behind a member is passed over until the next one begins: here for a terabyte.
    const inner = Buffer.concat([filter('zstd', cpioMember('x', arm)), zstdOfZeros(1024 * 1024)]);
    writeFileSync(archive, filter('zstd', inner));
    expect((await meet({ ...archiveLimits, silenceMs: 500 })).problem).toMatch(/kept the program busy/);
  });
});

describe('a file that is cut off anywhere is refused, or is whole in all that matters', () => {
  const tar = tarOf(
    good,
    { name: 'doc', content: Buffer.alloc(3000, 'text') },
    { name: 'qemu-arm-static', content: arm },
  );
  test.each<[string, Uint8Array]>([
    ['tar', tar],
    ['tar.gz', gzipSync(tar)],
    ['tar.xz', filter('xz', tar)],
    ['tar.zst', filter('zstd', tar)],
    ['tar.bz2', filter('bzip2', tar)],
    ['deb', debOf(filter('xz', tar), 'data.tar.xz')],
    ['deb of zstd', debOf(filter('zstd', tar), 'data.tar.zst')],
  ])('%s', async (_format, whole) => {
    const programs = ['qemu-aarch64-static', 'qemu-arm-static'];
    writeFileSync(archive, whole);
    expect(await meet()).toMatchObject({ problem: null, programs });

    const step = Math.max(1, Math.floor(whole.length / 25));
    let refused = 0;
    for (let length = 0; length < whole.length; length += step) {
      writeFileSync(archive, whole.subarray(0, length));
      const met = await meet();
      if (met.problem === null) expect(met.programs, `${length} bytes`).toEqual(programs);
      else refused += 1;
    }
    expect(refused).toBeGreaterThan(20);
  });
});

describe('what is chosen instead of an archive', () => {
  test('a named pipe, a device, nothing', async () => {
    execFileSync('mkfifo', [archive]);
    expect(await openArchive(archive)).toEqual({
      ok: false,
      problem: 'archive is neither a file nor a folder.',
    });
    expect(await openArchive('/dev/zero')).toEqual({
      ok: false,
      problem: 'zero is neither a file nor a folder.',
    });
    expect(await openArchive('/none')).toEqual({
      ok: false,
      problem: 'none is not there any more. Choose it again.',
    });
  });

  test('a folder with links, pipes and a way in circles', async () => {
    mkdirSync(`${archive}/bin`, { recursive: true });
    symlinkSync('..', `${archive}/bin/round`);
    symlinkSync('/etc/passwd', `${archive}/bin/qemu-ppc`);
    execFileSync('mkfifo', [`${archive}/bin/qemu-mips`]);
    writeFileSync(`${archive}/bin/qemu-arm`, arm, { mode: 0o755 });
    writeFileSync(`${archive}/bin/qemu-s390x`, 'text', { mode: 0o644 });
    expect(await meet()).toEqual({
      problem: null,
      programs: ['qemu-arm'],
      leftOut: expect.arrayContaining([
        'qemu-ppc: It is a link, and only files themselves are taken.',
        'qemu-mips: It is a device or a pipe and no file.',
      ]),
    });
  });

  test('a folder with too much in it', async () => {
    mkdirSync(archive);
    for (let index = 0; index < 12; index++) writeFileSync(`${archive}/${index}`, '');
    expect((await meet({ ...archiveLimits, members: 10 })).problem).toMatch(/holds more than 10 files/);
  });
});

describe('unpacking', () => {
  const open = async (): Promise<ArchiveListing> => {
    const listing = await openArchive(archive);
    if (!listing.ok) throw new Error(listing.problem);
    return listing.value;
  };

  test('refuses an archive that was exchanged since it was listed', async () => {
    writeFileSync(archive, tarOf(good));
    const listing = await open();
    writeFileSync(archive, tarOf({ ...good, content: minimalEmulator('aarch64', '6.6.6') }));
    const before = everything();
    expect(await extractInterpreters(listing, ['qemu-aarch64-static'])).toEqual({
      ok: false,
      problem: 'archive has changed since it was opened. Open it again.',
    });
    expect(everything()).toEqual(before);
  });

  test('leaves nothing when one of several cannot be had', async () => {
    writeFileSync(archive, tarOf(good, { name: 'qemu-arm', content: arm }));
    const listing = await open();
    writeFileSync(archive, tarOf(good));
    const before = everything();
    expect(await extractInterpreters(listing, ['qemu-aarch64-static', 'qemu-arm'])).toMatchObject({
      ok: false,
    });
    expect(everything()).toEqual(before);
  });

  test('knows only what was listed', async () => {
    writeFileSync(archive, tarOf(good));
    expect(await extractInterpreters(await open(), ['../../etc/passwd'])).toEqual({
      ok: false,
      problem: 'There is no ../../etc/passwd in archive.',
    });
  });

  test('says when there is no room', async () => {
    writeFileSync(archive, tarOf(good));
    const problem = await extractInterpreters(await open(), ['qemu-aarch64-static'], { parent: '/proc' });
    expect(problem).toMatchObject({ ok: false, problem: expect.stringMatching(/could not be unpacked/) });
  });

  test('ends at once when it is cancelled, and leaves nothing', async () => {
    writeFileSync(archive, tarOf(good, { name: 'zeros', content: Buffer.alloc(300 * 2 ** 20) }));
    const before = everything();
    const controller = new AbortController();
    const opening = openArchive(archive, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(await opening).toEqual({ ok: false, problem: 'Nothing was done: it was cancelled.' });
    expect(everything()).toEqual(before);
    expect(await openArchive(archive, { signal: AbortSignal.abort() })).toMatchObject({ ok: false });
  });

  test('tells how far it is', async () => {
    writeFileSync(archive, tarOf(good, { name: 'zeros', content: Buffer.alloc(40 * 2 ** 20) }));
    const fractions: number[] = [];
    await openArchive(archive, { onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.length).toBeGreaterThan(5);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeGreaterThan(0.9);
  });
});
