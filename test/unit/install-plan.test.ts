import { describe, expect, test } from 'vitest';
import { inWords } from '../../electron/install/distribution/in-words.ts';
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
  const byItself = /^It registers its targets by itself/;
  const nothing = /^It registers nothing by itself here/;
  const old = { 'dpkg --compare-versions 1:7.2 lt 1:7.0+dfsg-3': answer('') };
  const withoutSupport = {
    'apt-get install --simulate --no-install-recommends --no-remove --yes qemu-user-static binfmt-support':
      refuses('E: Unable to locate package binfmt-support\n'),
  };
  test.each([
    [['/run/systemd/system'], {}, byItself],
    [['/usr/sbin/update-binfmts'], {}, byItself],
    [['/usr/sbin/update-binfmts'], old, byItself],
    [[], {}, nothing],
    [['/run/systemd/system'], { ...old, ...withoutSupport }, nothing],
  ])('with %j and %j', async (files, more, registers) => {
    expect(await planInstallation(systemOf(debian, [apt, ...files], { ...more, ...answers }))).toEqual({
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

// As apk-tools 2.14 and 3.0 print it; apk itself runs on Alpine only.
describe('apk', () => {
  const names = ['aarch64', 'arm', 'i386', 'riscv64', 's390x', 'x86_64'];
  const known = names.map((name) => `qemu-${name}-9.1.2-r1\n`).join('');
  const answers = {
    'apk search --exact qemu-': answer(known),
    'apk info --installed': refuses(''),
    // Of two releases, the older one last.
    'apk info --size': answer(
      names
        .flatMap((name) =>
          ['9.1.2-r1 installed size:\n5 MiB', '9.0.1-r0 installed size:\n4 MiB'].map(
            (size) => `qemu-${name}-${size}\n\n`,
          ),
        )
        .join(''),
    ),
  };
  const alpine = (machine: string, changes: Readonly<Record<string, Answer>> = {}) => {
    const asked: string[] = [];
    const system = systemOf('ID=alpine\n', ['/sbin/apk'], { ...answers, ...changes });
    const ask: System['ask'] = (program, args) => {
      asked.push([program, ...args].join(' '));
      return system.ask(program, args);
    };
    return { asked, system: { ...system, machine, ask } };
  };

  test('is asked for what it has of all that the machine does not run itself', async () => {
    const { asked, system } = alpine('x86_64');
    expect(await planInstallation(system)).toEqual({
      ok: true,
      value: {
        manager: 'apk',
        packages: names.map((name) => `qemu-${name}`),
        version: '9.1.2-r1',
        downloadBytes: null,
        installedBytes: 30 * 2 ** 20,
        registers: expect.stringMatching(/^It registers nothing/),
        command: `sudo apk add ${names.map((name) => `qemu-${name}`).join(' ')}`,
      },
    });
    expect(asked[0]).toContain(' qemu-aarch64 qemu-arm qemu-riscv64 qemu-alpha ');
    expect(asked[0]).toContain(' qemu-s390x ');
    expect(asked[0]).not.toMatch(/ qemu-(x86_64|i386|i486)( |$)/);
  });

  test('is not asked on an ARM machine for ARM', async () => {
    const { asked, system } = alpine('aarch64');
    await planInstallation(system);
    expect(asked[0]).toContain(' qemu-riscv64 qemu-x86_64 ');
    expect(asked[0]).toContain(' qemu-i386 ');
    expect(asked[0]).not.toMatch(/ qemu-(aarch64|arm)( |$)/);
  });

  test.each([
    ['2', answer('')],
    ['3', refuses('')],
    ['3, and warns', refuses('WARNING: opening from cache http://x: No such file or directory\n')],
  ])('knows nothing without its lists (apk %s)', async (_version, searched) => {
    const { system } = alpine('x86_64', { 'apk search --exact qemu-': searched });
    expect(await planInstallation(system)).toEqual({
      ok: false,
      problem: {
        kind: 'impossible',
        sentence: expect.stringMatching(/^apk knows no package qemu-aarch64 and qemu-arm and qemu-riscv64\./),
        command: 'sudo apk add --update-cache qemu-aarch64 qemu-arm qemu-riscv64',
      },
    });
  });

  test('is quoted where it fails', async () => {
    const failed = refuses('ERROR: Unable to read database: Permission denied\n');
    const { system } = alpine('x86_64', { 'apk search --exact qemu-': failed });
    expect(await planInstallation(system)).toMatchObject({
      problem: { sentence: expect.stringContaining(': Unable to read database: Permission denied') },
    });
  });

  test('has all of them', async () => {
    const { system } = alpine('x86_64', { 'apk info --installed': answer(known) });
    expect(await planInstallation(system)).toMatchObject({
      problem: { kind: 'installed', sentence: expect.stringMatching(/ are installed already\.$/) },
    });
  });
});

describe('packages in a sentence', () => {
  test('are all named where they are few', () => {
    expect(inWords(['one', 'two', 'three'])).toBe('one and two and three');
    expect(inWords(['one', 'two', 'three', 'four'])).toBe('one and 3 more');
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
