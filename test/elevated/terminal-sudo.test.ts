import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { History } from '../../electron/history.ts';
import { user } from '../support/ordinary-user.ts';
import { entryOf, expect, test } from '../support/polkit-test.ts';
import { readEntry, readRegistry, writeToEntry } from '../support/registry.ts';

const terminalFile = path.resolve(import.meta.dirname, '../../out/main/terminal.js');
const hasSudo = spawnSync('sudo', ['--version']).status === 0;

test.skip(!hasSudo, 'There is no sudo here.');

/** The command as the ordinary user runs it at a terminal. */
class AtTerminal {
  private said = '';
  private readonly process: ChildProcessWithoutNullStreams;

  constructor(...words: readonly string[]) {
    const command = ['node', terminalFile, ...words].join(' ');
    const asUser = [
      '--reuid',
      user.name,
      '--regid',
      user.name,
      '--init-groups',
      'env',
      '--ignore-environment',
    ];
    const environment = [`HOME=${user.home}`, `PATH=${process.env.PATH}`, 'SHELL=/bin/sh', 'TERM=dumb'];
    this.process = spawn('setpriv', [
      ...[...asUser, '--chdir=/', ...environment],
      ...['script', '--quiet', '--return', '--command', command, '/dev/null'],
    ]);
    this.process.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.said += text;
    });
  }

  async type(text: string, after: RegExp): Promise<void> {
    await expect.poll(() => this.said).toMatch(after);
    this.process.stdin.write(`${text}\n`);
  }

  /** Its exit status, and all it said. */
  async end(): Promise<{ readonly status: number; readonly said: string }> {
    const [status] = (await once(this.process, 'close')) as [number];
    return { status, said: this.said.replaceAll('\r\n', '\n') };
  }
}

const admit = (rule: string): void =>
  writeFileSync('/etc/sudoers.d/qemu-binfmt-manager-test', `${rule}\n`, { mode: 0o440 });

test('--sudo asks for the password, and the change is on the user’s own record', async ({
  targets: [target],
}) => {
  admit(`${user.name} ALL=(root) ALL`);
  const command = new AtTerminal('register', target, '--interpreter', '/bin/true', '-p', 'no', '--sudo');
  await command.type(user.password, /\[sudo\] password for /);
  const { status, said } = await command.end();
  expect(said).toContain(`Registered ${target}.\n`);
  expect(status).toBe(0);
  expect(entryOf(target)).toMatch(/^enabled\ninterpreter \/bin\/true\n/);

  const record = new History(
    path.join(user.home, '.config/QEMU Binfmt Manager/changes.jsonl'),
    console.error,
  );
  expect(record.list()[0]).toMatchObject({ way: 'sudo', who: user.name, finished: { kind: 'done' } });

  const undo = new AtTerminal('undo', '--sudo');
  // sudo remembers who it was, but for the same terminal only.
  await undo.type(user.password, /\[sudo\] password for /);
  expect(await undo.end()).toMatchObject({
    status: 0,
    said: expect.stringContaining(`Put back qemu-${target}.\n`),
  });
  expect(entryOf(target)).toBeNull();
});

test('--sudo carries out also what is too long for an argument', async () => {
  admit(`${user.name} ALL=(root) NOPASSWD: ALL`);
  const names = Array.from({ length: 800 }, (_, index) => `format-${index}`);
  const file = path.join(user.home, 'formats.json');
  const entries = names.map((name, index) => ({
    name,
    enabled: true,
    type: 'magic',
    offset: 0,
    magic: `${'f0'.repeat(30)}${index.toString(16).padStart(4, '0')}`,
    mask: null,
    interpreter: '/usr/bin/true',
    flags: '',
  }));
  const document = { format: 'qemu-binfmt-manager/registrations', version: 1, entries };
  writeFileSync(file, JSON.stringify(document), { mode: 0o644 });
  try {
    const { status, said } = await new AtTerminal('import', file, '--sudo').end();
    expect(said).toContain('Changed 800 registrations.\n');
    expect(status).toBe(0);
    expect(names.map(readEntry).every((text) => text?.startsWith('enabled\n'))).toBe(true);
  } finally {
    for (const name of names) if (readEntry(name) !== null) writeToEntry(name, '-1');
  }
});

test('--sudo refused changes nothing', async ({ targets: [target] }) => {
  admit(`${user.name} ALL=(root) /bin/false`);
  spawnSync('rm', ['-rf', '/run/sudo']);
  const before = readRegistry();
  const command = new AtTerminal('register', target, '--interpreter', '/bin/true', '-p', 'no', '--sudo');
  await command.type(user.password, /\[sudo\] password for /);
  const { status, said } = await command.end();
  expect(status).toBe(1);
  expect(said).toContain('qemu-binfmt: Nothing was changed: permission was not given.\n');
  expect(readRegistry()).toEqual(before);
});
