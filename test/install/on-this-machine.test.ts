import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { InstallProgress } from '../../electron/install/distribution/install-progress.ts';
import {
  type InstallationPlan,
  planInstallation,
} from '../../electron/install/distribution/plan-installation.ts';
import { BinfmtManager } from '../../electron/manager.ts';
import { unpackedDirectory } from '../support/archives-real.ts';
import {
  fetchFrom,
  makeDeb,
  PackageServer,
  type SmallPackage,
  serveDebs,
  type ThrowawayRoot,
} from '../support/archives-root.ts';
import { BuiltTerminal, type TerminalRun } from '../support/built-terminal.ts';
import { coverSystem } from '../support/covered-system.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { newManager } from '../support/manage.ts';
import { noVersions } from '../support/read-snapshot.ts';
import { clearRegistry, listEntries } from '../support/registry.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const { directory, remove } = temporaryDirectory();
const historyFile = path.join(directory, 'changes.jsonl');
const server = new PackageServer();
const emulator = '/usr/bin/qemu-aarch64-static';
let machine: ThrowawayRoot;
let address: string;
let terminal: BuiltTerminal;

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
  address = await server.start();
  machine = coverSystem(directory);
});
afterAll(async () => {
  machine.remove();
  await server.stop();
  clearRegistry();
  remove();
});
beforeEach(async () => {
  clearRegistry();
  server.bytesPerSecond = Number.POSITIVE_INFINITY;
  for (const file of [historyFile, terminal.dataDirectory]) rmSync(file, { recursive: true, force: true });
  spawnSync('dpkg', ['--purge', '--force-all', 'qemu-user-static', 'qemu-user', 'qemu-user-binfmt']);
});

const small: SmallPackage = {
  name: 'qemu-user-static',
  version: '1:9.0',
  files: { [emulator]: readFileSync(path.join(unpackedDirectory, emulator)) },
};
const slow: SmallPackage = { ...small, files: { [emulator]: randomBytes(3 * 2 ** 20) } };

async function offer(...packages: readonly SmallPackage[]): Promise<void> {
  const debs = packages.map((one) => [`${one.name}.deb`, makeDeb(directory, one)] as const);
  serveDebs(server, directory, Object.fromEntries(debs));
  await fetchFrom(machine, address);
}

async function planHere(): Promise<InstallationPlan> {
  const plan = await planInstallation();
  if (!plan.ok) throw new Error(plan.problem.sentence);
  return plan.value;
}

