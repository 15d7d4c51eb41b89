import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Where everything private lies. */
export const PLACE = '/run/qemu-binfmt-manager';
/** The repository, where ordinary users can read it. */
export const REPOSITORY = `${PLACE}/repository`;

const BINFMT_MISC = '/proc/sys/fs/binfmt_misc';

/**
 * Covers parts of the system with private ones.
 *
 * @param {string} electron its executable
 * @param {string} testPrograms the directory that test-programs.mjs fills
 * @returns {{ electron: string, kernel: string }} Electron where ordinary users can start it, and a second way
 *   to the machine's binfmt_misc for as long as we live
 */
export function coverSystem(electron, testPrograms) {
  mount('-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run');
  for (const name of ['etc', 'etc-work', 'tmp', 'kernel', 'repository', 'electron']) {
    mkdirSync(join(PLACE, name), { recursive: true });
  }
  // With the real useradd and the real polkitd, and without a trace of them afterwards.
  mount(...overlay('/etc', `upperdir=${PLACE}/etc,workdir=${PLACE}/etc-work`), '/etc');
  mount('--bind', resolve(import.meta.dirname, '../../..'), REPOSITORY);
  coverQemu(testPrograms);

  const kernel = join(PLACE, 'kernel');
  mount('-t', 'binfmt_misc', 'binfmt_misc', kernel);
  while (isMounted(BINFMT_MISC)) execFileSync('umount', [BINFMT_MISC]);
  return { electron: exposeElectron(realpathSync(electron)), kernel };
}

/**
 * Binds Electron to a place that ordinary users can reach. Where they may not make namespaces for Chromium's
 * sandbox (Ubuntu since 24.04), its helper does: it needs to be root's and set-uid.
 *
 * @param {string} executable
 */
function exposeElectron(executable) {
  const place = join(PLACE, 'electron');
  mount('--bind', dirname(executable), place);
  const helper = join(place, 'chrome-sandbox');
  if (existsSync(helper)) {
    const copy = join(PLACE, 'chrome-sandbox');
    copyFileSync(helper, copy);
    execFileSync('chmod', ['4755', copy]);
    mount('--bind', copy, helper);
  }
  return join(place, basename(executable));
}

/**
 * The tests' QEMU in the place of what is installed, as in test/support/namespace.sh.
 *
 * @param {string} testPrograms
 */
function coverQemu(testPrograms) {
  for (const [directory, prefix] of /** @type {const} */ ([
    ['/usr/bin', 'qemu-'],
    ['/usr/libexec/qemu-binfmt', ''],
  ])) {
    if (!existsSync(directory)) continue;
    for (const name of readdirSync(directory).filter((one) => one.startsWith(prefix))) {
      mount('--bind', '/dev/null', join(directory, name));
    }
  }
  // Relative to the directory, for overlay gives `:` and `,` in a path a meaning.
  const command = ['-t', 'overlay', 'overlay', '-o', 'lowerdir=.:/usr/local/bin', '/usr/local/bin'];
  execFileSync('mount', command, { cwd: join(testPrograms, 'qemu/usr/bin') });
}

/**
 * @param {string} lower
 * @param {string} options
 */
const overlay = (lower, options) => ['-t', 'overlay', '-o', `lowerdir=${lower},${options}`, 'overlay'];

/** @param {string[]} args */
function mount(...args) {
  execFileSync('mount', args);
}

/** @param {string} directory */
const isMounted = (directory) =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[1] === directory);
