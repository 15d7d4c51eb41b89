import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cachePath, makeDirectoryOnce } from '../cache-directory.mjs';
import { openPackageSource } from '../debian-packages.mjs';
import { ensureTools } from '../tools.mjs';

/** Programs, and the Debian packages they come from. */
const tools = new Map([
  ['podman', 'podman'],
  ['runc', 'runc'],
  ['skopeo', 'skopeo'],
  ['docker-registry', 'docker-registry'],
  ['busybox', 'busybox-static'],
]);

/** Makes sure that there are a container engine, skopeo, a registry, and a static shell to put into images. */
export const ensureContainerTools = () => ensureTools('The tests of images', tools);

/**
 * Makes sure that there is a static program of an IBM Z machine. Like the test programs it is unpacked and not
 * installed.
 *
 * @returns {Promise<string>} its path
 */
export async function ensureS390xProgram() {
  const directory = cachePath('s390x-busybox');
  await makeDirectoryOnce(directory, download);
  return join(directory, 'bin', 'busybox');
}

/** @param {string} directory */
async function download(directory) {
  const place = join(directory, 'download');
  const source = await openPackageSource('A program for s390x', place, ['-o', 'APT::Architectures::=s390x']);
  await source.download(['busybox-static:s390x']);
  await source.unpack('busybox-static', directory);
  await rm(place, { recursive: true });
}

/**
 * The control groups that podman makes and leaves (its default --cgroup-parent), at the top of each hierarchy.
 *
 * @returns {string[]}
 */
export function podmanControlGroups() {
  const top = '/sys/fs/cgroup';
  const hierarchies = [top, ...subdirectories(top)];
  return hierarchies.flatMap((hierarchy) =>
    subdirectories(hierarchy).filter((directory) => directory.endsWith('/libpod_parent')),
  );
}

/**
 * @param {string} directory
 * @returns {string[]}
 */
export function subdirectories(directory) {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(directory, entry.name));
  } catch {
    return []; // not there, or not ours to look into
  }
}
