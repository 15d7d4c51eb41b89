import { existsSync } from 'node:fs';
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cachePath, makeDirectoryOnce } from './cache-directory.mjs';
import { openPackageSource } from './debian-packages.mjs';

/**
 * Makes sure that the tests have the real QEMU (in qemu/) and a real arm64 program (in arm64/). They come from
 * Debian's packages but are not installed: installing could change which programs this machine hands to QEMU.
 *
 * @returns {Promise<string>} their directory
 */
export async function ensureTestPrograms() {
  const directory = cachePath('test-programs');
  await makeDirectoryOnce(directory, fill);
  return directory;
}

/**
 * Makes sure that the tests have an arm64 program that needs a loader and libraries (bin/busybox), with these, as
 * they lie in a root directory of that CPU.
 *
 * @returns {Promise<string>} that directory
 */
export async function ensureDynamicProgram() {
  const directory = cachePath('dynamic-program');
  await makeDirectoryOnce(directory, async (root) => {
    const download = join(root, 'download');
    const arm64 = ['-o', 'APT::Architectures::=arm64'];
    const source = await openPackageSource('a dynamic arm64 program for the tests', download, arm64);
    await source.download(['busybox:arm64', 'libc6:arm64']);
    for (const name of ['busybox', 'libc6']) await source.unpack(name, root);
    await rm(download, { recursive: true });
    // From Debian 13 on packages leave these links to the installer.
    for (const name of ['bin', 'lib']) {
      if (!existsSync(join(root, name))) await symlink(join('usr', name), join(root, name));
    }
  });
  return directory;
}

/** @param {string} directory */
async function fill(directory) {
  const download = join(directory, 'download');
  const arm64 = ['-o', 'APT::Architectures::=arm64'];
  const source = await openPackageSource('QEMU for the tests and an arm64 program', download, arm64);
  await source.download(['qemu-user-static', 'busybox-static:arm64']);
  await source.unpack('qemu-user-static', join(directory, 'qemu'));
  await source.unpack('busybox-static', join(directory, 'arm64'));

  if (!existsSync(join(directory, 'qemu/usr/bin/qemu-aarch64-static'))) {
    // From Debian 13 on qemu-user-static holds links to the programs of qemu-user.
    await source.download(['qemu-user']);
    await source.unpack('qemu-user', join(directory, 'qemu'));
  }
  await rm(download, { recursive: true });
}
