import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { success } from '../../electron/binfmt/result.ts';
import {
  type InstallationEnd,
  installFromDistribution,
  type RunAsRoot,
} from '../../electron/install/distribution/install-from-distribution.ts';
import type { InstallProgress } from '../../electron/install/distribution/install-progress.ts';
import { installScript } from '../../electron/install/distribution/install-script.ts';
import {
  type InstallationObstacle,
  type InstallationPlan,
  planInstallation,
} from '../../electron/install/distribution/plan-installation.ts';
import { binfmtSupportPackages, debianPackage, unpackedDirectory } from '../support/archives-real.ts';
import {
  fetchFrom,
  makeDeb,
  makeThrowawayRoot,
  PackageServer,
  type SmallPackage,
  serveDebs,
  type ThrowawayRoot,
} from '../support/archives-root.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { clearRegistry, listEntries, readEntry } from '../support/registry.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const { directory, remove } = temporaryDirectory();
const server = new PackageServer();
let place: ThrowawayRoot;
let address: string;

beforeAll(async () => {
  address = await server.start();
  place = makeThrowawayRoot(directory);
});
afterAll(async () => {
  place.remove();
  await server.stop();
  remove();
});
beforeEach(async () => {
  server.bytesPerSecond = Number.POSITIVE_INFINITY;
  await place.run('sh', '-c', 'dpkg --purge --force-all qemu-user-static qemu-user qemu-user-binfmt 2>&1');
});

const inRoot = (file: string): string => path.join(place.root, file);
const emulator = '/usr/bin/qemu-aarch64-static';
const small: SmallPackage = {
  name: 'qemu-user-static',
  version: '1:9.0',
  files: { [emulator]: '#!/bin/sh\n' },
};
const large: SmallPackage = { ...small, files: { [emulator]: randomBytes(3 * 2 ** 20) } };

/** What the packages of apt's only source are. */
async function offer(...packages: readonly SmallPackage[]): Promise<void> {
  const debs = packages.map(
    (one) => [`${one.name}_${one.version.replace(':', '.')}.deb`, makeDeb(directory, one)] as const,
  );
  serveDebs(server, directory, Object.fromEntries(debs));
  await fetchFrom(place, address);
}

/** `installed 1:9.0`, as dpkg has it. */
function statusOf(name: string): string {
  const { stdout } = spawnSync('chroot', [place.root, 'dpkg', '--status', name], { encoding: 'utf8' });
  const field = (key: string): string => new RegExp(`^${key}: (.*)$`, 'm').exec(stdout)?.[1] ?? '';
  return `${field('Status').split(' ').at(-1)} ${field('Version')}`;
}

/** As through the prompt: bash has the script from its standard input. */
const runAsRoot: RunAsRoot = (script) =>
  new Promise((resolve) => {
    const bash = execFile('chroot', [place.root, '/bin/bash'], { encoding: 'latin1' }, (_error, stdout) =>
      resolve(success(stdout)),
    );
    bash.stdin?.end(script);
  });

async function planHere(): Promise<InstallationPlan> {
  const plan = await planInstallation(place.system);
  if (!plan.ok) throw new Error(plan.problem.sentence);
  return plan.value;
}

async function obstacleHere(): Promise<InstallationObstacle> {
  const plan = await planInstallation(place.system);
  if (plan.ok) throw new Error('There is a plan.');
  return plan.problem;
}

/** Installs, and returns how that ended and what was seen meanwhile. */
async function install(
  plan: InstallationPlan,
  onProgress: (progress: InstallProgress, controller: AbortController) => void = () => undefined,
): Promise<{ readonly end: InstallationEnd; readonly seen: readonly InstallProgress[] }> {
  const seen: InstallProgress[] = [];
  const controller = new AbortController();
  const end = await installFromDistribution(plan, runAsRoot, controller.signal, (progress) => {
    seen.push(progress);
    onProgress(progress, controller);
  });
  if (!end.ok) throw new Error(end.problem.reason);
  expect(existsSync('/run/qemu-binfmt-manager') ? readdirSync('/run/qemu-binfmt-manager') : []).toEqual([]);
  return { end: end.value, seen };
}

describe('Debian’s own package', () => {
  test('is planned with its true sizes, installed with progress, and its emulators run', async () => {
    const deb = readFileSync(debianPackage());
    serveDebs(server, directory, { 'qemu.deb': deb });
    server.bytesPerSecond = 40 * 2 ** 20;
    await fetchFrom(place, address);
    const field = (name: string): string =>
      execFileSync('dpkg-deb', ['--field', debianPackage(), name], { encoding: 'utf8' }).trim();

    const plan = await planHere();
    expect(plan).toEqual({
      manager: 'apt',
      packages: [field('Package')],
      version: field('Version'),
      downloadBytes: statSync(debianPackage()).size,
      installedBytes: Number(field('Installed-Size')) * 1024,
      registers: expect.stringMatching(/^It registers/),
      command: `sudo apt install ${field('Package')}`,
    });

    const { end, seen } = await install(plan);
    expect(end.lines.join('\n')).toMatch(/Unpacking .*Setting up /s);
    expect(end).toMatchObject({ outcome: 'done', sentence: `QEMU is installed (${field('Package')}).` });
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['fetching', 'installing']);
    for (const phase of ['fetching', 'installing']) {
      const percents = seen.filter((one) => one.phase === phase).map(({ percent }) => percent ?? 0);
      expect(percents, phase).toEqual([...percents].sort((a, b) => a - b));
      expect(Math.max(...percents), phase).toBeGreaterThan(50);
    }
    expect(await place.run(emulator, '--version')).toMatch(/^qemu-aarch64 version /);
    expect(existsSync(emulator), 'on the machine itself').toBe(false);
    expect(await obstacleHere()).toEqual({
      kind: 'installed',
      sentence: `${field('Package')} is installed already.`,
      command: null,
    });
  });
});

