import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dist } from '../../../build/dist/dist.mjs';
import { packageOfFormat } from '../../support/packages.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const formats = ['deb', 'rpm', 'tar.gz'] as const;
let elsewhere = '';

beforeEach(() => {
  elsewhere = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-again-'));
  writeFileSync(path.join(elsewhere, 'an-older.deb'), '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(elsewhere, { recursive: true, force: true });
});

it('the same source makes the same bytes, in another directory, at another time and for another user', async () => {
  // Nobody listens there, and nothing has been downloaded before.
  vi.stubEnv('ELECTRON_BUILDER_BINARIES_MIRROR', 'http://127.0.0.1:1/');
  vi.stubEnv('ELECTRON_BUILDER_CACHE', path.join(elsewhere, 'work', 'cache'));
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const before = process.umask(0o077);
  const again = await dist(repository, [...formats, 'AppImage'], elsewhere);
  expect(process.umask(before)).toBe(0o077);

  expect(again.map(digest)).toEqual(formats.map((format) => digest(packageOfFormat(format))));
  expect(readdirSync(elsewhere).sort()).toEqual(again.map((file) => path.basename(file)).sort());
  // What is not made here is said, in a sentence each.
  const lines = said.mock.calls.map(([text]) => String(text));
  expect(lines.filter((line) => line.startsWith('No '))).toEqual([
    expect.stringMatching(/^No AppImage is made here\. What starts one could not be downloaded: [^\n]+\.\n$/),
  ]);
  expect(lines.at(-1)).toMatch(/packages for (arm64|x64) are made on a machine of that kind\.\n$/);
}, 300_000);

it('what cannot be built leaves the packages that are there', async () => {
  vi.stubEnv('SOURCE_DATE_EPOCH', 'yesterday');
  await expect(dist(repository, formats, elsewhere)).rejects.toThrow('SOURCE_DATE_EPOCH is “yesterday”');
  expect(readdirSync(elsewhere)).toEqual(['an-older.deb']);
});

const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
