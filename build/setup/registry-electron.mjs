import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachePath } from './cache-directory.mjs';

/** The version of Electron in the npm registry's package. */
export const registryElectronVersion = '33.2.1';

/** Where the npm registry's Electron is unpacked to. */
export function registryElectronDirectory() {
  return cachePath(`electron-${registryElectronVersion}`);
}

/**
 * The npm registry's Electron, if it was installed before.
 *
 * @returns {string | undefined} its executable's path
 */
export function findRegistryElectron() {
  const directory = registryElectronDirectory();
  const executable = join(directory, 'electron');
  if (!existsSync(executable)) return undefined;
  refreshLoader(join(directory, 'resources', 'app', 'main.mjs'));
  return executable;
}

/**
 * The cached Electron outlives a checkout, so the loader in it is brought up to date with this one's.
 *
 * @param {string} installed
 */
function refreshLoader(installed) {
  const ours = readFileSync(join(import.meta.dirname, 'load-app.mjs'));
  if (!readFileSync(installed).equals(ours)) writeFileSync(installed, ours);
}
