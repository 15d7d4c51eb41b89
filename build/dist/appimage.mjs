import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { explain, NotPossibleHere } from '../setup/problem.mjs';
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
export async function makeAppImage({ root, unpacked, output, date, given }) {
  env.SOURCE_DATE_EPOCH = String(date);
  try {
    await runElectronBuilder(root, given, 'AppImage', unpacked);
  } catch (error) {
    const reason = explain(error);
    if (!unreachable.test(reason)) throw error;
    throw new NotPossibleHere(
      `Its tools are downloaded from the network, which cannot be reached (${reason}).`,
    );
  }
  const [name = ''] = (await readdir(given.output)).filter((one) => one.endsWith('.AppImage'));
  await rename(join(given.output, name), join(output, name));
  return join(output, name);
}
