import { describe, expect, test } from 'vitest';
import { platformOf, relatedMachines } from '../../electron/images/platform.ts';
import {
  isLoopback,
  parseRepository,
  problemOfRepositoryName,
} from '../../electron/images/repository-name.ts';
import { readSourceDateEpoch } from '../../electron/images/source-date.ts';
import { commonVersion, emulatorTags, latestTags } from '../../electron/images/tags.ts';
import { tarballNames } from '../../electron/images/tarball.ts';

describe('tags', () => {
  test('name the host, the target and QEMU’s version', () => {
    expect(emulatorTags('aarch64', { machine: 'x86_64', version: '9.2.0' })).toEqual([
      'x86_64-aarch64',
      'aarch64',
      'x86_64-aarch64-9.2.0',
      'aarch64-9.2.0',
    ]);
  });

  test('go without a version that is not known', () => {
    expect(emulatorTags('arm', { machine: 's390x', version: null })).toEqual(['s390x-arm', 'arm']);
    expect(latestTags({ machine: 's390x', version: null })).toEqual(['latest']);
  });

  test('of latest have the version that all emulators share', () => {
    expect(commonVersion(['9.2.0', '9.2.0'])).toBe('9.2.0');
    expect(commonVersion(['9.2.0', '7.2.0'])).toBeNull();
    expect(commonVersion(['9.2.0', null])).toBeNull();
    expect(latestTags({ machine: 'x86_64', version: '9.2.0' })).toEqual(['latest', '9.2.0']);
  });

  test('have tarballs beside them', () => {
    expect(tarballNames('arm', 'x86_64')).toEqual([
      'qemu-arm-static.tar.gz',
      'x86_64_qemu-arm-static.tar.gz',
    ]);
  });
});

describe('the platform', () => {
  test.each([
    ['x86_64', { architecture: 'amd64', os: 'linux' }],
    ['i686', { architecture: '386', os: 'linux' }],
    ['aarch64', { architecture: 'arm64', os: 'linux' }],
    ['armv7l', { architecture: 'arm', os: 'linux', variant: 'v7' }],
    ['armv6l', { architecture: 'arm', os: 'linux', variant: 'v6' }],
    ['ppc64le', { architecture: 'ppc64le', os: 'linux' }],
    ['loongarch64', { architecture: 'loong64', os: 'linux' }],
  ])('of %s is in Go’s words', (machine, platform) => {
    expect(platformOf(machine)).toEqual(platform);
  });

  test('of mips64 depends on its byte order', () => {
    expect(platformOf('mips64', 'LE')?.architecture).toBe('mips64le');
    expect(platformOf('mips64', 'BE')?.architecture).toBe('mips64');
  });

  test('of a machine that images cannot name is null', () => {
    for (const machine of ['vax', '', 'x86_64; reboot']) expect(platformOf(machine)).toBeNull();
  });

  test('has its relatives', () => {
    expect(relatedMachines('x86_64')).toEqual(['x86_64', 'i386', 'i486', 'i586', 'i686']);
    expect(relatedMachines('armv7l')).toContain('aarch64');
    expect(relatedMachines('riscv64')).toEqual(['riscv64']);
  });
});

describe('a repository', () => {
  test.each([
    ['localhost/qemu-user-static', 'localhost', 'qemu-user-static'],
    ['docker.io/some-one/qemu_user.static', 'docker.io', 'some-one/qemu_user.static'],
    ['127.0.0.1:5000/a/b/c', '127.0.0.1:5000', 'a/b/c'],
    ['[::1]:5000/a', '[::1]:5000', 'a'],
  ])('%s is a registry and a path', (name, registry, path) => {
    expect(problemOfRepositoryName(name)).toBeNull();
    expect(parseRepository(name)).toEqual({ registry, path });
  });

  test('without a registry is a name for archives and no place to publish to', () => {
    expect(problemOfRepositoryName('some-one/qemu-user-static')).toBeNull();
    expect(parseRepository('some-one/qemu-user-static')).toBeNull();
  });

  test.each([
    '',
    'docker.io/',
    'docker.io/A',
    'docker.io/a:latest',
    'docker.io/a b',
    'docker.io/-a',
    'docker.io/a..b',
    'docker.io/../b',
    'docker.io//b',
    'docker.io/a\n',
    '-option/a',
    'docker.io/$(reboot)',
    `docker.io/${'a'.repeat(255)}`,
  ])('is not called “%s”', (name) => {
    expect(problemOfRepositoryName(name)).toMatch(/\.$|static$/);
    expect(parseRepository(name)).toBeNull();
  });

  test('with a password in it is refused with a word about logging in', () => {
    expect(problemOfRepositoryName('me:secret@docker.io/me/a')).toMatch(/^Log in with skopeo login/);
    expect(problemOfRepositoryName('me:secret@docker.io/me/a')).not.toContain('secret');
  });

  test('with a scheme is shown without', () => {
    expect(problemOfRepositoryName('https://docker.io/me/a')).toBe(
      'Write docker.io/me/a, without what stands before it.',
    );
  });

  test('may be on this machine', () => {
    const isOwn = (name: string) => {
      const repository = parseRepository(name);
      return repository === null ? null : isLoopback(repository);
    };
    for (const name of ['localhost:5000/a', '127.1.2.3/a', '[::1]:80/a'])
      expect(isOwn(name), name).toBe(true);
    for (const name of ['docker.io/a', '127.0.0.1.evil.org/a', 'localhost.evil.org/a'])
      expect(isOwn(name), name).toBe(false);
  });
});

describe('SOURCE_DATE_EPOCH', () => {
  test('is a number of seconds, or not set', () => {
    expect(readSourceDateEpoch({ SOURCE_DATE_EPOCH: '1700000000' })).toEqual({
      ok: true,
      value: 1_700_000_000,
    });
    expect(readSourceDateEpoch({})).toEqual({ ok: true, value: null });
    expect(readSourceDateEpoch({ SOURCE_DATE_EPOCH: '' })).toEqual({ ok: true, value: null });
  });

  test.each(['yesterday', '-1', '1.5', '9'.repeat(12)])('must not be %s', (text) => {
    const { ok } = readSourceDateEpoch({ SOURCE_DATE_EPOCH: text });
    expect(ok).toBe(false);
  });
});
