import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachePath, makeDirectoryOnce } from '../cache-directory.mjs';
import { NotPossibleHere } from '../problem.mjs';
import { run } from '../programs.mjs';
import { say } from '../progress.mjs';

/**
 * Makes sure that there is a root directory of this machine's distribution in which nothing is installed but what
 * every system has and what a package depends on.
 *
 * @param {string} deb
 * @returns {Promise<string>} its path; it is shared, and must not be written to
 */
export async function ensureCleanRoot(deb) {
  const suite = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  if (suite === undefined || !existsSync('/etc/debian_version')) {
    throw new NotPossibleHere('The .deb is tried on Debian, Ubuntu and their relatives alone.');
  }
  const depends = await command(['dpkg-deb', '--field', deb, 'Depends']);
  const hash = createHash('sha256').update(depends).digest('hex').slice(0, 12);
  const directory = cachePath(`clean-root-${suite}-${hash}`);
  await makeDirectoryOnce(directory, async (partial) => {
    say(`Making a clean ${suite} with what the package depends on, once: this takes minutes.`);
    await fill(join(partial, 'root'), suite, depends.trim());
  });
  return join(directory, 'root');
}

/**
 * @param {string} root
 * @param {string} suite
 * @param {string} depends
 */
async function fill(root, suite, depends) {
  await command(['debootstrap', '--variant=minbase', suite, root]);
  // Nothing that is installed may start.
  const policy = join(root, 'usr/sbin/policy-rc.d');
  await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const install = `
    mount --rbind /dev "$0/dev"
    mount -t proc proc "$0/proc"
    exec chroot "$0" env DEBIAN_FRONTEND=noninteractive apt-get -o APT::Sandbox::User=root \\
      satisfy --yes --no-install-recommends "$1"`;
  await command(['unshare', '--mount', '--propagation', 'private', 'sh', '-euc', install, root, depends]);
  await rm(policy);
  await command(['chroot', root, 'apt-get', 'clean']);
}

/**
 * @param {readonly string[]} words
 * @returns {Promise<string>} what it said
 */
async function command(words) {
  const { code, stdout, stderr } = await run(words);
  if (code === 0) return stdout;
  const last = stderr.trim().split('\n').slice(-5).join('\n');
  throw new NotPossibleHere(`A clean system could not be made: ${words[0]} failed.\n${last}`);
}
