import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BootRule } from '../../electron/binfmt/boot/boot-configuration.ts';
import { printedFlags } from '../../electron/binfmt/entry.ts';
import type { BootFiles } from './boot-files.ts';
import { entryText } from './example-data.ts';
import type { readRegistry } from './registry.ts';

/** What build/setup/boot-oracles.mjs made; npm test names it. */
const oracles = process.env.BOOT_ORACLES ?? '';

/** Tests that need the boot services skip where there are none; CI has them, so there nothing may skip. */
export const lacksBootOracles = !existsSync(path.join(oracles, 'root')) && !process.env.CI;

/** What a skipped group of tests is called. */
export const needingBootOracles = (title: string): string =>
  lacksBootOracles ? `${title} (skipped: BOOT_ORACLES names no directory with the boot services)` : title;

/** Debian's packages of QEMU's user-mode emulators, unpacked. */
const qemu = path.join(process.env.TEST_PROGRAMS ?? '', 'qemu');

/** The directories of those packages that hold formats for systemd, and for binfmt-support; they changed with Debian 13. */
export const qemuConfDirectories = ['usr/lib/binfmt.d', 'usr/share/qemu/binfmt.d'].map((place) =>
  path.join(qemu, place),
);
export const qemuTemplates = path.join(qemu, 'usr/share/binfmts');

/** Puts the interpreters of those formats into the root directory: with the flag F they must be there. */
export const withEmulators = ['usr/bin', 'usr/libexec/qemu-binfmt']
  .map((place) => [path.join(qemu, place), place] as const)
  .filter(([source]) => existsSync(source));

/** The text of a service's unit, as its Debian package has it. */
export const shippedUnit = (service: string): string =>
  readFileSync(path.join(oracles, 'root/lib/systemd/system', `${service}.service`), 'utf8');

/** The programs as they run when a machine starts. */
const programs = {
  'systemd-binfmt': ['/lib/systemd/systemd-binfmt'],
  'binfmt-support': ['/usr/sbin/update-binfmts', '--enable'],
  openrc: ['/bin/sh', '/lib/rc/sh/binfmt.sh'],
  /** What the scripts of packages call when they are installed. */
  'update-binfmts --import': ['/usr/sbin/update-binfmts', '--import'],
  /** What an administrator calls, for the machine of the files. */
  systemctl: ['/bin/systemctl', '--root=/mnt'],
} as const;

export type BootProgram = keyof typeof programs;

const places = [
  'etc/binfmt.d',
  'run/binfmt.d',
  'usr/local/lib/binfmt.d',
  'usr/lib/binfmt.d',
  'usr/share/binfmts',
  'var/lib/binfmts',
];

interface RunOptions {
  /** Further directories to put into its root, as pairs of source and place. */
  readonly more?: readonly (readonly [string, string])[];
  /** More arguments. */
  readonly args?: readonly string[];
  readonly patienceMs?: number;
}

/** Mounts what a table in the manner of fstab(5) says, and runs the program in a root directory. */
const runInRoot = 'mount --all --fstab "$1" && shift && exec chroot "$@"';

/**
 * Runs the real program on these files, and hands back what it said. Throws where it does not end in time.
 */
export function runBootProgram(
  program: BootProgram,
  files: BootFiles,
  { more = [], args = [], patienceMs = 20_000 }: RunOptions = {},
): string {
  const root = path.join(oracles, 'root');
  const binds = places.map((place) => [path.join(files.makeDirectory(`/${place}`).root, place), place]);
  const table = path.join(files.root, 'mounts');
  const mounts = [...binds, ...more, [files.root, 'mnt'], ['/proc', 'proc'], ['/dev/null', 'dev/null']].map(
    ([source = '', place = '']) => `${escaped(source)} ${escaped(path.join(root, place))} none rbind\n`,
  );
  writeFileSync(table, mounts.join(''));
  const { stdout, stderr, error, signal, status } = spawnSync(
    'unshare',
    ['-m', 'sh', '-c', runInRoot, 'sh', table, root, ...programs[program], ...args],
    { encoding: 'utf8', env: { PATH: process.env.PATH, LC_ALL: 'C' }, timeout: patienceMs },
  );
  if (error !== undefined || signal !== null) throw error ?? new Error(`${program} ended with ${signal}.`);
  // The shell's and the loader's ways to say that there is no such program, or that it lacks a library.
  if (status === 126 || status === 127) throw new Error(`${program} could not be started: ${stderr}`);
  return stdout + stderr;
}

/** As fstab(5) wants it. */
const escaped = (text: string): string =>
  text.replace(/[\s\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);

/** What the kernel will show for these rules, as readRegistry() shows it: the newest first. */
export const registryFor = (rules: readonly BootRule[]): ReturnType<typeof readRegistry> =>
  rules
    .map(({ registration }): readonly [string, string] => [
      registration.name,
      entryText({ ...registration, flags: printedFlags(registration.flags) }),
    ])
    .reverse();
