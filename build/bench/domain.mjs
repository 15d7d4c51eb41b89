import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

/**
 * The program's own modules in JavaScript, bundled the way the program is.
 *
 * @typedef {object} Domain
 * @property {typeof import('../../electron/manager.ts').BinfmtManager} BinfmtManager
 * @property {typeof import('../../electron/binfmt/reader.ts').SnapshotReader} SnapshotReader
 * @property {typeof import('../../electron/binfmt/interpreters.ts').Interpreters} Interpreters
 * @property {typeof import('../../electron/binfmt/snapshot.ts').registrableTargets} registrableTargets
 * @property {typeof import('../../electron/binfmt/register-options.ts').registrationWith} registrationWith
 * @property {typeof import('../../electron/binfmt/register-options.ts').defaultRegisterOptions} defaultRegisterOptions
 * @property {typeof import('../../electron/binfmt/register-line.ts').formatRegisterLine} formatRegisterLine
 * @property {typeof import('../../electron/binfmt/targets.ts').targets} targets
 * @property {typeof import('../../electron/binfmt/targets.ts').targetNamed} targetNamed
 * @property {typeof import('../../electron/binfmt/host.ts').readHost} readHost
 * @property {typeof import('../../electron/binfmt/entry.ts').parseEntry} parseEntry
 * @property {typeof import('../../electron/binfmt/verify/proof-program.ts').proofProgram} proofProgram
 * @property {typeof import('../../electron/binfmt/verify/verify.ts').verifyTargets} verifyTargets
 * @property {typeof import('../../electron/elevation/script.ts').buildScript} buildScript
 * @property {typeof import('../../electron/elevation/detect-elevation.ts').detectElevation} detectElevation
 * @property {typeof import('../../electron/elevation/elevate.ts').runElevated} runElevated
 * @property {typeof import('../../electron/elevation/report.ts').parseReport} parseReport
 * @property {typeof import('../../test/support/registry.ts')} registry
 * @property {typeof import('../../test/support/polkit-rules.ts').setPolicy} setPolicy
 * @property {typeof import('../../test/support/ordinary-user.ts').user} ordinaryUser
 */

const root = resolve(import.meta.dirname, '../..');

const entry = `
export { BinfmtManager } from './electron/manager.ts';
export { SnapshotReader } from './electron/binfmt/reader.ts';
export { Interpreters } from './electron/binfmt/interpreters.ts';
export { registrableTargets } from './electron/binfmt/snapshot.ts';
export { defaultRegisterOptions, registrationWith } from './electron/binfmt/register-options.ts';
export { formatRegisterLine } from './electron/binfmt/register-line.ts';
export { targets, targetNamed } from './electron/binfmt/targets.ts';
export { readHost } from './electron/binfmt/host.ts';
export { parseEntry } from './electron/binfmt/entry.ts';
export { proofProgram } from './electron/binfmt/verify/proof-program.ts';
export { verifyTargets } from './electron/binfmt/verify/verify.ts';
export { buildScript } from './electron/elevation/script.ts';
export { detectElevation } from './electron/elevation/detect-elevation.ts';
export { runElevated } from './electron/elevation/elevate.ts';
export { parseReport } from './electron/elevation/report.ts';
export * as registry from './test/support/registry.ts';
export { setPolicy } from './test/support/polkit-rules.ts';
export { user as ordinaryUser } from './test/support/ordinary-user.ts';
`;

/**
 * Bundles the domain into a directory.
 *
 * @param {string} directory
 * @returns {Promise<string>} the file to import
 */
export async function bundleDomain(directory) {
  const name = 'virtual:domain';
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'domain',
        resolveId: (id) => (id === name ? join(root, 'domain.ts') : null),
        load: (id) => (id === join(root, 'domain.ts') ? entry : null),
      },
    ],
    // Playwright, which the ordinary user's module imports for what is not used here, is left out altogether.
    ssr: { noExternal: true, external: ['@playwright/test', 'axe-core'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir: directory,
      emptyOutDir: false,
      rollupOptions: {
        input: name,
        output: { format: 'es', entryFileNames: 'domain.mjs' },
        treeshake: { moduleSideEffects: false },
      },
    },
  });
  return join(directory, 'domain.mjs');
}

/**
 * @param {string} file what {@link bundleDomain} made
 * @returns {Promise<Domain>}
 */
export async function loadDomain(file) {
  return await import(pathToFileURL(file).href);
}

/** @returns {import('../../electron/binfmt/interpreters.ts').VersionCache} */
export function memoryOfVersions() {
  /** @type {Map<string, string | null>} */
  const versions = new Map();
  return { get: (key) => versions.get(key), set: (key, version) => void versions.set(key, version) };
}
