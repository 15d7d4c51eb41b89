import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { success } from '../../electron/binfmt/result.ts';
import { installFromDistribution } from '../../electron/install/distribution/install-from-distribution.ts';
import {
  type InstallationPlan,
  planInstallation,
} from '../../electron/install/distribution/plan-installation.ts';
import { rpmOf } from '../support/archives-real.ts';
import { makeThrowawayRoot, type ThrowawayRoot } from '../support/archives-root.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const { directory, remove } = temporaryDirectory();
const emulator = '/usr/bin/qemu-aarch64-static';
const tree = path.join(directory, 'tree');
const repository = (): string => path.join(place.root, 'srv');
let place: ThrowawayRoot;

beforeAll(() => {
  place = makeThrowawayRoot(directory);
  mkdirSync(path.dirname(path.join(tree, emulator)), { recursive: true });
  writeFileSync(path.join(tree, emulator), `#!/bin/sh\n${'# '.repeat(50_000)}\n`, { mode: 0o755 });
});
afterAll(() => {
  place.remove();
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

/** Plans, installs and plans again. */
async function installHere(): Promise<InstallationPlan> {
  const plan = await planInstallation(place.system);
  if (!plan.ok) throw new Error(plan.problem.sentence);
  const end = await installFromDistribution(
    plan.value,
    (script) =>
      new Promise((resolve) => {
        execFile(
          'chroot',
          [place.root, '/bin/bash', '-c', script],
          { encoding: 'latin1' },
          (_error, stdout) => resolve(success(stdout)),
        );
      }),
    new AbortController().signal,
    () => undefined,
  );
  expect(end).toMatchObject({ ok: true, value: { outcome: 'done' } });
  expect(readFileSync(path.join(place.root, emulator), 'utf8')).toMatch(/^#!/);
  expect(await planInstallation(place.system)).toMatchObject({
    ok: false,
    problem: { kind: 'installed', sentence: expect.stringMatching(/ (is|are) installed already\.$/) },
  });
  return plan.value;
}

/** A repository with an .rpm of that name, at /srv of the root; returns the file. */
function rpmRepository(name: string): string {
  const rpm = rpmOf(tree, path.join(directory, 'rpm'), 'w1.gzdio', name);
  rmSync(repository(), { recursive: true, force: true });
  mkdirSync(repository());
  const file = path.join(repository(), path.basename(rpm));
  cpSync(rpm, file);
  execFileSync('createrepo_c', ['--quiet', repository()]);
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
  const fedora = 'ID=fedora\nVERSION_ID=40\n';
  const dnfFiles = {
    '/etc/yum.repos.d/test.repo': '[test]\nname=test\nbaseurl=file:///srv\ngpgcheck=0\n',
    '/etc/dnf/dnf.conf': '[main]\nplugins=0\n',
  };
  test('plans with true sizes and installs', async () => {
    rpmRepository('another');
    become(fedora, dnfFiles);
    await expectUnknown(
      /^dnf knows no package qemu-user-static\./,
      'sudo dnf install --refresh qemu-user-static',
    );

    const rpm = rpmRepository('qemu-user-static');
    await place.run('dnf', 'clean', 'all');
    expect(await installHere()).toMatchObject({
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
  test('plans with the version and installs', async () => {
    const refresh = (): Promise<string> =>
      place.run('zypper', '--non-interactive', '--no-gpg-checks', 'refresh', '--force');
    rpmRepository('another');
    become('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', {
      '/etc/zypp/repos.d/test.repo': '[test]\nname=test\nenabled=1\nbaseurl=file:///srv\ngpgcheck=0\n',
    });
    await refresh();
    await expectUnknown(
      /^zypper knows no package qemu-linux-user\./,
      'sudo zypper refresh && sudo zypper install qemu-linux-user',
    );

    rpmRepository('qemu-linux-user');
    await refresh();
    expect(await installHere()).toMatchObject({
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
  test('plans with true sizes and installs', async () => {
    rmSync(repository(), { recursive: true, force: true });
    mkdirSync(repository());
    const names = ['qemu-user-static', 'qemu-user-static-binfmt'] as const;
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
    become('ID=arch\n', {
      '/etc/pacman.conf': '[options]\nArchitecture = auto\nSigLevel = Never\n[test]\nServer = file:///srv\n',
    });
    await expectUnknown(
      /^pacman knows no package qemu-user-static and qemu-user-static-binfmt\./,
      `sudo pacman -Syu ${names.join(' ')}`,
    );

    await place.run('pacman', '-Sy');
    const size = statSync(path.join(tree, emulator)).size;
    const { installedBytes, ...plan } = await installHere();
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