describe('what is installed', () => {
  test('is qemu-user and qemu-user-binfmt where qemu-user-static is gone', async () => {
    const files = { '/usr/bin/qemu-aarch64': '#!/bin/sh\n' };
    await offer(
      { name: 'qemu-user', version: '1:10.0', files },
      { name: 'qemu-user-binfmt', version: '1:10.0', control: 'Depends: qemu-user\n', files: {} },
    );
    const plan = await planHere();
    expect(plan).toMatchObject({
      packages: ['qemu-user', 'qemu-user-binfmt'],
      version: '1:10.0',
      installedBytes: 2 * 1234 * 1024,
      command: 'sudo apt install qemu-user qemu-user-binfmt',
    });
    expect((await install(plan)).end.outcome).toBe('done');
    expect(statusOf('qemu-user-binfmt')).toBe('installed 1:10.0');
  });

  test('comes with what it needs, and without what it recommends', async () => {
    await offer(
      { ...small, control: 'Depends: needed-by-qemu\nRecommends: another-init-system\n' },
      { name: 'needed-by-qemu', version: '1', files: {} },
      { name: 'another-init-system', version: '1', files: {} },
    );
    const plan = await planHere();
    expect(plan.installedBytes).toBe(2 * 1234 * 1024);
    expect((await install(plan)).end.outcome).toBe('done');
    expect(statusOf('needed-by-qemu')).toBe('installed 1');
    expect(statusOf('another-init-system')).not.toMatch(/^installed/);
  });

  test('is fetched once, whatever numbers the tools tell', async () => {
    // apt calls that 404 kB.
    await offer({ ...small, installedKiB: 395 });
    const { end, seen } = await install(await planHere());
    expect(end.outcome).toBe('done');
    expect(seen.at(-1)?.lines.join('\n')).toContain(' 404 kB ');
    expect(seen.map(({ phase }) => phase)).not.toContain('refreshing');
  });

  test('is the newer one where the lists are old', async () => {
    await offer(small);
    const plan = await planHere();
    serveDebs(server, directory, { 'newer.deb': makeDeb(directory, { ...small, version: '1:9.1' }) });
    const { end, seen } = await install(plan);
    expect(end.outcome).toBe('done');
    expect(seen.map(({ phase }) => phase)).toContain('refreshing');
    expect(statusOf('qemu-user-static')).toBe('installed 1:9.1');
  });
});

describe('a package that is too old for systemd', () => {
  const real = path.join(unpackedDirectory, emulator);
  const binfmts = readFileSync(path.join(unpackedDirectory, 'usr/share/binfmts/qemu-aarch64'), 'utf8');
  const old: SmallPackage = {
    ...small,
    version: '1:6.2+dfsg-2ubuntu6',
    control: 'Recommends: binfmt-support (>= 2.1.7~)\n',
    postinst: 'if command -v update-binfmts > /dev/null; then update-binfmts --import qemu-aarch64; fi',
    files: {
      [emulator]: readFileSync(real),
      '/usr/share/binfmts/qemu-aarch64': binfmts.replace(/^interpreter .*$/m, `interpreter ${emulator}`),
    },
  };
  const offerWith = async (...packages: readonly string[]): Promise<void> => {
    const debs = packages.map((file) => [path.basename(file), readFileSync(file)] as const);
    serveDebs(server, directory, { 'old.deb': makeDeb(directory, old), ...Object.fromEntries(debs) });
    await fetchFrom(place, address);
  };
  beforeEach(async () => {
    clearRegistry();
    await place.run('sh', '-c', 'dpkg --purge --force-all binfmt-support 2>&1');
  });
  afterEach(clearRegistry);

  test('comes with Debian’s own binfmt-support, which registers its targets', async () => {
    await offerWith(...binfmtSupportPackages());
    const plan = await planHere();
    expect(plan).toMatchObject({
      packages: ['qemu-user-static', 'binfmt-support'],
      version: old.version,
      registers: 'It registers its targets by itself, now and at every start.',
      command: 'sudo apt install qemu-user-static binfmt-support',
    });
    const { end } = await install(plan);
    expect(end).toMatchObject({
      outcome: 'done',
      sentence: 'QEMU is installed (qemu-user-static and binfmt-support).',
    });
    expect(readEntry('qemu-aarch64')).toContain(`interpreter ${emulator}\n`);
  });

  test('is told to register nothing where that is not to be had', async () => {
    await offerWith();
    const plan = await planHere();
    expect(plan).toMatchObject({
      packages: ['qemu-user-static'],
      registers: expect.stringMatching(/^It registers nothing by itself here/),
    });
    expect((await install(plan)).end.outcome).toBe('done');
    expect(listEntries()).toEqual([]);
  });
});

