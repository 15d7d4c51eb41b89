import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pid } from 'node:process';

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
 * @returns {string} Electron's executable where ordinary users can start it
 */
export function coverSystem(electron, testPrograms) {
  coverQemu(testPrograms);
  // Opened now: they may lie in what is about to be covered.
  const executable = realpathSync(electron);
  const electronDirectory = openSync(dirname(executable), 'r');
  const repository = openSync(resolve(import.meta.dirname, '../../..'), 'r');

  mount('-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run');
  const etc = makePlace('etc');
  const work = makePlace('etc-work');
  makePlace('tmp');
  // With the real useradd and the real polkitd, and without a trace of them afterwards.
  mount('-t', 'overlay', '-o', `userxattr,lowerdir=/etc,upperdir=${etc},workdir=${work}`, 'overlay', '/etc');
  bindOpened(repository, REPOSITORY);
  bindOpened(electronDirectory, join(PLACE, 'electron'));
  enableSandboxHelper(join(PLACE, 'electron', 'chrome-sandbox'));

  mount('-t', 'binfmt_misc', 'binfmt_misc', BINFMT_MISC);
  // Its entries stay for as long as it is mounted anywhere.
  mount('-t', 'binfmt_misc', 'binfmt_misc', makePlace('kernel'));
  return join(PLACE, 'electron', basename(executable));
}

/** @param {string} name */
function makePlace(name) {
  mkdirSync(join(PLACE, name), { recursive: true });
  return join(PLACE, name);
}

/**
 * @param {number} directory its descriptor
 * @param {string} place
 */
function bindOpened(directory, place) {
  mkdirSync(place, { recursive: true });
  // As it is: resolved, the link would name a path, and that leads elsewhere by now.
  mount('--no-canonicalize', '--bind', `/proc/${pid}/fd/${directory}`, place);
  closeSync(directory);
}

/**
 * Where ordinary users may not make namespaces for Chromium's sandbox (Ubuntu since 24.04), its helper does:
 * it needs to be root's and set-uid.
 *
 * @param {string} helper
 */
function enableSandboxHelper(helper) {
  if (!existsSync(helper)) return;
  const copy = join(PLACE, 'chrome-sandbox');
  copyFileSync(helper, copy);
  chmodSync(copy, 0o4755);
  mount('--bind', copy, helper);
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

/** @param {string[]} args */
function mount(...args) {
  execFileSync('mount', args);
}
