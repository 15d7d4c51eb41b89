import { cp, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { NotPossibleHere, Problem } from '../setup/problem.mjs';
import { runElectronBuilder } from './unpacked.mjs';

/** What electron-builder says where the tools' server is out of reach. */
const unreachable =
  /ENOTFOUND|EAI_AGAIN|ECONN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|\b(403|407|451|502|503|504)\b/;

/**
 * Has electron-builder make the AppImage, for which it downloads what starts one.
 *
 * @param {import('./formats.mjs').Laid} laid
 * @returns {Promise<string>} its path
 */
export async function makeAppImage(laid) {
  const { root, output, date, given } = laid;
  env.SOURCE_DATE_EPOCH = String(date);
  try {
    await runElectronBuilder(root, given, 'AppImage', await layOutAppDirectory(laid));
  } catch (error) {
    if (!(error instanceof Problem) || !unreachable.test(String(error.cause))) throw error;
    throw new NotPossibleHere(`What starts one could not be downloaded: ${error.cause}.`);
  }
  const [name = ''] = (await readdir(given.output)).filter((one) => one.endsWith('.AppImage'));
  await rename(join(given.output, name), join(output, name));
  return join(output, name);
}

/**
 * An AppImage begins with the program; what has its place elsewhere when it is installed lies below usr/. Manuals and
 * completions are of no use in one.
 *
 * @param {import('./formats.mjs').Laid} laid
 */
async function layOutAppDirectory({ prefix, work, product }) {
  const directory = join(work, 'appimage');
  await cp(join(prefix, 'lib', product.id), directory, { recursive: true });
  for (const part of ['doc', 'metainfo']) {
    await cp(join(prefix, 'share', part), join(directory, 'usr', 'share', part), { recursive: true });
  }
  return directory;
}
