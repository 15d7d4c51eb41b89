import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

const programs = process.env.TEST_PROGRAMS ?? '';

/** Debian's own qemu-user-static, unpacked by dpkg: what every reading of it is compared with. */
export const unpackedDirectory = path.join(programs, 'qemu');

/** Debian's own package with the emulators, as its archive has it. */
export function debianPackage(): string {
  // From Debian 13 on qemu-user-static holds links to the programs of qemu-user.
  const isStatic = existsSync(path.join(unpackedDirectory, 'usr/share/doc/qemu-user-static/copyright'));
  const [file = ''] = fetched('test-archives', isStatic ? 'qemu-user-static' : 'qemu-user');
  return file;
}

/** Debian's own binfmt-support, and what that needs. */
export const binfmtSupportPackages = (): readonly string[] =>
  fetched('test-archives-binfmt-support', 'binfmt-support', 'libpipeline1', 'lsb-base');

/** Packages of Debian's, fetched once and kept beside the programs that the tests run; not installed. */
function fetched(place: string, ...names: readonly string[]): readonly string[] {
  const directory = path.join(path.dirname(programs), place);
  if (!existsSync(directory)) fetchPackages(directory, names);
  const files = readdirSync(directory).filter((name) => name.endsWith('.deb'));
  return files.map((name) => path.join(directory, name));
}

function fetchPackages(directory: string, names: readonly string[]): void {
  const partial = `${directory}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(path.join(partial, 'lists/partial'), { recursive: true });
  // Lists of our own need no root.
  const options = [
    '-o',
    `Dir::State::Lists=${partial}/lists`,
    '-o',
    `Dir::Cache=${partial}/cache`,
    '-o',
    'APT::Sandbox::User=root',
  ];
  const apt = (...args: readonly string[]): void =>
    void execFileSync('apt-get', ['-qq', ...options, ...args], {
      cwd: partial,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  apt('update');
  apt('download', ...names);
  rmSync(path.join(partial, 'lists'), { recursive: true });
  renameSync(partial, directory);
}

/** The version that {@link newerEmulator} has. */
export const newerVersion = (version: string): string => version.replace(/\d/g, '9');

/** One of Debian's emulators that calls itself a newer one, to the last byte as large; and the version it was before. */
export function newerEmulator(target: string): { readonly content: Buffer; readonly before: string } {
  const content = readFileSync(path.join(unpackedDirectory, `usr/bin/qemu-${target}-static`));
  const [, before = ''] = /qemu-\w+ version (\d+(?:\.\d+)+)/.exec(content.toString('latin1')) ?? [];
  for (let at = content.indexOf(before); at >= 0; at = content.indexOf(before, at)) {
    at += content.write(newerVersion(before), at, 'latin1');
  }
  return { content, before };
}

/** A tree like the package's, with a few of its programs: `/usr/bin/…` and what is beside them. */
export function makeTree(directory: string, emulators: readonly string[]): void {
  mkdirSync(path.join(directory, 'usr/bin'), { recursive: true });
  for (const emulator of emulators) {
    cpSync(path.join(unpackedDirectory, 'usr/bin', emulator), path.join(directory, 'usr/bin', emulator), {
      preserveTimestamps: true,
    });
  }
  mkdirSync(path.join(directory, 'usr/share/binfmts'), { recursive: true });
  for (const emulator of emulators) {
    const name = emulator.replace(/-static$/, '');
    writeFileSync(
      path.join(directory, 'usr/share/binfmts', name),
      `package qemu\ninterpreter /usr/bin/${emulator}\n`,
    );
  }
}

/** An .rpm of everything in a tree, made by rpmbuild, with its payload compressed so: `w3.zstdio`, `w9.gzdio`, `w1.xzdio`. */
export function rpmOf(tree: string, work: string, payload: string, name = 'qemu-user-static'): string {
  mkdirSync(work, { recursive: true });
  const spec = path.join(work, 'qemu.spec');
  writeFileSync(
    spec,
    [
      '%global __os_install_post %{nil}',
      '%global debug_package %{nil}',
      `Name: ${name}`,
      'Version: 1',
      'Release: 1',
      'Summary: Emulators',
      'License: GPLv2',
      'AutoReqProv: no',
      '%description',
      'Emulators.',
      '%install',
      'cp -a %{tree}/. %{buildroot}/',
      '%files',
      '/usr',
      '',
    ].join('\n'),
  );
  const definitions = [
    `_topdir ${work}`,
    `tree ${tree}`,
    `_binary_payload ${payload}`,
    '_build_id_links none',
  ];
  execFileSync('rpmbuild', ['-bb', '--quiet', ...definitions.flatMap((one) => ['--define', one]), spec], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const packages = path.join(work, 'RPMS');
  const [architecture = ''] = readdirSync(packages);
  const [file = ''] = readdirSync(path.join(packages, architecture));
  return path.join(packages, architecture, file);
}
