import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { arch, env, execPath, platform } from 'node:process';
import { pathToFileURL } from 'node:url';
import { Problem } from './problem.mjs';
import { run } from './programs.mjs';
import { withProgress } from './progress.mjs';

/** The download failed because its server could not be reached, not because of what it answered. */
export class NoNetwork extends Problem {
  /**
   * @param {string} what happened
   * @param {string} remedy
   */
  constructor(what, remedy) {
    super(`${what} ${remedy}`);
    this.what = what;
  }
}

const unreachable = new Set([
  ...['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT'],
  ...['ENETUNREACH', 'ENETDOWN', 'EHOSTUNREACH', 'EHOSTDOWN', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_SOCKET', 'UND_ERR_ABORTED'],
]);

/** What proxies that let nobody through answer in the server's place. */
const refusals = new Set([403, 407, 451, 502, 503, 504]);

/**
 * Downloads the official Electron of the `electron` package's version into that package.
 * The download comes first and by itself, for the sake of its progress; the package's own installer then
 * finds it in the cache, verifies it once more and unpacks it.
 *
 * @param {string} root
 */
export async function installOfficialElectron(root) {
  const directory = join(root, 'node_modules', 'electron');
  const version = await download(directory);
  const outcome = await run([execPath, join(directory, 'install.js')], { cwd: root });
  if (outcome.code === 0) return;
  throw new Problem(`Electron ${version} could not be unpacked into ${directory}:\n${outcome.stderr.trim()}`);
}

/** @param {string} directory of the `electron` package */
async function download(directory) {
  // Resolved from the electron package, whose dependency it is, so that it is the version that package expects.
  const require = createRequire(join(directory, 'package.json'));
  /** @type {typeof import('@electron/get')} */
  const { downloadArtifact, initializeProxy } = await import(
    pathToFileURL(require.resolve('@electron/get')).href
  );
  if (env.HTTPS_PROXY || env.https_proxy) initializeProxy();

  /** @type {{ version: string }} */
  const { version } = readJson(join(directory, 'package.json'));
  /** @type {Record<string, string>} */
  const checksums = readJson(join(directory, 'checksums.json'));
  try {
    await withProgress(`Downloading Electron ${version}`, async (report) => {
      const getProgressCallback = async (/** @type {{ percent: number }} */ { percent }) => report(percent);
      await downloadArtifact({
        version,
        artifactName: 'electron',
        platform,
        arch,
        // The same variables as in the package's installer, for people who use a mirror.
        ...(env.electron_config_cache ? { cacheRoot: env.electron_config_cache } : {}),
        ...(env.electron_use_remote_checksums ? {} : { checksums }),
        downloadOptions: { quiet: true, getProgressCallback },
      });
    });
  } catch (error) {
    throw downloadProblem(error, version);
  }
  return version;
}

/**
 * @param {unknown} error
 * @param {string} version
 */
function downloadProblem(error, version) {
  const reason = innermost(error);
  const code = 'code' in reason ? String(reason.code) : '';
  const status = 'response' in reason && reason.response instanceof Response ? reason.response.status : 0;
  const what = `Electron ${version} could not be downloaded: ${(reason.message || code).replace(/\.$/, '')}.`;
  if (unreachable.has(code) || refusals.has(status)) {
    return new NoNetwork(
      what,
      'Connect to the network, name a mirror in ELECTRON_MIRROR, or set ELECTRON_OVERRIDE_DIST_PATH to the ' +
        'directory of an Electron that you have.',
    );
  }
  return new Problem(
    `${what} Nothing was installed; start again, and if it happens again, look at the proxy or ` +
      'the mirror between this machine and the download (NODE_EXTRA_CA_CERTS adds certificates to trust).',
  );
}

/**
 * @param {unknown} error
 * @returns {Error}
 */
function innermost(error) {
  if (!(error instanceof Error)) return new Error(String(error));
  // Several addresses tried: each has its own error, and they say the same.
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  return error.cause instanceof Error ? innermost(error.cause) : error;
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
