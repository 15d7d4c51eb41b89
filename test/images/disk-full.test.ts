import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildImages } from '../../electron/images/build-images.ts';
import { buildTarballs } from '../../electron/images/tarball.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { emulatorsFor, requestFor } from './support/real-emulators.ts';
import { outputOf } from './support/run.ts';

const { directory, remove } = temporaryDirectory();
const disk = path.join(directory, 'disk');
/** Its layer has about 3 MB. */
const request = { ...requestFor(emulatorsFor('aarch64')), images: ['emulators'] } as const;

beforeEach(() => mkdirSync(disk, { recursive: true }));
afterEach(() => outputOf(['umount', disk]));
afterAll(remove);

const mountDisk = (options: string): string =>
  outputOf(['mount', '-t', 'tmpfs', '-o', options, 'tmpfs', disk]);

const isFull = (problem: string): void => {
  expect(problem).toMatch(
    /^The disk that .* lies on is full\. Free some space there, or choose another place\.$/,
  );
  expect(problem).toContain(disk);
  expect(problem).not.toContain('partial');
  expect(readdirSync(disk)).toEqual([]);
};

describe('a full disk is a sentence, and nothing is left on it', () => {
  test('for tarballs', async () => {
    mountDisk('size=2m');
    const result = await buildTarballs(request, disk);
    isFull(result.ok ? '' : result.problem);
  });

  test('for the second name of a tarball', async () => {
    mountDisk('size=4m');
    const result = await buildTarballs(request, disk);
    isFull(result.ok ? '' : result.problem);
  });

  test.each(['oci-layout', 'oci-archive', 'docker-archive'] as const)(
    'for the layers of an %s',
    async (form) => {
      mountDisk('size=2m');
      const result = await buildImages(request, { form, path: path.join(disk, 'images') });
      isFull(result.ok ? '' : result.problem);
    },
  );

  test.each(['oci-archive', 'docker-archive'] as const)('for an %s whose layers did fit', async (form) => {
    mountDisk('size=5m');
    const result = await buildImages(request, { form, path: path.join(disk, 'images') });
    isFull(result.ok ? '' : result.problem);
  });

  test('that has no room for another file', async () => {
    mountDisk('size=20m,nr_inodes=4');
    const result = await buildImages(request, { form: 'oci-layout', path: path.join(disk, 'images') });
    isFull(result.ok ? '' : result.problem);
  });
});

test('a read-only place is a sentence', async () => {
  mountDisk('ro');
  for (const result of [
    await buildTarballs(request, disk),
    await buildImages(request, { form: 'oci-layout', path: path.join(disk, 'images') }),
  ]) {
    expect(!result.ok && result.problem).toMatch(/lies on a read-only file system. Choose another place.$/);
  }
});
