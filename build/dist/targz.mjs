import { createWriteStream } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { arch } from 'node:process';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import * as tar from 'tar';
import { listTree, setDates } from './tree.mjs';

const options = /** @type {const} */ ({
  noDirRecurse: true,
  strict: true,
  // Without owners, which would be those of whoever builds…
  portable: true,
  // …but with the time of directories, too.
  onWriteEntry: (/** @type {tar.WriteEntry} */ entry) => {
    entry.noMtime = false;
  },
});

/**
 * Makes the archive for all other systems: to be unpacked anywhere, such as into /usr/local.
 *
 * @param {import('./formats.mjs').Laid} laid
 * @returns {Promise<string>} its path
 */
export async function makeTarGz({ prefix, work, output, date, product }) {
  const name = `${product.id}-${product.version}-linux-${arch}`;
  const root = join(work, 'targz');
  await cp(prefix, join(root, name), { recursive: true, verbatimSymlinks: true });
  await setDates(root, date);
  const file = join(output, `${name}.tar.gz`);
  const paths = (await listTree(root)).map(({ path }) => path);
  await pipeline(
    tar.c({ ...options, cwd: root, mtime: new Date(date * 1000) }, paths),
    createGzip(),
    createWriteStream(file),
  );
  return file;
}
