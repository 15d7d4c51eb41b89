import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { arch, env, umask } from 'node:process';
import { NotPossibleHere } from '../setup/problem.mjs';
import { say } from '../setup/progress.mjs';
import { buildApp } from './app.mjs';
import { electronToPackage } from './electron.mjs';
import { formats } from './formats.mjs';
import { renderIcons } from './icons.mjs';
import { collectLicences } from './licences.mjs';
import { layOut, readElectronLicence } from './prefix.mjs';
import { readProduct } from './product.mjs';
import { sourceDate } from './source-date.mjs';
import { installedSize } from './tree.mjs';
import { makeUnpacked } from './unpacked.mjs';

/** What packages are made of, and tests look at: what stays in work/ for those who want it. */
const kept = ['app', 'icons', 'prefix'];

/**
 * Makes packages, all from the same files. What this machine cannot make is said in a sentence and
 * left out; for a release, where nothing may be missing, that is a failure.
 *
 * @param {string} root
 * @param {readonly string[]} wanted names of formats
 * @param {string} output the directory for them; what is in it goes when they are made, and not before
 * @param {{ forRelease?: boolean, keepWork?: boolean }} [options]
 * @returns {Promise<readonly string[]>} the packages' paths
 */
export async function dist(root, wanted, output, { forRelease = false, keepWork = false } = {}) {
  const work = join(output, 'work');
  // Whatever the user's: what is installed is everybody's to read, and the same for whoever builds.
  const before = umask(0o022);
  try {
    await rm(work, { recursive: true, force: true });
    const made = await makeAll(root, wanted, work, forRelease);
    await removeAllBut(['work'], output);
    for (const file of made) await rename(file, join(output, basename(file)));
    if (keepWork) await removeAllBut(kept, work);
    else await rm(work, { recursive: true });
    return made.map((file) => join(output, basename(file)));
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw error;
  } finally {
    umask(before);
  }
}

/**
 * @param {string} root
 * @param {readonly string[]} wanted
 * @param {string} work
 * @param {boolean} forRelease
 * @returns {Promise<readonly string[]>}
 */
async function makeAll(root, wanted, work, forRelease) {
  const laid = await layOutProgram(root, work, forRelease);
  const made = [];
  for (const format of wanted) {
    say(`Making the ${format}.`);
    try {
      const file = (await formats[format]?.(laid)) ?? '';
      made.push(file);
      say(`${basename(file)}: ${megabytes((await stat(file)).size)}`);
    } catch (error) {
      if (!(error instanceof NotPossibleHere) || forRelease) throw error;
      say(`No ${format} is made here. ${error.message}`);
    }
  }
  const other = arch === 'x64' ? 'arm64' : 'x64';
  say(
    `All of it is for ${arch}, as this machine is; packages for ${other} are made on a machine of that kind.`,
  );
  return made;
}

/**
 * @param {string} root
 * @param {string} work
 * @param {boolean} forRelease
 * @returns {Promise<import('./formats.mjs').Laid>}
 */
async function layOutProgram(root, work, forRelease) {
  const product = readProduct(root);
  const date = await sourceDate(root);
  const electron = await electronToPackage(root, forRelease);
  // The manual page bears the date, too.
  env.SOURCE_DATE_EPOCH = String(date);
  say('Building the program.');
  const { app, share, packages } = await buildApp(root, work);
  const icons = await renderIcons(root, work, electron.executable);
  const given = { app, icons, output: join(work, 'electron-builder'), electron, product };
  const { directory: unpacked, appBytes } = await makeUnpacked(root, given);

  const licences = await collectLicences(root, product, packages, await readElectronLicence(unpacked));
  const prefix = join(work, 'prefix');
  await layOut({ root, prefix, unpacked, icons, share, licences, date }, product);
  say(
    `Installed it takes ${megabytes(await installedSize(prefix))}, of which ${megabytes(appBytes)} are the program ` +
      `itself and the rest Electron ${electron.version}.`,
  );
  const output = join(work, 'packages');
  await mkdir(output);
  return { root, work, output, prefix, date, product, given };
}

/**
 * @param {readonly string[]} names
 * @param {string} directory
 */
async function removeAllBut(names, directory) {
  for (const name of await readdir(directory)) {
    if (!names.includes(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
}

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
