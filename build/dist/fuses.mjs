import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Problem } from '../setup/problem.mjs';

/**
 * Electron's fuses as the packages have them, by electron-builder's names. An Electron that has more of them keeps
 * its own defaults for those.
 */
export const fuses = /** @type {const} */ ({
  // The command for the terminal runs in it. What that makes possible is in SECURITY.md.
  runAsNode: true,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  // For macOS and Windows alone: on Linux it does nothing.
  enableEmbeddedAsarIntegrityValidation: false,
  onlyLoadAppFromAsar: true,
  // Electron's own snapshot serves both kinds of processes.
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
});

/** A fuse's byte in the executable: the digit 0 or 1. */
const states = new Map([
  ['0'.charCodeAt(0), false],
  ['1'.charCodeAt(0), true],
]);

/**
 * Reads the fuses back from an executable.
 *
 * @param {string} executable
 * @returns {Promise<Partial<Record<keyof typeof fuses, boolean>>>} without those that this Electron does not have
 */
export async function readFuses(executable) {
  /** @type {Partial<Record<number, number>>} */
  const wire = await getCurrentFuseWire(executable);
  /** @type {Partial<Record<keyof typeof fuses, boolean>>} */
  const read = {};
  for (const name of /** @type {(keyof typeof fuses)[]} */ (Object.keys(fuses))) {
    const key = /** @type {keyof typeof FuseV1Options} */ (name.charAt(0).toUpperCase() + name.slice(1));
    const state = states.get(wire[FuseV1Options[key]] ?? 0);
    if (state !== undefined) read[name] = state;
  }
  return read;
}

/**
 * Fails unless the executable has the fuses as they are wanted.
 *
 * @param {string} executable
 */
export async function checkFuses(executable) {
  const read = await readFuses(executable);
  for (const [name, wanted] of Object.entries(fuses)) {
    if (read[/** @type {keyof typeof fuses} */ (name)] === wanted) continue;
    throw new Problem(
      `Electron’s fuse ${name} should be ${wanted ? 'on' : 'off'} and is not in ${executable}: this Electron cannot ` +
        'be packaged safely, take the one that package.json asks for.',
    );
  }
}
