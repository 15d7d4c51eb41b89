import { execFileSync } from 'node:child_process';
import { chmodSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bootDirectories } from '../../electron/binfmt/boot/boot-configuration.ts';
import { BootReader, watchedDirectories } from '../../electron/binfmt/boot/boot-reader.ts';
import { ownMarkFor } from '../../electron/binfmt/boot/own-mark.ts';
import { decodeBytes } from '../../electron/binfmt/bytes.ts';
import { BootFiles, fileOf, problemsOf } from '../support/boot-files.ts';

let files: BootFiles;

beforeEach(() => {
  files = new BootFiles();
});
afterEach(() => files.remove());

const rule = ':x:E::x::/bin/true:\n';

describe('a machine', () => {
  test('with nothing of it has nothing', async () => {
    expect(await files.read()).toEqual({ services: [], files: [], formats: [], rules: [], problems: [] });
  });

  test('without a service has files, and no rules', async () => {
    files.write('/etc/binfmt.d/x.conf', rule).write('/var/lib/binfmts/y', 'p\nmagic\n0\nxy\n\n/bin/true\n');
    const boot = await files.read();
    expect(boot.rules).toEqual([]);
    expect(boot.files[0]?.rules).toHaveLength(1);
    expect(boot.formats[0]?.registration).not.toBeNull();
  });

  test('that systemd started runs systemd-binfmt and then binfmt-support', async () => {
    files.withServices('binfmt-support', 'systemd-binfmt');
    expect((await files.read()).services).toEqual(['systemd-binfmt', 'binfmt-support']);
  });

  test('that systemd did not start runs none of its services', async () => {
    files.withServices('systemd-binfmt', 'binfmt-support');
    execFileSync('rm', ['-r', `${files.root}/run/systemd`]);
    expect((await files.read()).services).toEqual([]);
  });

  test.each([
    ['a mask in /etc', (): unknown => files.link('/etc/systemd/system/systemd-binfmt.service', '/dev/null')],
    ['an empty unit in /etc', (): unknown => files.write('/etc/systemd/system/systemd-binfmt.service')],
    [
      'a mask of the link that starts it',
      (): unknown =>
        files.link('/etc/systemd/system/sysinit.target.wants/systemd-binfmt.service', '/dev/null'),
    ],
  ])('does not run systemd-binfmt with %s', async (_what, mask) => {
    files.withServices('systemd-binfmt', 'binfmt-support');
    mask();
    expect((await files.read()).services).toEqual(['binfmt-support']);
  });

  test('runs systemd-binfmt whatever masks it until the next start only', async () => {
    files.withServices('systemd-binfmt').link('/run/systemd/system/systemd-binfmt.service', '/dev/null');
    expect((await files.read()).services).toEqual(['systemd-binfmt']);
  });

  test('does not run a unit that nothing starts, or whose package was removed', async () => {
    files
      .makeDirectory('/run/systemd/system')
      .write('/usr/lib/systemd/system/systemd-binfmt.service', '[Service]\n');
    const wants = '/etc/systemd/system/multi-user.target.wants/binfmt-support.service';
    files.link(wants, '/lib/systemd/system/binfmt-support.service');
    expect((await files.read()).services).toEqual([]);
  });

  test('that OpenRC started runs what is in its runlevels', async () => {
    files.withServices('openrc');
    expect((await files.read()).services).toEqual(['openrc']);
    execFileSync('rm', [`${files.root}/etc/runlevels/boot/binfmt`]);
    expect((await files.read()).services).toEqual([]);
  });

  test('that sysvinit started runs binfmt-support where it is set up to', async () => {
    files.write('/etc/inittab').write('/etc/init.d/binfmt-support').write('/usr/sbin/update-binfmts');
    expect((await files.read()).services).toEqual([]);
    files.link('/etc/rc2.d/S01binfmt-support', '../init.d/binfmt-support');
    expect((await files.read()).services).toEqual(['binfmt-support']);
  });
});

