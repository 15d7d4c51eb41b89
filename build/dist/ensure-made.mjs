import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureElectron } from '../setup/electron.mjs';
import { findProgram } from '../setup/programs.mjs';
import { dist } from './dist.mjs';
import { sourceDate } from './source-date.mjs';
import { listTree } from './tree.mjs';

/** What packages are made of. */
const directories = ['electron', 'renderer', 'assets', 'build/dist'];
const files = [
  ...[
    'electron-builder.config.mjs',
    'electron.vite.config.ts',
    'compressed-wasm.ts',
    'terminal-files.ts',
  ].map((name) => `build/${name}`),
  ...['package.json', 'package-lock.json', 'CHANGELOG.md', 'LICENSE'],
];

/** The formats that tests look at: those that need no network. */
export const offlineFormats = ['deb', 'rpm', 'tar.gz'];
/** What makes them: where one has come since, a format is missing that can be made now. */
const makers = ['dpkg-deb', 'rpmbuild'];

/**
 * Makes sure that dist/ holds the packages of the sources as they are now, and work/ what they are made of.
 *
 * @param {string} root
 * @returns {Promise<string>} the directory
 */
export async function ensureMade(root) {
  const output = join(root, 'dist');
  const stamp = join(output, '.made-from');
  const now = await madeFrom(root);
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === now) return output;
  await dist(root, offlineFormats, output, { keepWork: true });
  await writeFile(stamp, now);
  return output;
}

/**
 * A package in that directory.
 *
 * @param {string} directory
 * @param {string} format
 * @returns {Promise<string | undefined>} its path; undefined where this machine could not make it
 */
export async function findPackage(directory, format) {
  const name = (await readdir(directory)).find((one) => one.endsWith(`.${format}`));
  return name === undefined ? undefined : join(directory, name);
}

/**
 * What packages made now would be made from: each source's path, size and time, so that a removed or an older file
 * counts as a change too, the Electron to package, the date that packages bear and what can make them.
 *
 * @param {string} root
 */
export async function madeFrom(root) {
  const trees = directories.map(async (directory) => {
    const tree = await listTree(join(root, directory));
    return tree.map(({ path, stats }) => line(join(directory, path), stats));
  });
  const single = files.map(async (path) => line(path, await stat(join(root, path))));
  const others = [
    `Electron ${await ensureElectron(root)}`,
    `date ${await sourceDate(root)}`,
    ...makers.map((program) => `${program} ${findProgram(program)}`),
  ];
  return [...others, ...(await Promise.all(trees)).flat(), ...(await Promise.all(single))].join('\n');
}

/**
 * @param {string} path
 * @param {import('node:fs').Stats} stats
 */
const line = (path, { size, mtimeMs }) => `${path} ${size} ${mtimeMs}`;
