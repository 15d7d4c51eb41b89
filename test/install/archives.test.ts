import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { targetNamed } from '../../electron/binfmt/targets.ts';
import { extractInterpreters } from '../../electron/install/archive/extract-interpreters.ts';
import { type ArchiveListing, openArchive } from '../../electron/install/archive/open-archive.ts';
import { debianPackage, makeTree, rpmOf, unpackedDirectory } from '../support/archives-real.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 });

const { directory, remove } = temporaryDirectory();
afterAll(remove);
const temporary = path.join(directory, 'tmp');
const tree = path.join(directory, 'tree');
const few = ['qemu-aarch64-static', 'qemu-s390x-static'];

beforeAll(() => {
  mkdirSync(temporary);
  process.env.TMPDIR = temporary;
  makeTree(tree, few);
});

const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const emulators = path.join(unpackedDirectory, 'usr/bin');

async function listingOf(archive: string, onProgress?: () => void): Promise<ArchiveListing> {
  const listing = await openArchive(archive, { onProgress });
  if (!listing.ok) throw new Error(listing.problem);
  expect(readdirSync(temporary)).toEqual([]);
  return listing.value;
}

/** Compares what was listed with what dpkg has unpacked, and unpacks it, too. */
async function expectPrograms(listing: ArchiveListing, names: readonly string[]): Promise<void> {
  expect(listing.programs.map(({ fileName }) => fileName).sort()).toEqual([...names].sort());
  for (const { fileName, size, mtime, sha256, qemuVersion, target } of listing.programs) {
    const original = path.join(emulators, fileName);
    const stats = statSync(original);
    expect({ size, mtime, sha256 }, fileName).toEqual({
      size: stats.size,
      mtime: Math.floor(stats.mtimeMs / 1000),
      sha256: digestOf(original),
    });
    expect(execFileSync(original, ['--version'], { encoding: 'utf8' })).toContain(
      `qemu-${target} version ${qemuVersion} `,
    );
  }
  const chosen = [...names].sort().slice(0, 3);
  const extraction = await extractInterpreters(listing, chosen);
  if (!extraction.ok) throw new Error(extraction.problem);
  for (const { file, fileName } of extraction.value.programs) {
    expect(digestOf(file)).toBe(digestOf(path.join(emulators, fileName)));
  }
  expect(readdirSync(extraction.value.directory).sort()).toEqual(chosen);
  await extraction.value.remove();
  expect(readdirSync(temporary)).toEqual([]);
}

describe('Debian’s own package', () => {
  test('lists every emulator in it, in seconds and without taking it into memory', async () => {
    const all = readdirSync(emulators).filter((name) => /^qemu-.+-static$/.test(name));
    const known = all.filter(
      (name) => targetNamed(name.slice('qemu-'.length, -'-static'.length)) !== undefined,
    );
    expect(known.length).toBeGreaterThan(30);
    const before = process.memoryUsage().rss;
    let highest = before;
    const started = performance.now();
    const listing = await listingOf(debianPackage(), () => {
      highest = Math.max(highest, process.memoryUsage().rss);
    });
    const seconds = (performance.now() - started) / 1000;
    expect(seconds).toBeLessThan(30);
    expect(highest - before).toBeLessThan(150 * 2 ** 20);

    await expectPrograms(listing, known);
    expect(listing.format).toBe('deb');
    expect(listing.programs.every(({ linkage, runsHere }) => linkage === 'static' && runsHere)).toBe(true);
    const left = all.filter((name) => !known.includes(name)); // For targets that QEMU has given up since.
    expect(listing.leftOut.map((one) => path.basename(one.path)).sort()).toEqual(left.sort());
  });
});

describe('the same programs in another wrapping are the same', () => {
  test.each([
    ['tar', []],
    ['tar.gz', ['--gzip']],
    ['tar.xz', ['--use-compress-program=xz -1']],
    ['tar.zst', ['--zstd']],
    ['tar.bz2', ['--bzip2']],
  ])('%s', async (extension, options) => {
    const archive = path.join(directory, `qemu.${extension}`);
    execFileSync('tar', ['--create', ...options, '--file', archive, '-C', tree, '.']);
    await expectPrograms(await listingOf(archive), few);
    rmSync(archive);
  });

  test.each(['pax', 'gnu', 'ustar', 'oldgnu'])('tar in the format %s', async (format) => {
    const archive = path.join(directory, 'qemu.tar');
    execFileSync('tar', ['--create', `--format=${format}`, '--file', archive, '-C', tree, 'usr']);
    await expectPrograms(await listingOf(archive), few);
    rmSync(archive);
  });

  test.each(['w3.zstdio', 'w1.gzdio', 'w0.xzdio', 'w1.bzdio'])('rpm with the payload %s', async (payload) => {
    const work = path.join(directory, 'rpm');
    const listing = await listingOf(rpmOf(tree, work, payload));
    expect(listing.format).toBe('rpm');
    await expectPrograms(listing, few);
    rmSync(work, { recursive: true });
  });

  test.each(['xz', 'gzip', 'zstd', 'none'])('deb compressed with %s', async (compression) => {
    const root = path.join(directory, 'deb');
    const archive = path.join(directory, 'qemu.deb');
    execFileSync('cp', ['--archive', tree, root]);
    mkdirSync(path.join(root, 'DEBIAN'));
    writeFileSync(
      path.join(root, 'DEBIAN/control'),
      'Package: qemu-user\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n',
    );
    execFileSync('dpkg-deb', ['--build', '--root-owner-group', `-Z${compression}`, '-z1', root, archive]);
    await expectPrograms(await listingOf(archive), few);
    rmSync(root, { recursive: true });
    rmSync(archive);
  });

  test('a folder', async () => {
    const listing = await listingOf(tree);
    expect(listing).toMatchObject({ format: 'folder', leftOut: [] });
    await expectPrograms(listing, few);
  });

  test('a folder with links beside them, as packages have them', async () => {
    const links = path.join(directory, 'links');
    execFileSync('cp', ['--archive', tree, links]);
    symlinkSync('qemu-s390x-static', path.join(links, 'usr/bin/qemu-s390x'));
    const listing = await listingOf(links);
    expect(listing.leftOut).toEqual([
      { path: 'usr/bin/qemu-s390x', reason: 'It is a link, and only files themselves are taken.' },
    ]);
    await expectPrograms(listing, few);
  });
});

describe('an .rpm that is cut off anywhere', () => {
  test('is refused', async () => {
    const small = path.join(directory, 'small');
    makeTree(small, []);
    mkdirSync(path.join(small, 'usr/bin'), { recursive: true });
    execFileSync('cp', [path.join(emulators, 'qemu-aarch64-static'), path.join(small, 'usr/bin')]);
    const work = path.join(directory, 'rpm');
    const whole = readFileSync(rpmOf(small, work, 'w1.gzdio'));
    const archive = path.join(directory, 'cut.rpm');
    for (let part = 0; part < 20; part++) {
      writeFileSync(archive, whole.subarray(0, Math.floor((whole.length * part) / 20)));
      expect(await openArchive(archive), `${part} of 20`).toMatchObject({ ok: false });
      expect(readdirSync(temporary)).toEqual([]);
    }
  });
});