describe('a reader', () => {
  test('reads once until it is told to forget', async () => {
    const reader = new BootReader(files.root);
    const before = await reader.read();
    files.withServices('systemd-binfmt').write('/etc/binfmt.d/x.conf', rule);
    expect(await reader.read()).toBe(before);
    reader.forget();
    expect((await reader.read()).rules).toHaveLength(1);
  });

  test('forgets also what it is reading', async () => {
    const reader = new BootReader(files.root);
    const before = reader.read();
    files.write('/etc/binfmt.d/x.conf', rule);
    reader.forget();
    expect((await reader.read()).files).toHaveLength(1);
    await before;
  });

  test('names directories to watch that hold all it reads', () => {
    expect(watchedDirectories).toEqual(expect.arrayContaining([...bootDirectories, '/var/lib/binfmts']));
    expect(new Set(watchedDirectories).size).toBe(watchedDirectories.length);
  });

  test('tells its own files from those that somebody has changed, and from others', async () => {
    const own = `${ownMarkFor(rule)}\n${rule}`;
    files.write('/etc/binfmt.d/a.conf', own).write('/etc/binfmt.d/b.conf', `${own}# mine\n`);
    files.write('/etc/binfmt.d/c.conf', rule).link('/etc/binfmt.d/d.conf', 'a.conf');
    const authors = ['us', 'us-and-others', 'others', 'others'];
    expect((await files.read()).files.map(({ author }) => author)).toEqual(authors);
  });

  test('reads a link’s end, and says where it leads', async () => {
    files.withServices('systemd-binfmt').write('/opt/mine.conf', rule);
    files.link('/etc/binfmt.d/a.conf', '../../opt/mine.conf').link('/etc/binfmt.d/b.conf', '/dev/null');
    files.write('/etc/binfmt.d/c.conf', '');
    const boot = await files.read();
    expect(boot.files.map(({ link, text, state }) => ({ link, text, state }))).toEqual([
      { link: '../../opt/mine.conf', text: rule, state: 'used' },
      { link: '/dev/null', text: null, state: 'masked' },
      { link: null, text: '', state: 'masked' },
    ]);
    expect(boot.rules.map(({ path }) => path)).toEqual(['/etc/binfmt.d/a.conf']);
  });

  test('keeps names and texts that are not UTF-8', async () => {
    const stray = decodeBytes(Buffer.of(0xff, 0x41));
    files.write(`/etc/binfmt.d/${stray}.conf`, `:${stray}:E::x::/bin/true:\n`);
    const [file] = (await files.read()).files;
    expect(file?.name).toBe(`${stray}.conf`);
    expect(file?.rules[0]?.registration.name).toBe(stray);
  });
});

describe('what is no ordinary file', () => {
  const names = ['fifo', 'directory', 'loop', 'device', 'large', 'binary', 'nowhere', 'socket'];
  const pathOf = (name: string): string => `/etc/binfmt.d/${name}.conf`;

  test('is a problem, and keeps nobody waiting', async () => {
    files.withServices('systemd-binfmt').write(pathOf('a'), rule);
    execFileSync('mkfifo', [`${files.root}${pathOf('fifo')}`]);
    files.makeDirectory(pathOf('directory')).link(pathOf('loop'), 'loop.conf');
    files.link(pathOf('device'), '/dev/zero').link(pathOf('nowhere'), 'missing');
    truncateSync(files.write(pathOf('large'), ' ').placeOf(pathOf('large')), 2 ** 30);
    writeFileSync(files.placeOf(pathOf('binary')), Buffer.alloc(50_000, 0xff));
    const server = createServer().listen(`${files.root}${pathOf('socket')}`);
    try {
      const boot = await files.read();
      expect(boot.rules).toHaveLength(1);
      for (const name of names) {
        const file = fileOf(boot, pathOf(name));
        expect(file).toMatchObject({ text: null, rules: [], state: 'used' });
        expect(problemsOf(file)).toHaveLength(1);
      }
      expect(fileOf(boot, pathOf('large')).problems[0]?.sentence).toBe(
        '/etc/binfmt.d/large.conf has more than 64 KiB and is not read here.',
      );
    } finally {
      server.close();
    }
  });

  test('nor a directory is read over and over where it has very many files', async () => {
    for (let index = 0; index < 2000; index++) files.write(`/etc/binfmt.d/${index}.conf`, rule);
    files.write('/usr/lib/binfmt.d/x.conf', rule).withServices('systemd-binfmt');
    const boot = await files.read();
    expect(boot.problems).toEqual(['/etc/binfmt.d has 2000 files, more than are read here.']);
    expect(boot.files.map(({ path }) => path)).toEqual(['/usr/lib/binfmt.d/x.conf']);
  });

  test('nor very much text in many files', async () => {
    const text = `# ${'x'.repeat(60_000)}\n`;
    for (let index = 0; index < 100; index++) files.write(`/etc/binfmt.d/${100 + index}.conf`, text);
    const boot = await files.read();
    const read = boot.files.filter((file) => file.text !== null);
    expect(read.length).toBeGreaterThan(10);
    expect(read.length).toBeLessThan(40);
    expect(fileOf(boot, '/etc/binfmt.d/199.conf').problems[0]?.sentence).toMatch(
      /too much in these directories/,
    );
  });

  test('nor is a file or a directory that you may not read', async () => {
    files.write('/etc/binfmt.d/x.conf', rule).makeDirectory('/var/lib/binfmts');
    chmodSync(files.root, 0o755);
    chmodSync(`${files.root}/etc/binfmt.d/x.conf`, 0);
    chmodSync(`${files.root}/var/lib/binfmts`, 0);
    const boot = await asNobody(() => files.read());
    expect(problemsOf(fileOf(boot, '/etc/binfmt.d/x.conf'))).toEqual([
      '0: /etc/binfmt.d/x.conf may not be read by you.',
    ]);
    expect(boot.problems).toEqual(['/var/lib/binfmts may not be read by you.']);
  });
});

/** Root may read everything: without its rights. */
async function asNobody<Value>(read: () => Promise<Value>): Promise<Value> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    return await read();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
