import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { aptGet } from './apt.mjs';
import { NotPossibleHere } from './problem.mjs';
import { findProgram, run } from './programs.mjs';

/**
 * Downloads Debian packages without installing them: that could change which programs this machine hands to QEMU.
 * The package lists are the download's own, so it needs no root and leaves the machine's alone.
 *
 * @typedef {object} PackageSource
 * @property {readonly string[]} options apt's, for looking at these lists
 * @property {(packages: readonly string[]) => Promise<void>} download puts the packages' files into the directory
 * @property {(packageName: string, into: string) => Promise<void>} unpack unpacks one that was downloaded
 */

/**
 * @param {string} what they are, for messages: `QEMU for the tests`
 * @param {string} directory
 * @param {readonly string[]} moreOptions apt's
 * @returns {Promise<PackageSource>}
 */
export async function openPackageSource(what, directory, moreOptions = []) {
  if (!findProgram('apt-get') || !findProgram('dpkg')) {
    throw new NotPossibleHere(`${what} would come from Debian packages, and there is no apt-get here.`);
  }
  await mkdir(join(directory, 'lists', 'partial'), { recursive: true });
  const options = [
    ...[
      '-o',
      `Dir::State::Lists=${join(directory, 'lists')}`,
      '-o',
      `Dir::Cache=${join(directory, 'cache')}`,
    ],
    ...['-o', 'APT::Sandbox::User=root'],
    ...moreOptions,
  ];
  /** @type {(title: string, args: readonly string[]) => Promise<void>} */
  const apt = async (title, args) => {
    const error = await aptGet(title, [...args], directory);
    if (error) throw new NotPossibleHere(`${what} could not be fetched with apt-get: ${error}`);
  };
  await apt(`Fetching package lists for ${what}`, ['update', ...options]);
  return {
    options,
    download: (packages) => apt(`Downloading ${what}`, ['download', ...options, ...packages]),
    unpack: async (packageName, into) => {
      const file = (await readdir(directory)).find((name) => isFileOf(packageName, name)) ?? packageName;
      await mkdir(into, { recursive: true });
      const { code, stderr } = await run(['dpkg', '-x', join(directory, file), into]);
      if (code !== 0) throw new NotPossibleHere(`${file} could not be unpacked with dpkg: ${stderr.trim()}`);
    },
  };
}

/** @type {(packageName: string, file: string) => boolean} The version follows the name. */
const isFileOf = (packageName, file) => file.startsWith(`${packageName}_`) && file.endsWith('.deb');
