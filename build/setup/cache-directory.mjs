import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { env, umask } from 'node:process';

const oneDay = 24 * 60 * 60 * 1000;

/**
 * A path in this program's part of the user's cache directory.
 *
 * @param {string} name
 * @returns {string}
 */
export function cachePath(name) {
  const configured = env.XDG_CACHE_HOME ?? '';
  // The XDG specification has relative paths ignored.
  const cache = isAbsolute(configured) ? configured : join(homedir(), '.cache');
  return join(cache, 'qemu-binfmt-manager', name);
}

/**
 * Makes a directory that is either complete or absent: filled beside its place, then renamed into it.
 * Whatever the user's umask, other users may read it: tests run programs from it as one.
 *
 * @param {string} target
 * @param {(directory: string) => Promise<void>} fill
 */
export async function makeDirectoryOnce(target, fill) {
  if (existsSync(target)) return;
  const before = umask(0o022);
  await mkdir(dirname(target), { recursive: true });
  await removeAbandoned(target);
  const partial = await mkdtemp(`${target}.partial-`);
  try {
    await fill(partial);
    await chmod(partial, 0o755); // mkdtemp closes it to other users
    await rename(partial, target);
  } catch (error) {
    // Another start may have finished the same work first; its result is as good.
    if (!existsSync(target)) throw error;
  } finally {
    umask(before);
    await rm(partial, { recursive: true, force: true });
  }
}

/**
 * Removes what interrupted starts left behind; a day old, so that no running one loses its own.
 *
 * @param {string} target
 */
async function removeAbandoned(target) {
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(`${basename(target)}.partial-`)) continue;
    const partial = join(dirname(target), name);
    if (Date.now() - (await stat(partial)).mtimeMs > oneDay)
      await rm(partial, { recursive: true, force: true });
  }
}
