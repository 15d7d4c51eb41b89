import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { aptGet } from './apt.mjs';
import { cachePath, makeDirectoryOnce } from './cache-directory.mjs';
import { NotPossibleHere } from './problem.mjs';
import { findProgram, run } from './programs.mjs';

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

/** @param {string} directory */
async function fill(directory) {
  if (!findProgram('apt-get') || !findProgram('dpkg')) {
    throw new NotPossibleHere('QEMU for the tests comes from Debian packages, and there is no apt-get here.');
  }
  const download = join(directory, 'download');
  await mkdir(join(download, 'lists', 'partial'), { recursive: true });
  // Lists of our own: they hold arm64 without adding it to the machine, and need no root.
  const options = [
    ...['-o', `Dir::State::Lists=${join(download, 'lists')}`, '-o', `Dir::Cache=${join(download, 'cache')}`],
    ...['-o', 'APT::Architectures::=arm64', '-o', 'APT::Sandbox::User=root'],
  ];
  await apt('Fetching package lists for the test programs', ['update', ...options], download);
  await apt(
    'Downloading QEMU and an arm64 program',
    ['download', ...options, 'qemu-user-static', 'busybox-static:arm64'],
    download,
  );
  await unpack(download, 'qemu-user-static_', join(directory, 'qemu'));
  await unpack(download, 'busybox-static_', join(directory, 'arm64'));

  if (!existsSync(join(directory, 'qemu/usr/bin/qemu-aarch64-static'))) {
    // From Debian 13 on qemu-user-static holds links to the programs of qemu-user.
    await apt('Downloading QEMU itself', ['download', ...options, 'qemu-user'], download);
    await unpack(download, 'qemu-user_', join(directory, 'qemu'));
  }
  await rm(download, { recursive: true });
}

/**
 * @param {string} title
 * @param {readonly string[]} args
 * @param {string} cwd
 */
async function apt(title, args, cwd) {
  const error = await aptGet(title, args, cwd);
  if (error) throw new NotPossibleHere(`The test programs could not be fetched with apt-get: ${error}`);
}

/**
 * @param {string} download
 * @param {string} start of the package's file name; its version follows
 * @param {string} directory
 */
async function unpack(download, start, directory) {
  const file =
    (await readdir(download)).find((name) => name.startsWith(start) && name.endsWith('.deb')) ?? start;
  const { code, stderr } = await run(['dpkg', '-x', join(download, file), directory]);
  if (code !== 0) throw new NotPossibleHere(`${file} could not be unpacked with dpkg: ${stderr.trim()}`);
}