/** Runs the command while this process serves packages. */
async function qemuBinfmt(...words: readonly string[]): Promise<TerminalRun> {
  const command = spawn(process.execPath, [terminal.file, ...words], {
    env: terminal.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    once(command, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

const never = new AbortController().signal;
const nobodyWaits = (): void => undefined;

describe('installing from the distribution', () => {
  test('is seen in the table at once, and on record as what cannot be undone', async () => {
    await offer(small);
    const manager = newManager(historyFile);
    const before = await manager.snapshot();
    const stateOf = (snapshot: typeof before): string | undefined =>
      snapshot.targets.find(({ name }) => name === 'aarch64')?.state;
    expect(stateOf(before)).toBe('Not installed');
    const seen: InstallProgress[] = [];
    const end = await manager.install(await planHere(), never, (progress) => seen.push(progress));
    expect(end).toMatchObject({
      ok: true,
      value: { outcome: 'done', sentence: 'QEMU is installed (qemu-user-static).' },
    });
    expect(seen.at(-1)).toMatchObject({ outcome: 'done' });
    expect(stateOf(await manager.snapshot())).toBe('Not registered');

    const [past] = await newManager(historyFile).pastChanges();
    expect(past).toMatchObject({
      kind: 'done',
      message: 'QEMU is installed (qemu-user-static).',
      operations: ['Download and install qemu-user-static with apt'],
      canUndo: false,
      script: expect.stringContaining("'qemu-user-static'"),
    });
    expect(await manager.change({ kind: 'undo', change: past?.id ?? 0 })).toMatchObject({ kind: 'failed' });
  });

  test('has changes wait until it has ended', async () => {
    await offer({ ...small, postinst: 'sleep 1' });
    const manager = newManager();
    const ended: string[] = [];
    const installing = manager
      .install(await planHere(), never, nobodyWaits)
      .then(() => ended.push('installed'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(manager.isBusy).toBe(true);
    const result = await manager.change({ kind: 'register', targets: ['aarch64'] });
    ended.push('registered');
    await installing;
    expect(ended).toEqual(['installed', 'registered']);
    expect(result).toMatchObject({ kind: 'done', message: 'Registered aarch64' });
    await manager.finish();
    expect(manager.isBusy).toBe(false);
  });

  test('that fails is on record with the reason', async () => {
    await offer(small);
    const plan = await planHere();
    server.files.delete('qemu-user-static.deb');
    const manager = newManager();
    const end = await manager.install(plan, never, nobodyWaits);
    expect(end).toMatchObject({ ok: true, value: { outcome: 'failed' } });
    const [past] = await manager.pastChanges();
    expect(past).toMatchObject({ kind: 'failed', message: end.ok ? end.value.sentence : '' });
  });

  test('ends when the program is left while packages are being fetched, and what waits is forgotten', async () => {
    await offer(slow);
    server.bytesPerSecond = 200 * 1024;
    const manager = newManager();
    let waiting: Promise<unknown> | null = null;
    const end = await manager.install(await planHere(), never, ({ phase, percent }) => {
      if (phase !== 'fetching' || percent === null || waiting !== null) return;
      waiting = manager.change({ kind: 'register', targets: ['aarch64'] });
      void manager.finish();
    });
    expect(end).toMatchObject({ ok: true, value: { outcome: 'cancelled' } });
    expect(await waiting).toMatchObject({ kind: 'dismissed' });
    expect(await manager.pastChanges()).toMatchObject([{ kind: 'dismissed', canUndo: false }]);
    expect(existsSync(emulator)).toBe(false);
  });

  test('does not begin where it was cancelled before, or nobody can become root', async () => {
    await offer(small);
    const plan = await planHere();
    expect(await newManager().install(plan, AbortSignal.abort(), nobodyWaits)).toMatchObject({
      ok: false,
      problem: { kind: 'dismissed' },
    });
    const reason = 'There is no pkexec.';
    const manager = new BinfmtManager(
      { kind: 'unavailable', short: reason, reason },
      noVersions,
      () => undefined,
    );
    expect(await manager.install(plan, never, nobodyWaits)).toEqual({
      ok: false,
      problem: { kind: 'impossible', reason },
    });
    expect(await manager.pastChanges()).toMatchObject([{ kind: 'failed', message: reason }]);
    expect(existsSync(emulator)).toBe(false);
  });
});

describe('qemu-binfmt install', () => {
  test('says what it installs, installs it, and again has nothing to do', async () => {
    await offer(small);
    const { status, stdout, stderr } = await qemuBinfmt('install');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^qemu-user-static 1:9\.0, with apt: 13 MB to fetch, 1\.3 MB on the disk\.$/),
      expect.stringMatching(/^It registers /),
      'Fetching…',
      'Installing…',
      'QEMU is installed (qemu-user-static).',
      '',
    ]);
    expect(spawnSync(emulator, ['--version']).status).toBe(0);
    expect(await qemuBinfmt('install')).toEqual({
      status: 0,
      stdout: 'qemu-user-static is installed already.\n',
      stderr: '',
    });
    expect((await qemuBinfmt('changes')).stdout).toMatch(/ QEMU is installed \(qemu-user-static\)\. +no\n/);
    expect((await qemuBinfmt('undo')).stderr).toBe('qemu-binfmt: There is nothing to undo.\n');
  });

  test('shows what it would do and changes nothing', async () => {
    await offer(small);
    const { status, stdout, stderr } = await qemuBinfmt('install', '--dry-run');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^# qemu-user-static 1:9\.0, with apt: .*\n# It registers .*\n\nset -u\n/);
    expect(stdout).toContain("follow none '/usr/bin/apt-get'");
    expect(spawnSync('bash', ['-n'], { input: stdout }).status).toBe(0);
    expect(existsSync(emulator)).toBe(false);
    expect(existsSync(terminal.dataDirectory)).toBe(false);
  });

  test('says why nothing can be installed and what to type, and what a package manager said', async () => {
    await offer();
    expect(await qemuBinfmt('install')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /^qemu-binfmt: apt knows no package qemu-user-static\..* Type: sudo apt update && sudo apt install qemu-user-static\n$/,
      ),
    });
    await offer({ ...small, postinst: 'echo the reason why; exit 1' });
    const { status, stderr } = await qemuBinfmt('install');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^qemu-binfmt: {3}the reason why$/m);
    expect(stderr).toMatch(
      /^qemu-binfmt: QEMU was not installed: .* Type: sudo apt install qemu-user-static$/m,
    );
  });

  test('without a network says what to type when there is one', async () => {
    await offer(small);
    await server.stop();
    const { status, stderr } = await qemuBinfmt('install');
    await server.start(Number(new URL(address).port));
    expect(status).toBe(1);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      'qemu-binfmt: QEMU was not installed: the packages could not be fetched. Look at the network and the package ' +
        'sources, and try again. Type: sudo apt install qemu-user-static',
    );
  });

  test('asks at a terminal', async () => {
    await offer(small);
    const command = [process.execPath, terminal.file, 'install'].join(' ');
    const { stdout } = spawnSync('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      env: { ...terminal.env, TERM: 'xterm', SHELL: '/bin/sh' },
      input: 'n\n',
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/Install it\? \[y\/N\] .*Nothing was changed\./s);
    expect(existsSync(emulator)).toBe(false);
  });

  test('ends at Ctrl-C while it fetches, and the next time goes on', async () => {
    await offer(slow);
    server.bytesPerSecond = 200 * 1024;
    const command = spawn(process.execPath, [terminal.file, 'install'], {
      env: terminal.env,
      detached: true,
    });
    const ended = once(command, 'exit');
    let [said, complained] = ['', ''];
    command.stderr.setEncoding('utf8').on('data', (part: string) => {
      complained += part;
    });
    for await (const part of command.stdout.setEncoding('utf8')) {
      said += part;
      // To all that the terminal has in the foreground, as it does it.
      if (String(part).includes('Fetching'))
        setTimeout(() => process.kill(-(command.pid ?? 0), 'SIGINT'), 500);
    }
    expect(await ended).toEqual([1, null]);
    expect(said).not.toContain('Installing');
    expect(complained).toBe('qemu-binfmt: Cancelled: QEMU was not installed, and nothing was changed.\n');
    expect(existsSync(emulator)).toBe(false);
    server.bytesPerSecond = Number.POSITIVE_INFINITY;
    expect(await qemuBinfmt('install', '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(existsSync(emulator)).toBe(true);
  });
});

describe('qemu-binfmt get', () => {
  const archive = (): string => path.join(directory, 'qemu.tar.xz');
  const placed = (): readonly string[] =>
    readdirSync('/usr/local/bin').filter((name) => name.includes('qemu-'));
  beforeAll(() => {
    const names = ['aarch64', 's390x', 'x86_64'].map((target) => `qemu-${target}-static`);
    const from = path.join(unpackedDirectory, 'usr/bin');
    const { status } = spawnSync('tar', ['--xz', '-cf', archive(), '-C', from, ...names], {
      env: { ...process.env, XZ_OPT: '-0' },
    });
    expect(status).toBe(0);
  });
  beforeEach(() => {
    for (const name of placed()) rmSync(path.join('/usr/local/bin', name));
  });

  test('puts the emulators of others into /usr/local/bin and registers them; undo takes them back', () => {
    expect(terminal.run('get', archive())).toEqual({
      status: 0,
      stdout: 'Installed 2 emulators into /usr/local/bin and registered 2 targets.\n',
      stderr: '',
    });
    expect(placed()).toEqual(['qemu-aarch64-static', 'qemu-s390x-static']);
    expect(listEntries()).toEqual(['qemu-s390x', 'qemu-aarch64']);
    expect(terminal.run('verify', 'arm64')).toMatchObject({ status: 0 });
    expect(terminal.run('get', archive(), 'arm64')).toEqual({
      status: 0,
      stdout:
        'aarch64 is registered already and stays so; --replace registers it anew.\n' +
        'Installed qemu-aarch64-static into /usr/local/bin.\n',
      stderr: '',
    });
    expect(terminal.run('undo')).toMatchObject({ status: 0 });
    expect(terminal.run('undo')).toEqual({
      status: 0,
      stdout: 'Put back what was in /usr/local/bin and 2 registrations.\n',
      stderr: '',
    });
    expect(placed()).toEqual([]);
    expect(listEntries()).toEqual([]);
    expect(terminal.run('undo').stderr).toBe('qemu-binfmt: There is nothing to undo.\n');
  });

  test('takes what is named, from a folder, too, and registers nothing where that is not wished', () => {
    const folder = path.join(unpackedDirectory, 'usr/bin');
    expect(
      terminal.run('get', path.relative(process.cwd(), folder), 's390x,arm', '--register', 'no'),
    ).toEqual({
      status: 0,
      stdout: 'Installed 2 emulators into /usr/local/bin.\n',
      stderr: '',
    });
    expect([...placed()].sort()).toEqual(['qemu-arm-static', 'qemu-s390x-static']);
    expect(listEntries()).toEqual([]);
  });

  test('says what is not in it, and does the rest', () => {
    expect(terminal.run('get', archive(), 'mips', 's390x')).toEqual({
      status: 1,
      stdout: 'Installed qemu-s390x-static into /usr/local/bin and registered 1 target.\n',
      stderr: `qemu-binfmt: There is no emulator of mips in ${archive()}.\n`,
    });
    expect(terminal.run('get', archive(), 'z80').status).toBe(2);
    expect(terminal.run('get', archive(), '--register', 'no', '--replace').status).toBe(2);
    expect(terminal.run('get', '/dev/null')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'qemu-binfmt: null is neither a file nor a folder.\n',
    });
  });

  test('shows what is in it and what it would do, and changes nothing', () => {
    const { status, stdout, stderr } = terminal.run('get', archive(), '--dry-run');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^# FILE +TARGET +QEMU +SIZE +LINKED +MADE FOR\n/);
    expect(stdout).toMatch(/^# qemu-x86_64-static +x86_64 +[\d.]+ +\d+ MB +static +this machine$/m);
    expect(stdout).toContain('# Put qemu-aarch64-static, qemu-s390x-static into /usr/local/bin, and keep');
    expect(stdout).toContain('# Register qemu-s390x with /usr/local/bin/qemu-s390x-static (flags F)\n');
    expect(spawnSync('bash', ['-n'], { input: stdout }).status).toBe(0);
    const json = JSON.parse(terminal.run('get', archive(), '--json').stdout) as { programs: unknown[] };
    expect(json.programs).toHaveLength(3);
    expect(placed()).toEqual([]);
    expect(existsSync(terminal.dataDirectory)).toBe(false);
  });

  test('with --replace has the new emulator run', () => {
    copyFileSync('/bin/true', '/usr/local/bin/qemu-s390x-static');
    expect(terminal.run('register', 's390x')).toMatchObject({ status: 0 });
    expect(terminal.run('verify', 's390x')).toMatchObject({ status: 1 });
    expect(terminal.run('get', archive(), 's390x')).toMatchObject({ status: 0 });
    expect(terminal.run('verify', 's390x')).toMatchObject({ status: 1 });
    expect(terminal.run('get', archive(), 's390x', '--replace')).toMatchObject({ status: 0, stderr: '' });
    expect(terminal.run('verify', 's390x')).toMatchObject({ status: 0 });
  });

  test('a file that is cut off leaves nothing behind', () => {
    const cut = path.join(directory, 'cut.tar.xz');
    spawnSync('sh', ['-c', 'head -c 5000000 "$0" > "$1"', archive(), cut]);
    const before = readdirSync(directory);
    const { status, stderr } = terminal.runWith({ env: { TMPDIR: directory } }, 'get', cut);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^qemu-binfmt: cut\.tar\.xz is damaged or cut off/);
    expect(readdirSync(directory)).toEqual(before);
    expect(placed()).toEqual([]);
  });
});
