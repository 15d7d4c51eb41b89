import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { env } from 'node:process';
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

/**
 * Makes packages, all from the same files. What this machine cannot make is said in a sentence and
 * left out; for a release, where nothing may be missing, that is a failure.
 *
 * @param {string} root
 * @param {readonly string[]} wanted names of formats
 * @param {string} output the directory for them; what is in it goes
 * @param {{ forRelease?: boolean }} [options]
 * @returns {Promise<readonly string[]>} the packages' paths
 */
export async function dist(root, wanted, output, { forRelease = false } = {}) {
  const work = join(output, 'work');
  await rm(output, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const laid = await layOutProgram(root, output, work, forRelease);

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
  return made;
}

/**
 * @param {string} root
 * @param {string} output
 * @param {string} work
 * @param {boolean} forRelease
 * @returns {Promise<import('./formats.mjs').Laid>}
 */
async function layOutProgram(root, output, work, forRelease) {
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
  return { root, work, output, prefix, unpacked, date, product, given };
}

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
