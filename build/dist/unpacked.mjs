import { chmod, copyFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { arch } from 'node:process';
import { Arch, build, Platform } from 'electron-builder';
import { electronBuilderConfig } from '../electron-builder.config.mjs';
import { Problem } from '../setup/problem.mjs';
import { checkFuses } from './fuses.mjs';

/** The app's own part, app.asar, must stay below this. */
const MOST_BYTES = 3_000_000;

/** What loads an app from any directory (Electron's own, and the tests'), and what Electron's installer reads. */
const unneeded = ['resources/app', 'resources/default_app.asar', 'version'];

/**
 * Has electron-builder put Electron and the app together, and puts the commands that start it beside it.
 *
 * @param {string} root
 * @param {Parameters<typeof electronBuilderConfig>[0]} given
 * @returns {Promise<{ directory: string, appBytes: number }>} the unpacked program, and the size of its own part
 */
export async function makeUnpacked(root, given) {
  await runElectronBuilder(root, given, 'dir');
  const [name] = (await readdir(given.output)).filter((one) => one.endsWith('-unpacked'));
  const directory = join(given.output, name ?? '');
  for (const name of unneeded) await rm(join(directory, name), { recursive: true, force: true });
  await addCommands(root, directory, given.product);
  await checkFuses(join(directory, given.product.executable));
  await makeReadable(directory);

  const { size } = await stat(join(directory, 'resources', 'app.asar'));
  if (size < MOST_BYTES) return { directory, appBytes: size };
  throw new Problem(
    `The app’s own part is ${size} bytes, and may be ${MOST_BYTES}: see what has come into the bundle.`,
  );
}

/**
 * @param {string} root
 * @param {Parameters<typeof electronBuilderConfig>[0]} given
 * @param {string} target
 * @param {string} [prepackaged] the unpacked program to make it of
 */
export async function runElectronBuilder(root, given, target, prepackaged) {
  try {
    return await build({
      projectDir: root,
      targets: Platform.LINUX.createTarget(target, Arch[/** @type {'x64' | 'arm64'} */ (arch)]),
      config: electronBuilderConfig(given),
      publish: 'never',
      ...(prepackaged ? { prepackaged } : {}),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem(`electron-builder could not make “${target}”: ${reason}`, { cause: reason });
  }
}

/**
 * Gives the name that electron-builder has given Electron to the command that opens the window.
 *
 * @param {string} root
 * @param {string} directory
 * @param {import('./product.mjs').Product} product
 */
async function addCommands(root, directory, { id, executable }) {
  await rename(join(directory, id), join(directory, executable));
  for (const command of [id, 'qemu-binfmt']) {
    await copyFile(join(root, 'assets', `${command}.sh`), join(directory, command));
    await chmod(join(directory, command), 0o755);
  }
}

/**
 * Whatever umask it was made with: everybody may read it, and run what is a program. A library is not one.
 *
 * @param {string} directory
 */
async function makeReadable(directory) {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const isLibrary = /\.so(\.\d+)*$/.test(entry.name);
    const isProgram = entry.isDirectory() || (!isLibrary && ((await stat(path)).mode & 0o100) !== 0);
    await chmod(path, isProgram ? 0o755 : 0o644);
  }
}
