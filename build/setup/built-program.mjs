import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the built program is made from. */
const sources = [
  'electron',
  'renderer',
  'build/electron.vite.config.ts',
  'build/terminal-files.ts',
  'build/compressed-wasm.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];

/**
 * Makes sure that out/ holds the program built from the sources as they are now.
 * The stamp lists each source's path, size and time, so that a removed or an older file counts as a change too.
 *
 * @param {string} root
 */
export async function ensureBuilt(root) {
  const stamp = join(root, 'out', '.built-from');
  const now = sources.flatMap((source) => list(root, source)).join('\n');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;

  const { build } = await import('./build.mjs');
  await build(root);
  writeFileSync(stamp, now);
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function list(root, path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return [`${path} ${found.size} ${found.mtimeMs}`];
  return readdirSync(join(root, path)).flatMap((name) => list(root, `${path}/${name}`));
}
