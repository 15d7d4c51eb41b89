import { execFile, execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { success } from '../../electron/binfmt/result.ts';
import {
  type InstallationEnd,
  installFromDistribution,
  type RunAsRoot,
} from '../../electron/install/distribution/install-from-distribution.ts';
import {
  type InstallationPlan,
  planInstallation,
} from '../../electron/install/distribution/plan-installation.ts';
import { rpmOf } from '../support/archives-real.ts';
import { makeThrowawayRoot, PackageServer, type ThrowawayRoot } from '../support/archives-root.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const { directory, remove } = temporaryDirectory();
const emulator = '/usr/bin/qemu-aarch64-static';
const tree = path.join(directory, 'tree');
const repository = (): string => path.join(place.root, 'srv');
const server = new PackageServer();
let address: string;
let place: ThrowawayRoot;

beforeAll(async () => {
  address = await server.start();
  place = makeThrowawayRoot(directory);
  mkdirSync(path.dirname(path.join(tree, emulator)), { recursive: true });
  // Large however it is packed, so that fetching it takes its time.
  const content = `#!/bin/sh\n# ${randomBytes(2 ** 21).toString('base64')}\n`;
  writeFileSync(path.join(tree, emulator), content, { mode: 0o755 });
});
afterAll(async () => {
  place.remove();
  await server.stop();
  remove();
});

/** Makes this root one of another distribution, with the files of its package manager's configuration. */
function become(osRelease: string, files: Readonly<Record<string, string>>): void {
  rmSync(path.join(place.root, 'etc/os-release'), { force: true });
  for (const [file, content] of Object.entries({ '/etc/os-release': osRelease, ...files })) {
    mkdirSync(path.dirname(path.join(place.root, file)), { recursive: true });
    writeFileSync(path.join(place.root, file), content);
  }
  rmSync(path.join(place.root, emulator), { force: true });
}

const runAsRoot: RunAsRoot = (script) =>
  new Promise((resolve) => {
    const command = ['chroot', place.root, '/bin/bash', '-c', script] as const;
    execFile(command[0], command.slice(1), { encoding: 'latin1' }, (_error, stdout) =>
      resolve(success(stdout)),
    );
  });

async function planHere(): Promise<InstallationPlan> {
  const plan = await planInstallation(place.system);
  if (!plan.ok) throw new Error(plan.problem.sentence);
  return plan.value;
}

async function install(
  plan: InstallationPlan,
  signal = new AbortController().signal,
): Promise<InstallationEnd> {
  const end = await installFromDistribution(plan, runAsRoot, signal, () => undefined);
  if (!end.ok) throw new Error(end.problem.reason);
  return end.value;
}

/** Plans, cancels while a package is fetched, installs, and plans again. */
async function installHere(isPackage: RegExp): Promise<InstallationPlan> {
  const plan = await planHere();
  await cancelWhileFetching(plan, isPackage);
  expect(await install(plan)).toMatchObject({ outcome: 'done' });
  expect(readFileSync(path.join(place.root, emulator), 'utf8')).toMatch(/^#!/);
  expect(await planInstallation(place.system)).toMatchObject({
    ok: false,
    problem: { kind: 'installed', sentence: expect.stringMatching(/ (is|are) installed already\.$/) },
  });
  return plan;
}

async function cancelWhileFetching(plan: InstallationPlan, isPackage: RegExp): Promise<void> {
  const controller = new AbortController();
  let asked = '';
  server.sent.clear();
  server.bytesPerSecond = 50 * 1024;
  server.onAsked = (name) => {
    if (!isPackage.test(name)) return;
    asked = name;
    controller.abort();
  };
  const end = await install(plan, controller.signal);
  server.bytesPerSecond = Number.POSITIVE_INFINITY;
  server.onAsked = () => undefined;
  expect(end).toMatchObject({
    outcome: 'cancelled',
    sentence: 'Cancelled: QEMU was not installed, and nothing was changed.',
  });
  expect(asked).not.toBe('');
  expect(server.sent).not.toContain(asked);
  expect(existsSync(path.join(place.root, emulator))).toBe(false);
}

/** Has the server offer what is in the repository. */
function serveRepository(): void {
  server.files.clear();
  for (const entry of readdirSync(repository(), { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) server.files.set(path.relative(repository(), file), readFileSync(file));
  }
}

/** Serves a repository with an .rpm of that name; returns the file. */
function rpmRepository(name: string): string {
  const rpm = rpmOf(tree, path.join(directory, 'rpm'), 'w1.gzdio', name);
  rmSync(repository(), { recursive: true, force: true });
  mkdirSync(repository());
  const file = path.join(repository(), path.basename(rpm));
  cpSync(rpm, file);
  execFileSync('createrepo_c', ['--quiet', repository()]);
  serveRepository();
  rmSync(path.join(directory, 'rpm'), { recursive: true });
  return file;
}

/** What is said where the repository has other packages only. */
async function expectUnknown(sentence: RegExp, command: string): Promise<void> {
  expect(await planInstallation(place.system)).toEqual({
    ok: false,
    problem: { kind: 'impossible', sentence: expect.stringMatching(sentence), command },
  });
}

describe('dnf', () => {
  test('plans with true sizes, is cancelled while it fetches, and installs', async () => {
    rpmRepository('another');
    become('ID=fedora\nVERSION_ID=40\n', {
      '/etc/yum.repos.d/test.repo': `[test]\nname=test\nbaseurl=${address}\ngpgcheck=0\n`,
      '/etc/dnf/dnf.conf': '[main]\nplugins=0\n',
    });
    await expectUnknown(
      /^dnf knows no package qemu-user-static\./,
      'sudo dnf install --refresh qemu-user-static',
    );

    const rpm = rpmRepository('qemu-user-static');
    await place.run('dnf', 'clean', 'all');
    expect(await installHere(/\.rpm$/)).toMatchObject({
      manager: 'dnf',
      packages: ['qemu-user-static'],
      version: '1-1',
      downloadBytes: statSync(rpm).size,
      installedBytes: statSync(path.join(tree, emulator)).size,
      command: 'sudo dnf install qemu-user-static',
    });
  });
});

describe('zypper', () => {
  const refresh = (): Promise<string> =>
    place.run('zypper', '--non-interactive', '--no-gpg-checks', 'refresh', '--force');

  test('plans with the version, is cancelled while it fetches, and installs', async () => {
    rpmRepository('another');
    become('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', {
      '/etc/zypp/repos.d/test.repo': `[test]\nname=test\nenabled=1\nbaseurl=${address}\ngpgcheck=0\n`,
    });
    await refresh();
    await expectUnknown(
      /^zypper knows no package qemu-linux-user\./,
      'sudo zypper refresh && sudo zypper install qemu-linux-user',
    );

    rpmRepository('qemu-linux-user');
    await refresh();
    expect(await installHere(/\.rpm$/)).toMatchObject({
      manager: 'zypper',
      packages: ['qemu-linux-user'],
      version: '1-1',
      downloadBytes: null,
      command: 'sudo zypper install qemu-linux-user',
    });
  });
});

/** A package for pacman in the repository, and what the repository's index says of it. */
function pacmanPackage(
  name: string,
  content: string | null,
): { readonly desc: string; readonly bytes: number } {
  const packed = path.join(directory, name);
  mkdirSync(packed);
  if (content !== null) cpSync(content, packed, { recursive: true });
  const size = content === null ? 0 : statSync(path.join(content, emulator)).size;
  const fields = {
    pkgname: name,
    pkgbase: 'qemu',
    pkgver: '9.1.0-1',
    pkgdesc: 'x',
    url: 'x',
    builddate: '1',
    packager: 'x',
  };
  const lines = Object.entries({ ...fields, size: String(size), arch: 'any' }).map(
    ([key, value]) => `${key} = ${value}\n`,
  );
  writeFileSync(path.join(packed, '.PKGINFO'), lines.join(''));
  const file = path.join(repository(), `${name}-9.1.0-1-any.pkg.tar.zst`);
  execFileSync('tar', [
    '--zstd',
    '-cf',
    file,
    '-C',
    packed,
    '.PKGINFO',
    ...(content === null ? [] : ['usr']),
  ]);
  const bytes = statSync(file).size;
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  const desc = {
    FILENAME: path.basename(file),
    NAME: name,
    BASE: 'qemu',
    VERSION: '9.1.0-1',
    CSIZE: bytes,
    ISIZE: size,
    SHA256SUM: sha256,
    ARCH: 'any',
  };
  return {
    desc: Object.entries(desc)
      .map(([key, value]) => `%${key}%\n${value}\n\n`)
      .join(''),
    bytes,
  };
}

describe('pacman', () => {
  const names = ['qemu-user-static', 'qemu-user-static-binfmt'] as const;
  test('plans with true sizes, is cancelled while it fetches, and installs', async () => {
    rmSync(repository(), { recursive: true, force: true });
    mkdirSync(repository());
    const [main, binfmt] = [pacmanPackage(names[0], tree), pacmanPackage(names[1], null)];
    const index = path.join(directory, 'index');
    for (const [name, { desc }] of [
      [names[0], main],
      [names[1], binfmt],
    ] as const) {
      mkdirSync(path.join(index, `${name}-9.1.0-1`), { recursive: true });
      writeFileSync(path.join(index, `${name}-9.1.0-1/desc`), desc);
    }
    execFileSync('tar', [
      '-czf',
      path.join(repository(), 'test.db'),
      '-C',
      index,
      ...names.map((name) => `${name}-9.1.0-1`),
    ]);
    serveRepository();
    become('ID=arch\n', {
      '/etc/pacman.conf': `[options]\nArchitecture = auto\nSigLevel = Never\n[test]\nServer = ${address}\n`,
    });
    await expectUnknown(
      /^pacman knows no package qemu-user-static and qemu-user-static-binfmt\./,
      `sudo pacman -Syu ${names.join(' ')}`,
    );

    await place.run('pacman', '-Sy');
    const size = statSync(path.join(tree, emulator)).size;
    const { installedBytes, ...plan } = await installHere(/\.pkg\.tar\.zst$/);
    expect(plan).toMatchObject({
      manager: 'pacman',
      packages: names,
      version: '9.1.0-1',
      downloadBytes: main.bytes + binfmt.bytes,
      command: `sudo pacman -S ${names.join(' ')}`,
    });
    // pacman shows two digits behind the point.
    expect(Math.abs((installedBytes ?? 0) - size)).toBeLessThan(size / 100);
  });
});
