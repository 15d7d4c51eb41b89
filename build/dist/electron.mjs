import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureElectron, ensureOfficialElectron } from '../setup/electron.mjs';
import { Problem } from '../setup/problem.mjs';
import { say } from '../setup/progress.mjs';
import { registryElectronDirectory, registryElectronVersion } from '../setup/registry-electron.mjs';

/**
 * The Electron to package. It is the official one; where that cannot be had, packages to try out can be made with
 * the one that the tests use.
 *
 * @param {string} root
 * @param {boolean} forRelease whether nothing but the official one will do
 * @returns {Promise<{ executable: string, directory: string, version: string }>}
 */
export async function electronToPackage(root, forRelease) {
  const executable = forRelease ? await ensureOfficialElectron(root) : await ensureElectron(root);
  const directory = dirname(executable);
  const version = versionOf(directory);
  const declared = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')).version;
  if (version === declared) return { executable, directory, version };
  const what = `These packages contain Electron ${version} in place of the official ${declared}`;
  if (forRelease) {
    throw new Problem(
      `${what}, and must not be published: unset ELECTRON_OVERRIDE_DIST_PATH, and the official one is downloaded.`,
    );
  }
  say(`${what}: they are for trying out, not for publishing.`);
  return { executable, directory, version };
}

/** @param {string} directory */
function versionOf(directory) {
  if (directory === registryElectronDirectory()) return registryElectronVersion;
  const file = join(directory, 'version');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim().replace(/^v/, '');
  throw new Problem(`${directory} holds no file “version”, as every Electron does: it cannot be packaged.`);
}
