import { statSync } from 'node:fs';
import { join } from 'node:path';
import { findPackage } from '../dist/ensure-made.mjs';
import { readProduct } from '../dist/product.mjs';
import { installedSize } from '../dist/tree.mjs';

const MB = 1e6;

/**
 * What the packages in dist/ take.
 *
 * @param {string} root
 * @returns {Promise<import('./table.mjs').Measurement[]>}
 */
export async function measureSize(root) {
  const work = join(root, 'dist', 'work');
  const prefix = join(work, 'prefix');
  const lib = join(prefix, 'lib', readProduct(root).id);
  const app = statSync(join(lib, 'resources', 'app.asar')).size;
  const deb = await findPackage(join(root, 'dist'), 'deb');
  return [
    {
      what: 'installed',
      ours: (await installedSize(prefix)) / MB,
      floor: { value: ((await installedSize(lib)) - app) / MB, of: 'Electron, in one language' },
      unit: 'MB',
    },
    { what: 'the program without Electron', ours: app / MB, unit: 'MB', most: 3 },
    { what: 'the .deb, to download', ours: deb ? statSync(deb).size / MB : Number.NaN, unit: 'MB' },
  ];
}
