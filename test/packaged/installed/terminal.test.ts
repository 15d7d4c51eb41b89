import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { readProduct } from '../../../build/dist/product.mjs';
import { makeTree } from '../../support/archives-real.ts';
import { makeOpenDirectory } from '../../support/open-directory.ts';
import { user } from '../../support/ordinary-user.ts';
import { clearRegistry, readEntry } from '../../support/registry.ts';

const { version } = readProduct('.');
/** No display, no home, no path: nothing but what the command is. */
const nothing = { env: {}, encoding: 'utf8' } as const;
const asUser = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];

test.beforeEach(clearRegistry);
test.afterAll(clearRegistry);

test('the command works for root without a display, from anywhere and through a link', () => {
  for (const [command, cwd] of [
    ['/usr/bin/qemu-binfmt', '/'],
    ['./qemu-binfmt', '/usr/bin'],
    ['/tmp/a link to it', '/tmp'],
  ] as const) {
    if (command.startsWith('/tmp')) symlinkSync('/usr/bin/qemu-binfmt', command);
    const { status, stdout, stderr } = spawnSync(command, ['--version'], { ...nothing, cwd });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  }
  expect(spawnSync('/usr/bin/qemu-binfmt', ['register', 'aarch64'], nothing)).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect(readEntry('qemu-aarch64')).toMatch(/^enabled\n/);
});

test('an ordinary user reads everything, and is told what to type to change something', () => {
  const run = (...words: readonly string[]) =>
    spawnSync('setpriv', [...asUser, '/usr/bin/qemu-binfmt', ...words], {
      ...nothing,
      env: { PATH: '/usr/bin' },
    });
  expect(run('list', 'riscv64')).toMatchObject({ status: 0, stdout: expect.stringContaining('riscv64') });
  const refused = run('register', 'riscv64');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('sudo /usr/bin/qemu-binfmt register riscv64');
  expect(readEntry('qemu-riscv64')).toBeNull();
});

test('emulators are taken out of a package, by the thread and the WebAssembly that the archive holds', () => {
  const work = makeOpenDirectory();
  const place = '/usr/local/bin/qemu-sh4-static';
  const covered = ['/usr/local/bin', '/var/lib'];
  try {
    makeTree(path.join(work, 'tree'), ['qemu-sh4-static']);
    mkdirSync(path.join(work, 'tree/DEBIAN'));
    const control = [
      'Package: qemu',
      'Version: 1',
      'Architecture: all',
      'Maintainer: a',
      'Description: b',
      '',
    ];
    writeFileSync(path.join(work, 'tree/DEBIAN/control'), control.join('\n'));
    execFileSync('dpkg-deb', ['-Zxz', '-z0', '--build', path.join(work, 'tree'), path.join(work, 'a.deb')]);
    for (const one of covered) execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', one]);
    try {
      const { status, stdout, stderr } = spawnSync(
        '/usr/bin/qemu-binfmt',
        ['get', path.join(work, 'a.deb')],
        nothing,
      );
      expect({ status, stdout, stderr }).toMatchObject({ status: 0, stdout: expect.stringContaining('sh4') });
      expect(readFileSync(place).equals(readFileSync(path.join(work, 'tree/usr/bin/qemu-sh4-static')))).toBe(
        true,
      );
      expect(readEntry('qemu-sh4')).toContain(`interpreter ${place}\n`);
    } finally {
      // An entry with the flag F holds its interpreter open.
      clearRegistry();
      for (const one of covered) execFileSync('umount', [one]);
    }
  } finally {
    rmSync(work, { recursive: true });
  }
});

test('registrations are exported, and images built, where a person says', () => {
  const work = makeOpenDirectory();
  const run = (...words: readonly string[]) => execFileSync('/usr/bin/qemu-binfmt', words, nothing);
  try {
    run('register', 'arm');
    run('export', '-o', path.join(work, 'all.json'));
    const exported: unknown = JSON.parse(readFileSync(path.join(work, 'all.json'), 'utf8'));
    expect(exported).toMatchObject({ entries: [{ name: 'qemu-arm' }] });
    run('image', 'arm', '--only', 'targets', '-o', path.join(work, 'images.tar'));
    expect(readFileSync(path.join(work, 'images.tar')).includes('"RepoTags":')).toBe(true);
  } finally {
    rmSync(work, { recursive: true });
  }
});

test('its manual is in its place, and bash completes its verbs', () => {
  for (const name of ['qemu-binfmt', 'qemu-binfmt-manager']) {
    const manual = gunzipSync(readFileSync(`/usr/share/man/man1/${name}.1.gz`)).toString();
    expect(manual).toContain('.SH NAME');
    expect(manual).toContain(version.replaceAll('-', '\\-'));
  }
  const script = `
    . /usr/share/bash-completion/completions/qemu-binfmt
    COMP_WORDS=(qemu-binfmt unre) COMP_CWORD=1
    _qemu_binfmt qemu-binfmt unre qemu-binfmt
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim()).toBe('unregister');
});
