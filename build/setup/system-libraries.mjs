import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { cachePath } from './cache-directory.mjs';

/**
 * Makes sure that the system has the libraries Electron is linked with, or says what to install.
 * Looked at again only when Electron or the system's set of libraries (ld.so.cache) has changed.
 *
 * @param {string} electron the executable
 */
export async function ensureSystemLibraries(electron) {
  const stamp = cachePath('libraries-found');
  if (read(stamp) === state(electron)) return;

  const { installMissingLibraries } = await import('./install-libraries.mjs');
  if (!(await installMissingLibraries(electron))) return;
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state(electron));
}

/** @param {string} electron */
function state(electron) {
  return [electron, '/etc/ld.so.cache']
    .map((path) => `${path} ${statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0}`)
    .join('\n');
}

/** @param {string} file */
function read(file) {
  return statSync(file, { throwIfNoEntry: false }) ? readFileSync(file, 'utf8') : undefined;
}
