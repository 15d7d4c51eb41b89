import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { Problem } from './problem.mjs';
import { npmCommand, run } from './programs.mjs';

/** npm's settings that decide how the registry is reached, and what npm's own libraries call them. */
const names = /** @type {const} */ ([
  ['registry', 'registry'],
  ['ca', 'ca'],
  ['cert', 'cert'],
  ['key', 'key'],
  ['strict-ssl', 'strictSSL'],
  ['proxy', 'proxy'],
  ['https-proxy', 'httpsProxy'],
  ['noproxy', 'noProxy'],
  ['local-address', 'localAddress'],
  ['fetch-retries', 'fetchRetries'],
  ['fetch-retry-factor', 'fetchRetryFactor'],
  ['fetch-retry-mintimeout', 'fetchRetryMintimeout'],
  ['fetch-retry-maxtimeout', 'fetchRetryMaxtimeout'],
  ['fetch-timeout', 'timeout'],
]);

/**
 * How this user's npm reaches its registry: through which proxy, with which certificates and credentials.
 *
 * @param {string} root
 * @returns {Promise<Record<string, unknown>>} options for npm's own libraries
 */
export async function readNpmSettings(root) {
  const outcome = await run([...npmCommand(), 'config', 'list', '--long', '--json'], { cwd: root });
  if (outcome.code !== 0) throw new Problem(`npm's settings could not be read: ${outcome.stderr.trim()}`);
  /** @type {Record<string, unknown>} */
  const config = JSON.parse(outcome.stdout);

  /** @type {Record<string, unknown>} */
  const settings = {};
  for (const [inNpm, inLibraries] of names) {
    const value = config[inNpm];
    if (value !== null && value !== undefined && value !== '') settings[inLibraries] = value;
  }
  for (const [name, value] of Object.entries(config)) {
    if (/^@[^:]+:registry$/.test(name)) settings[name] = value;
  }
  const cafile = config.cafile;
  if (typeof cafile === 'string' && existsSync(cafile)) settings.ca ??= readCertificates(cafile);

  // npm does not tell credentials, so they are read where npm reads them; the project's own come last and win.
  for (const file of [config.globalconfig, config.userconfig, join(root, '.npmrc')]) {
    if (typeof file === 'string' && existsSync(file)) Object.assign(settings, readCredentials(file));
  }
  return settings;
}

/** @param {string} file */
function readCertificates(file) {
  return readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/**
 * The lines of an npmrc that hold credentials for a registry: `//host/:_authToken=${TOKEN}`.
 *
 * @param {string} file
 * @returns {Record<string, string>}
 */
function readCredentials(file) {
  /** @type {Record<string, string>} */
  const credentials = {};
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, name, value] = /^\s*(\/\/[^=]+?)\s*=\s*"?(.*?)"?\s*$/.exec(line) ?? [];
    if (name && value) credentials[name] = value.replace(/\$\{([^}?]+)\??\}/g, (_, key) => env[key] ?? '');
  }
  return credentials;
}
