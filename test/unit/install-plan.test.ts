import { describe, expect, test } from 'vitest';
import { planInstallation } from '../../electron/install/distribution/plan-installation.ts';
import type { Answer, System } from '../../electron/install/distribution/system.ts';

const answer = (stdout: string, stderr = '', ok = true): Answer => ({ ok, stdout, stderr });
const refuses = (stderr: string): Answer => answer('', stderr, false);

/** A system whose tools answer so: by the beginning of the command line. Others fail, as what is not there does. */
const systemOf = (
  osRelease: string,
  files: readonly string[],
  answers: Readonly<Record<string, Answer>> = {},
): System => ({
  machine: 'x86_64',
  osRelease: () => osRelease,
  isThere: (path) => files.includes(path),
  ask: (program, args) => {
    const line = [program, ...args].join(' ');
    const found = Object.entries(answers).find(([beginning]) => line.startsWith(beginning));
    return Promise.resolve(found?.[1] ?? refuses(`${program}: not found`));
  },
});

const debian = 'ID=debian\n';
const apt = '/usr/bin/apt-get';

describe('which package manager is asked', () => {
  const installed = { 'dnf --quiet': answer('qemu-user-static 1 2 3\n'), rpm: refuses('no') };

  test('is the one of the distribution, where it is there', async () => {
    const plan = await planInstallation(systemOf('ID=fedora\n', [apt, '/usr/bin/dnf'], installed));
    expect(plan).toMatchObject({ ok: true, value: { manager: 'dnf' } });
  });

  test('is another that is there, where the distribution’s is not or it is not known', async () => {
    for (const osRelease of [debian, 'ID=unheard-of\n', '']) {
      const plan = await planInstallation(systemOf(osRelease, ['/usr/bin/dnf'], installed));
      expect(plan).toMatchObject({ ok: true, value: { manager: 'dnf' } });
    }
  });

  test('is none where none is there', async () => {
    expect(await planInstallation(systemOf(debian, []))).toEqual({
      ok: false,
      problem: {
        kind: 'impossible',
        sentence: expect.stringMatching(/^There is no package manager here/),
        command: null,
      },
    });
  });

  test('is none on a system made of images', async () => {
    const plan = await planInstallation(
      systemOf('ID=fedora\n', ['/usr/bin/dnf', '/run/ostree-booted'], installed),
    );
    expect(plan).toEqual({
      ok: false,
      problem: {
        kind: 'impossible',
        sentence: expect.stringMatching(/^This system is made of images/),
        command: 'sudo rpm-ostree install qemu-user-static',
      },
    });
  });
});

describe('what is registered by itself', () => {
  const answers = {
    'apt-get install --simulate': answer('Inst qemu-user-static (1:7.2 Debian:12/stable [amd64])\n'),
    'apt-get install --print-uris': answer("'http://x/q.deb' q.deb 100 SHA256:00\n"),
    'apt-cache show': answer('Package: qemu-user-static\nInstalled-Size: 10\n'),
  };
  test.each([
    [['/run/systemd/system'], /^It registers its targets by itself/],
    [['/usr/sbin/update-binfmts'], /^It registers its targets by itself/],
    [[], /^It registers nothing by itself here/],
  ])('with %j', async (files, registers) => {
    expect(await planInstallation(systemOf(debian, [apt, ...files], answers))).toEqual({
      ok: true,
      value: {
        manager: 'apt',
        packages: ['qemu-user-static'],
        version: '1:7.2',
        downloadBytes: 100,
        installedBytes: 10 * 1024,
        registers: expect.stringMatching(registers),
        command: 'sudo apt install qemu-user-static',
      },
    });
  });
});

describe('Fedora’s package, which requires one for each target', () => {
  test('is as large as all of them', async () => {
    const lines = [
      'qemu-user-static 2:9.1.3-1.fc41 8961 0',
      'qemu-user-static-aarch64 2:9.1.3-1.fc41 2000 7000',
    ];
    const system = systemOf('ID=fedora\n', ['/usr/bin/dnf'], {
      // What is kept for root cannot be read: so it is fetched.
      'dnf --quiet --cacheonly': refuses('Error: Cache-only enabled but no cache for repository'),
      'dnf --quiet repoquery': answer(`${lines.join('\n')}\n\n`),
    });
    expect(await planInstallation(system)).toMatchObject({
      ok: true,
      value: { version: '2:9.1.3-1.fc41', downloadBytes: 10_961, installedBytes: 7000 },
    });
  });
});

// As apk-tools 2.14 prints it; apk itself runs on Alpine only.
describe('apk', () => {
  const packages = ['qemu-aarch64', 'qemu-arm', 'qemu-riscv64'];
  const answers = {
    'apk info --installed': refuses(''),
    'apk search --exact': answer(packages.map((name) => `${name}-9.1.2-r1\n`).join('')),
    'apk info --size': answer(packages.map((name) => `${name}-9.1.2-r1 installed size:\n5 MiB\n\n`).join('')),
  };

  test('is asked for version and size', async () => {
    expect(await planInstallation(systemOf('ID=alpine\n', ['/sbin/apk'], answers))).toEqual({
      ok: true,
      value: {
        manager: 'apk',
        packages,
        version: '9.1.2-r1',
        downloadBytes: null,
        installedBytes: 15 * 2 ** 20,
        registers: expect.stringMatching(/^It registers nothing/),
        command: 'sudo apk add qemu-aarch64 qemu-arm qemu-riscv64',
      },
    });
  });

  test('knows nothing without its lists', async () => {
    const system = systemOf('ID=alpine\n', ['/sbin/apk'], { ...answers, 'apk search --exact': answer('') });
    expect(await planInstallation(system)).toEqual({
      ok: false,
      problem: {
        kind: 'impossible',
        sentence: expect.stringMatching(/^apk knows no package qemu-aarch64 and qemu-arm and qemu-riscv64\./),
        command: 'sudo apk add --update-cache qemu-aarch64 qemu-arm qemu-riscv64',
      },
    });
  });
});

describe('a tool that fails', () => {
  test('is quoted', async () => {
    const system = systemOf(debian, [apt], {
      'apt-get install --simulate': refuses('E: The value ‘x’ is invalid\nW: and more\n'),
    });
    expect(await planInstallation(system)).toEqual({
      ok: false,
      problem: {
        kind: 'impossible',
        sentence: 'apt cannot install qemu-user-static: The value ‘x’ is invalid',
        command: 'sudo apt install qemu-user-static',
      },
    });
  });
});
