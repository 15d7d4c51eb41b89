import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arch, platform } from 'node:process';
import { Problem } from './problem.mjs';
import { npmCommand, run } from './programs.mjs';
import { withProgress } from './progress.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string[], cpu?: string[],
 *   libc?: string[] }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages by path: `node_modules/a/node_modules/b`
 */

/**
 * Installs the lock file's packages, replacing whatever node_modules holds.
 *
 * @param {string} root
 */
export async function installPackages(root) {
  const command = [...npmCommand(), 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await withProgress('Installing npm packages', async (report) => {
    const timer = setInterval(countPackages(root, report), 250);
    const { code, stdout, stderr } = await run(command, { cwd: root }).finally(() => clearInterval(timer));
    if (code === 0) return;
    throw new Problem(
      `${stderr.trim() || stdout.trim()}\n\n` +
        'The npm packages could not be installed; npm says why above. Mend that and start again.',
    );
  });
}

/**
 * Whether npm's own record of what it installed is what the lock file asks for: so after a person's own
 * `npm ci` or `npm install` nothing is installed a second time.
 *
 * @param {string} root
 * @returns {boolean}
 */
export function packagesAreInstalled(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readPackages(record);
  const wanted = readPackages(join(root, 'package-lock.json'));
  return (
    Object.keys(installed).every((path) => path in wanted) &&
    Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
      const found = installed[path];
      return found ? found.version === version && found.integrity === integrity : optional === true;
    })
  );
}

/**
 * npm reports no progress, but a package's package.json appears when the package is unpacked.
 *
 * @param {string} root
 * @param {(fraction: number) => void} report
 * @returns {() => void}
 */
function countPackages(root, report) {
  const packages = Object.entries(readPackages(join(root, 'package-lock.json')));
  const all = packages.filter(([, locked]) => isForThisMachine(locked)).map(([path]) => path);
  let missing = all;
  return () => {
    missing = missing.filter((path) => !existsSync(join(root, path, 'package.json')));
    report(1 - missing.length / all.length);
  };
}

/** @param {LockedPackage} locked */
function isForThisMachine({ os, cpu, libc }) {
  return (!os || os.includes(platform)) && (!cpu || cpu.includes(arch)) && (!libc || libc.includes('glibc'));
}

/**
 * @param {string} lockFile
 * @returns {LockedPackages}
 */
function readPackages(lockFile) {
  /** @type {{ packages: LockedPackages }} */
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'));
  const { '': _project, ...others } = packages;
  return others;
}
