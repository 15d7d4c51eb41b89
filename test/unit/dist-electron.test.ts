import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { electronToPackage } from '../../build/dist/electron.mjs';

const packages = path.resolve(import.meta.dirname, '../../node_modules');
let root = '';

/** A repository without an Electron, on a machine that has the npm registry’s and cannot download the official one. */
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-test-'));
  const electron = path.join(root, 'node_modules/electron');
  mkdirSync(electron, { recursive: true });
  for (const name of ['package.json', 'checksums.json']) {
    cpSync(path.join(packages, 'electron', name), path.join(electron, name));
  }
  symlinkSync(path.join(packages, '@electron'), path.join(root, 'node_modules/@electron'));
  const cached = path.join(root, 'cache/qemu-binfmt-manager/electron-33.2.1');
  mkdirSync(path.join(cached, 'resources/app'), { recursive: true });
  for (const name of ['electron', 'resources/app/main.mjs']) writeFileSync(path.join(cached, name), '');
  vi.stubEnv('XDG_CACHE_HOME', path.join(root, 'cache'));
  vi.stubEnv('electron_config_cache', path.join(root, 'downloads'));
  // Nobody listens there.
  vi.stubEnv('ELECTRON_MIRROR', 'http://127.0.0.1:1/');
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '');
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

it('to try packages out, the Electron that is there will do', async () => {
  expect(await electronToPackage(root, false)).toMatchObject({ version: '33.2.1' });
});

it('for a release the official one is downloaded, whatever is there', async () => {
  await expect(electronToPackage(root, true)).rejects.toThrow(
    /^Electron \d+\.\d+\.\d+ could not be downloaded/,
  );
});

it('for a release no other is taken that a person names', async () => {
  const given = path.join(root, 'given');
  mkdirSync(given);
  writeFileSync(path.join(given, 'electron'), '');
  writeFileSync(path.join(given, 'version'), '1.2.3');
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', given);
  await expect(electronToPackage(root, true)).rejects.toThrow('must not be published');
});
