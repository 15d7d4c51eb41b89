import { lstat, lutimes, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Everything below a directory, sorted, as paths relative to it; directories come before what is in them.
 *
 * @param {string} directory
 * @returns {Promise<{ path: string, stats: import('node:fs').Stats }[]>}
 */
export async function listTree(directory) {
  const names = (await readdir(directory, { recursive: true })).sort();
  return await Promise.all(names.map(async (path) => ({ path, stats: await lstat(join(directory, path)) })));
}

/**
 * Gives a directory and everything in it the same time.
 *
 * @param {string} directory
 * @param {number} date in seconds since 1970
 */
export async function setDates(directory, date) {
  for (const { path } of await listTree(directory)) await lutimes(join(directory, path), date, date);
  await lutimes(directory, date, date);
}

/**
 * What it takes when installed, in bytes, as dpkg-gencontrol(1) counts: files in whole kB, all else as one.
 *
 * @param {string} directory
 * @returns {Promise<number>}
 */
export async function installedSize(directory) {
  const tree = await listTree(directory);
  const kilobytes = tree.map(({ stats }) => (stats.isFile() ? Math.ceil(stats.size / 1024) : 1));
  return kilobytes.reduce((sum, one) => sum + one, 0) * 1024;
}
