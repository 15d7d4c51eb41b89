import { spawn } from 'node:child_process';
import { env } from 'node:process';
import { createInterface } from 'node:readline';
import { run } from './programs.mjs';
import { say, withProgress } from './progress.mjs';

/**
 * Installs system packages. What went wrong is said, in apt's own words.
 *
 * @param {readonly string[]} names
 * @returns {Promise<boolean>} whether they are installed now
 */
export async function aptInstall(names) {
  let known = await aptNames(names);
  let updated = false;
  if (known.length < names.length) {
    await updateLists(); // never fetched, as in most containers
    updated = true;
    known = await aptNames(names);
  }
  if (known.length === 0) {
    say(`apt-get knows none of ${names.join(', ')}; look at the sources it is set up with.`);
    return false;
  }
  say(`Installing ${known.join(' ')}.`);
  const install = () =>
    aptGet('Installing system packages', ['install', '--no-install-recommends', ...known]);
  let error = await install();
  if (error && !updated) {
    await updateLists(); // out of date: they name packages that their server no longer has
    error = await install();
  }
  if (error) say(`apt-get could not install ${known.join(' ')}: ${error}`);
  return error === '';
}

/** Not fatal when it fails: what is known already may do, and installing says what is missing. */
async function updateLists() {
  const error = await aptGet('Fetching the package lists', ['update']);
  if (error) say(`apt-get could not fetch the package lists: ${error}`);
}

/**
 * Runs apt-get with its progress in percent.
 *
 * @param {string} title
 * @param {readonly string[]} args
 * @param {string} [cwd]
 * @returns {Promise<string>} apt's errors; empty when all went well
 */
export function aptGet(title, args, cwd) {
  // Installing is downloading and then unpacking, each reported from 0 to 100.
  const phases = args[0] === 'install' ? ['dl', 'pm'] : ['dl'];
  return withProgress(
    title,
    (report) =>
      new Promise((resolve, reject) => {
        const options = ['-y', '-o', 'APT::Status-Fd=3', '-o', 'DPkg::Lock::Timeout=120'];
        const child = spawn('apt-get', [...options, ...args], {
          cwd,
          env: { ...env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
          stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
        });
        const status = /** @type {import('node:stream').Readable} */ (child.stdio[3]);
        createInterface(status).on('line', (line) => {
          const [, phase = '', percent] = /^(dl|pm)status:.+?:(\d+\.\d+):/.exec(line) ?? [];
          if (percent) report((phases.indexOf(phase) + Number(percent) / 100) / phases.length);
        });
        let errors = '';
        child.stderr?.setEncoding('utf8').on('data', (text) => {
          errors += text;
        });
        child.on('error', reject);
        child.on('close', (code) => resolve(code === 0 ? '' : errors.trim() || `exit status ${code}`));
      }),
  );
}

/**
 * Packages' names as this system has them: the t64 one where Debian or Ubuntu renamed a package for 64-bit time.
 * Packages that apt has not heard of are left out.
 *
 * @param {readonly string[]} names
 * @returns {Promise<string[]>}
 */
export async function aptNames(names) {
  const candidates = names.flatMap((name) => [`${name}t64`, name]);
  const { stdout } = await run(['apt-cache', 'show', '--no-all-versions', ...candidates]);
  const known = new Set([...stdout.matchAll(/^Package: (.+)$/gm)].map(([, name]) => name));
  return names.flatMap((name) => [`${name}t64`, name].find((candidate) => known.has(candidate)) ?? []);
}
