import { findProgram, run } from './programs.mjs';
import { say } from './progress.mjs';
import { installSystemPackages } from './system-packages.mjs';

/**
 * Installs the system libraries that Electron lacks, where that is possible, and otherwise says how to.
 *
 * @param {string} electron the executable
 * @returns {Promise<boolean>} whether none is missing now
 */
export async function installMissingLibraries(electron) {
  const missing = await missingLibraries(electron);
  if (missing.length === 0) return true;
  say(`Electron needs system libraries that are not installed: ${missing.join(', ')}.`);
  if (!(await installSystemPackages('libraries'))) return false;

  const stillMissing = await missingLibraries(electron);
  if (stillMissing.length === 0) return true;
  say(`Still not installed: ${stillMissing.join(', ')}. Find the packages that hold them and install those.`);
  return false;
}

/**
 * @param {string} electron
 * @returns {Promise<string[]>}
 */
async function missingLibraries(electron) {
  const ldd = findProgram('ldd');
  if (!ldd) {
    say('There is no ldd here, so it is not known whether Electron has the system libraries it needs.');
    return [];
  }
  const { stdout } = await run([ldd, electron]);
  return [...new Set([...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, library]) => library ?? ''))];
}
