import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildImages } from '../../electron/images/build-images.ts';
import { platformOf } from '../../electron/images/platform.ts';
import { clearRegistry, listEntries, readEntry, register } from '../support/registry.ts';
import { emulatorsFor, requestFor } from './support/real-emulators.ts';
import { type Outcome, outputOf, run } from './support/run.ts';

/** In small letters, for podman makes a name of an image layout's path. */
const directory = path.join(os.tmpdir(), `images-${process.pid}`);
const request = requestFor(emulatorsFor('aarch64', 's390x', 'i386'));
const name = request.repository;
const fileOf = (form: string): string => path.join(directory, form);
const architecture = platformOf(os.machine())?.architecture ?? '';

/** CPUs in Go's words, and the images that hold nothing but Debian's busybox for them. */
const guests = [
  {
    arch: 'arm64',
    machine: 'aarch64',
    target: 'aarch64',
    program: `${process.env.TEST_PROGRAMS}/arm64/bin/busybox`,
  },
  { arch: 's390x', machine: 's390x', target: 's390x', program: process.env.S390X_BUSYBOX ?? '' },
] as const;

beforeAll(async () => {
  mkdirSync(directory);
  for (const form of ['oci-layout', 'oci-archive', 'docker-archive'] as const) {
    const result = await buildImages(request, { form, path: fileOf(form) });
    if (!result.ok) throw new Error(result.problem);
  }
  outputOf(['podman', 'load', '--input', fileOf('docker-archive')]);
  for (const { arch, program } of guests) {
    const root = path.join(directory, arch);
    mkdirSync(path.join(root, 'bin'), { recursive: true });
    copyFileSync(program, path.join(root, 'bin', 'busybox'));
    outputOf(['tar', '--create', '--directory', root, '--file', `${root}.tar`, 'bin']);
    outputOf(['podman', 'import', '--arch', arch, `${root}.tar`, `localhost/busybox-${arch}`]);
  }
});
afterEach(clearRegistry);
afterAll(() => rmSync(directory, { recursive: true }));

const runImage = (tag: string, ...args: readonly string[]): Outcome =>
  run(['podman', 'run', '--rm', '--privileged', `${name}:${tag}`, ...args]);

const unameIn = (arch: string): Outcome =>
  run(['podman', 'run', '--rm', '--arch', arch, `localhost/busybox-${arch}`, '/bin/busybox', 'uname', '-m']);

describe('podman', () => {
  test('loads all images and tags of a docker archive', () => {
    const listed = outputOf(['podman', 'images', '--format', '{{.Repository}}:{{.Tag}}', name]);
    const tags = ['aarch64', 's390x', 'i386'].flatMap((target) => [target, `${os.machine()}-${target}`]);
    for (const tag of [...tags, 'register', 'latest']) expect(listed.split('\n')).toContain(`${name}:${tag}`);
  });

  test.each([
    ['an image layout', 'oci', 'oci-layout'],
    ['an OCI archive', 'oci-archive', 'oci-archive'],
  ])('pulls every tag of %s', (_what, transport, form) => {
    for (const tag of ['aarch64', `${os.machine()}-s390x`, 'register', 'latest']) {
      const id = outputOf(['podman', 'pull', '--quiet', `${transport}:${fileOf(form)}:${tag}`]).trim();
      const loaded = outputOf(['podman', 'inspect', '--format', '{{.Id}}', `${name}:${tag}`]).trim();
      expect(id, tag).toBe(loaded);
    }
  });

  test('knows what an image is', () => {
    const format = '{{.Architecture}} {{.Os}} {{.Config.Entrypoint}} {{.Created.UTC.Year}}';
    expect(outputOf(['podman', 'inspect', '--format', format, `${name}:latest`])).toMatch(
      new RegExp(`^${architecture} linux \\[/register\\] 20\\d\\d\n$`),
    );
  });

  test('runs an emulator of its image', () => {
    const { stdout } = run([
      'podman',
      'run',
      '--rm',
      `${name}:aarch64`,
      '/usr/bin/qemu-aarch64-static',
      '--version',
    ]);
    expect(stdout).toMatch(/^qemu-aarch64 version /);
  });
});

test('latest --reset -p yes makes programs of other CPUs run in containers, and register --reset removes that', () => {
  register(':qemu-old:E::oldexample::/bin/true:');
  register(':jar:E::jar::/bin/true:');
  for (const { arch } of guests) expect(unameIn(arch).stderr).toMatch(/exec format error/i);

  const { status, stdout } = runImage('latest', '--reset', '-p', 'yes');
  expect(status).toBe(0);
  // i386 is in it, and not registered on a machine that runs it itself.
  const own = ['x86_64', 'i686'].includes(os.machine()) ? [] : ['qemu-i386'];
  expect([...listEntries()].sort()).toEqual(['jar', 'qemu-aarch64', ...own, 'qemu-s390x'].sort());
  expect(stdout).toContain('aarch64');
  for (const { arch, machine, target } of guests) {
    expect(readEntry(`qemu-${target}`)).toContain(`interpreter /usr/bin/qemu-${target}-static\nflags: F\n`);
    expect(unameIn(arch).stdout).toBe(`${machine}\n`);
  }

  expect(runImage('register', '--reset', 'hppa').status).toBe(0);
  expect(listEntries()).toEqual(['qemu-hppa', 'jar']);
  for (const { arch } of guests) expect(unameIn(arch).stderr).toMatch(/exec format error/i);
});

test('register serves containers that bring their own emulator', () => {
  expect(runImage('register', '--reset').status).toBe(0);
  expect(readEntry('qemu-aarch64')).toContain('interpreter /usr/bin/qemu-aarch64-static\nflags: \n');
  const root = path.join(directory, 'arm64');
  mkdirSync(path.join(root, 'usr/bin'), { recursive: true });
  const container = outputOf(['podman', 'create', `${name}:aarch64`, '/none']).trim();
  const emulator = path.join(root, 'usr/bin/qemu-aarch64-static');
  outputOf(['podman', 'cp', `${container}:/usr/bin/qemu-aarch64-static`, emulator]);
  outputOf(['podman', 'rm', container]);
  outputOf(['tar', '--create', '--directory', root, '--file', `${root}.tar`, 'bin', 'usr']);
  outputOf(['podman', 'import', '--arch', 'arm64', `${root}.tar`, 'localhost/own-emulator']);
  const command = [
    'podman',
    'run',
    '--rm',
    '--arch',
    'arm64',
    'localhost/own-emulator',
    '/bin/busybox',
    'uname',
    '-m',
  ];
  expect(run(command).stdout).toBe('aarch64\n');
  expect(unameIn('arm64').status).not.toBe(0);
});

test('a container that may not change the kernel says what it needs', () => {
  const { status, stderr } = run(['podman', 'run', '--rm', `${name}:latest`, '--reset', '-p', 'yes']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/Start the container as root and with --privileged\./);
});