describe('what cannot be installed', () => {
  test('where no package is known, the command is told that fetches the lists', async () => {
    await offer();
    expect(await obstacleHere()).toEqual({
      kind: 'impossible',
      sentence: expect.stringMatching(
        /^apt knows no package qemu-user-static\. Its lists may be missing or old/,
      ),
      command: 'sudo apt update && sudo apt install qemu-user-static',
    });
  });

  test('where it would remove a package, nothing is', async () => {
    await offer(
      { name: 'qemu-user-binfmt', version: '1', files: {} },
      { ...small, control: 'Conflicts: qemu-user-binfmt\n' },
    );
    await place.run('apt-get', '-qq', '-y', 'install', 'qemu-user-binfmt');
    expect(await obstacleHere()).toMatchObject({
      sentence: expect.stringMatching(/^apt cannot install qemu-user-static: .*remove is disabled/),
    });
  });

  test('where it needs what is not there, apt’s reason is told', async () => {
    await offer({ ...small, control: 'Depends: there-is-none\n' });
    expect(await obstacleHere()).toMatchObject({
      sentence: expect.stringMatching(/^apt cannot install qemu-user-static: /),
    });
  });

  test('without a network it says so, and nothing has changed', async () => {
    await offer(small);
    const plan = await planHere();
    await server.stop();
    const { end } = await install(plan);
    await server.start(Number(new URL(address).port));
    expect(end).toMatchObject({
      outcome: 'failed',
      sentence:
        'QEMU was not installed: the packages could not be fetched. Look at the network and the package sources, and try again.',
      command: 'sudo apt install qemu-user-static',
    });
    expect(statusOf('qemu-user-static')).not.toMatch(/^installed/);
  });

  test('without room on the disk it says so', async () => {
    await offer(large);
    const plan = await planHere();
    const archives = inRoot('/var/cache/apt/archives');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', archives]);
    try {
      const { end } = await install(plan);
      expect(end.sentence).toBe(
        'QEMU was not installed: there is no room left on the disk. Make room and try again.',
      );
    } finally {
      execFileSync('umount', ['--lazy', archives]);
    }
  });
});

describe('cancelling', () => {
  test('while fetching ends it soon, and the next time goes on', async () => {
    await offer(large);
    server.bytesPerSecond = 300 * 1024;
    const plan = await planHere();
    let cancelled = 0;
    const { end } = await install(plan, (progress, controller) => {
      if (controller.signal.aborted || progress.percent === null) return;
      expect(progress).toMatchObject({ phase: 'fetching', canCancel: true });
      cancelled = performance.now();
      controller.abort();
    });
    expect(performance.now() - cancelled).toBeLessThan(5000);
    expect(end).toMatchObject({
      outcome: 'cancelled',
      sentence: 'Cancelled: QEMU was not installed, and nothing was changed.',
      command: null,
    });
    expect(statusOf('qemu-user-static')).not.toMatch(/^installed/);

    server.bytesPerSecond = Number.POSITIVE_INFINITY;
    expect((await install(plan)).end.outcome).toBe('done');
  });

  test('while installing has no effect', async () => {
    await offer({ ...small, postinst: 'sleep 2' });
    const { end, seen } = await install(await planHere(), (progress, controller) => {
      if (progress.phase === 'installing') controller.abort();
    });
    expect(seen.filter(({ phase }) => phase === 'installing').every(({ canCancel }) => !canCancel)).toBe(
      true,
    );
    expect(end.outcome).toBe('done');
    expect(statusOf('qemu-user-static')).toBe('installed 1:9.0');
  });
});

describe('when this program goes away while packages are being installed', () => {
  test.each(['SIGHUP', 'SIGTERM', 'SIGINT', 'SIGPIPE'] as const)(
    '%s: they are installed all the same',
    async (signal) => {
      await offer({ ...small, postinst: 'echo installing; sleep 1; echo more' });
      const plan = await planHere();
      const script = installScript(plan, { token: 'f'.repeat(32), stop: path.join(directory, 'stop') });
      const bash = spawn('chroot', [place.root, '/bin/bash', '-c', script], {
        detached: true,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const ended = once(bash, 'exit');
      let output = '';
      for await (const text of bash.stdout.setEncoding('latin1')) {
        output += text;
        if (output.includes('Unpacking')) break;
      }
      // Leaving the loop has closed our end of the pipe, as a program that has crashed does.
      if (bash.pid !== undefined && signal !== 'SIGPIPE') process.kill(-bash.pid, signal);
      await ended;
      expect(statusOf('qemu-user-static')).toBe('installed 1:9.0');
      rmSync('/run/qemu-binfmt-manager', { recursive: true });
    },
  );
});
