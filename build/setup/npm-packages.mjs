import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes sure that node_modules holds exactly what the lock file says.
 * The stamp is a copy of the lock file inside node_modules: it goes when they go, and comparing is instant.
 *
 * @param {string} root
 */
export async function ensurePackages(root) {
  const stamp = join(root, 'node_modules', '.installed-package-lock.json');
  const lock = readFileSync(join(root, 'package-lock.json'));
  if (statSync(stamp, { throwIfNoEntry: false })?.size === lock.length && readFileSync(stamp).equals(lock))
    return;

  const { installPackages, packagesAreInstalled } = await import('./install-packages.mjs');
  if (!packagesAreInstalled(root)) await installPackages(root);
  writeFileSync(stamp, lock);
}
