import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { madeFrom } from '../../../build/dist/ensure-made.mjs';
import { outputOf } from '../../support/packages.ts';

const repository = path.resolve(import.meta.dirname, '../../..');

afterEach(() => void vi.unstubAllEnvs());

it('packages are made anew when what makes one of them has come', async () => {
  const now = await madeFrom(repository);
  expect(await madeFrom(repository)).toBe(now);
  const programs = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-test-'));
  try {
    for (const name of ['git', 'dpkg-deb'])
      symlinkSync(outputOf('which', name).trim(), path.join(programs, name));
    vi.stubEnv('PATH', programs);
    expect(await madeFrom(repository)).not.toBe(now);
  } finally {
    rmSync(programs, { recursive: true });
  }
});

it('nothing is measured of packages that could not be made', () => {
  const { status, stderr } = spawnSync(process.execPath, ['build/bench.mjs'], {
    cwd: repository,
    env: { ...process.env, SOURCE_DATE_EPOCH: 'yesterday' },
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stderr).toContain('SOURCE_DATE_EPOCH is “yesterday”');
  expect(stderr).toContain('The packages could not be made');
  expect(status).toBe(1);
});
