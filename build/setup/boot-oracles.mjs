import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachePath, makeDirectoryOnce } from './cache-directory.mjs';
import { openPackageSource } from './debian-packages.mjs';
import { run } from './programs.mjs';

/** What registers formats at boot: systemd's program, Debian's own, and OpenRC's script with a shell to run it. */
const programs = ['systemd', 'binfmt-support', 'openrc', 'busybox-static'];

/** Where those programs look; the tests put their own directories there. */
const mountPoints = [
  'etc/binfmt.d',
  'run/binfmt.d',
  'usr/local/lib/binfmt.d',
  'usr/lib/binfmt.d',
  'usr/share/binfmts',
  'var/lib/binfmts',
  'usr/libexec/qemu-binfmt',
  'proc',
  'mnt',
];

/**
 * Makes sure that the tests have the programs that register formats at boot, in a root directory to run them in
 * (root/), independent of what this machine has. They come from Debian's packages but are not installed.
 *
 * @returns {Promise<string>} their directory
 */
export async function ensureBootOracles() {
  const directory = cachePath('boot-oracles');
  await makeDirectoryOnce(directory, fill);
  return directory;
}

/** @param {string} directory */
async function fill(directory) {
  const download = join(directory, 'download');
  const source = await openPackageSource('the boot services', download);
  const packages = [...programs, ...(await librariesOf(programs, source.options))];
  await source.download(packages);

  const root = join(directory, 'root');
  for (const name of packages) await source.unpack(name, root);
  await completeRoot(root);
  await rm(download, { recursive: true });
}

/**
 * The libraries that packages depend on, and theirs.
 *
 * @param {readonly string[]} packages
 * @param {readonly string[]} options
 * @returns {Promise<string[]>}
 */
async function librariesOf(packages, options) {
  /** @type {Set<string>} */
  const libraries = new Set();
  let unseen = [...packages];
  while (unseen.length > 0) {
    const { stdout } = await run(['apt-cache', 'depends', '--important', ...options, ...unseen]);
    const names = [...stdout.matchAll(/^ .*Depends: (z?lib[^\s:]+)/gm)].map(([, name = '']) => name);
    unseen = [...new Set(names)].filter((name) => !libraries.has(name));
    for (const name of unseen) libraries.add(name);
  }
  return [...libraries];
}

/**
 * Adds what packages leave to the installation: the links of a merged /usr, a shell, and places to mount over.
 *
 * @param {string} root
 */
async function completeRoot(root) {
  for (const name of ['lib', 'lib64', 'bin', 'sbin']) {
    if (!existsSync(join(root, name)) && existsSync(join(root, 'usr', name))) {
      await symlink(join('usr', name), join(root, name));
    }
  }
  for (const name of ['sh', 'sort']) await symlink('busybox', join(root, 'bin', name));
  for (const place of mountPoints) await mkdir(join(root, place), { recursive: true });
  await mkdir(join(root, 'dev'), { recursive: true });
  await writeFile(join(root, 'dev/null'), '');
}
