import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

/**
 * Unpacks the chosen files of a zip archive; programs stay executable.
 *
 * @param {string} archive
 * @param {string} directory
 * @param {(name: string) => string | undefined} choose a file's path in the directory, or undefined to leave it out
 * @param {(fraction: number) => void} report
 */
export async function unpackZip(archive, directory, choose, report) {
  const zip = await open(archive);
  try {
    const files = (await listEntries(zip))
      .filter((entry) => !entry.fileName.endsWith('/'))
      .map((entry) => ({ entry, path: choose(entry.fileName) }))
      .filter(({ path }) => path !== undefined);
    const total = files.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let done = 0;
    /** @param {AsyncIterable<Buffer>} source */
    async function* counted(source) {
      for await (const chunk of source) {
        done += chunk.length;
        report(done / total);
        yield chunk;
      }
    }

    const openStream = promisify(/** @type {OpenStream} */ (zip.openReadStream.bind(zip)));
    for (const { entry, path } of files) {
      const target = join(directory, path ?? '');
      await mkdir(dirname(target), { recursive: true });
      const isProgram = ((entry.externalFileAttributes >>> 16) & 0o111) !== 0;
      const file = createWriteStream(target, { mode: isProgram ? 0o755 : 0o644 });
      await pipeline(await openStream(entry), counted, file);
    }
  } finally {
    zip.close();
  }
}

/**
 * @typedef {(entry: yauzl.Entry,
 *   done: (error: Error | null, stream: import('node:stream').Readable) => void) => void} OpenStream
 */

/**
 * @param {string} archive
 * @returns {Promise<yauzl.ZipFile>}
 */
function open(archive) {
  return new Promise((resolve, reject) => {
    // autoClose would close the archive once its entries are listed, before they are read.
    yauzl.open(archive, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

/**
 * @param {yauzl.ZipFile} zip
 * @returns {Promise<yauzl.Entry[]>}
 */
function listEntries(zip) {
  return new Promise((resolve, reject) => {
    /** @type {yauzl.Entry[]} */
    const entries = [];
    zip.on('entry', (entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', reject);
    zip.readEntry();
  });
}
