import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { History } from '../../electron/history.ts';
import { atTerminal } from '../support/at-terminal.ts';
import { BuiltTerminal } from '../support/built-terminal.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { clearRegistry, listEntries, readEntry, readRegistry, register } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
let terminal: BuiltTerminal;

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
});
beforeEach(clearRegistry);
afterAll(() => {
  clearRegistry();
  remove();
});

/** Without what colours a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
const withoutColours = (text: string): string => text.replace(/\x1b\[\d+(?:;\d+)*m/g, '');

describe('on a terminal', () => {
  test('the table fits, and tells as much as fits', async () => {
    terminal.run('register', 'arm64', 'mips');
    const whole = terminal.run('list').stdout.split('\n');
    for (const columns of [50, 80, 132]) {
      const lines = withoutColours((await atTerminal(terminal, ['list'], { columns })).said).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      const table = lines.slice(lines.indexOf(''));
      expect(table).toHaveLength(whole.length - 1);
      expect(table[1]?.includes('DESCRIPTION')).toBe(columns === 132);
    }
  });

  test.each([
    ['has colours', {}, true],
    ['has none with NO_COLOR', { NO_COLOR: '1' }, false],
    ['has none with NO_COLOR, also where they are forced', { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['has none on a dumb one', { TERM: 'dumb' }, false],
  ])('the table %s', async (_what, env, hasColours) => {
    terminal.run('register', 'arm64');
    const { said } = await atTerminal(terminal, ['list'], { env });
    expect(said).toContain('aarch64');
    expect(said.includes('\x1b[')).toBe(hasColours);
  });

  test('register asks what becomes of what is registered already', async () => {
    register(':qemu-s390x:E::mine::/bin/true:');
    terminal.run('register', 'arm', '-p', 'no');
    const before = readRegistry();
    const kept = await atTerminal(terminal, ['register', 'arm', 's390x'], { answer: 'n\n' });
    expect(kept.said).toMatch(
      /arm is registered already, as qemu-arm\.\n.*s390x: The name qemu-s390x is taken .*\n.*Replace them\? \[y\/N\]/s,
    );
    expect(readRegistry()).toEqual(before);
    const replaced = await atTerminal(terminal, ['register', 's390x'], { answer: 'y\n' });
    expect(replaced.said).toContain('Registered s390x.');
    expect(readEntry('qemu-s390x')).toContain('/usr/local/bin/qemu-s390x-static\n');
  });
});

describe('an export over what is there already', () => {
  const place = path.join(directory, 'binfmt.d');
  const file = path.join(place, 'qemu-arm.conf');
  const words = ['export', 'arm', '--format', 'conf', '--qemu-path', '/usr/bin', '-o'];

  test.each([
    ['in a directory', `${place}/`],
    ['by its name', file],
  ])('asks, and does it for a yes alone: %s', async (_what, output) => {
    mkdirSync(place, { recursive: true });
    writeFileSync(file, '# Hands off!\n');
    const left = await atTerminal(terminal, [...words, output], { columns: 200, answer: 'n\n' });
    expect(left.said).toMatch(
      /qemu-arm\.conf is there already, and says something else\.\n.*Write over it\? \[y\/N\] .*Nothing was written\.\n/s,
    );
    expect(readFileSync(file, 'utf8')).toBe('# Hands off!\n');
    const written = await atTerminal(terminal, [...words, output], { columns: 200, answer: 'y\n' });
    expect(written.said).toContain(`Wrote ${file}`);
    expect(readFileSync(file, 'utf8')).toContain(':/usr/bin/qemu-arm:F\n');
  });
});

describe('elsewhere', () => {
  test('there are no colours and no width, unless colours are forced', () => {
    const { stdout } = terminal.run('list');
    expect(stdout).not.toContain('\x1b');
    expect(stdout).toContain('DESCRIPTION');
    const forced = terminal.runWith({ env: { FORCE_COLOR: '1' } }, 'list');
    expect(withoutColours(forced.stdout)).toBe(stdout);
    expect(forced.stdout).not.toBe(stdout);
    for (const env of [{ FORCE_COLOR: '0' }, { FORCE_COLOR: '1', NO_COLOR: '1' }]) {
      expect(terminal.runWith({ env }, 'list').stdout).toBe(stdout);
    }
  });

  test('a slow reader gets all of it', () => {
    terminal.run('register', 'all');
    const words = ['explain', ...Array<string>(90).fill('/bin/true'), '--json'];
    const through = (command: string) => ({ through: ['bash', '-o', 'pipefail', '-c', command, 'bash'] });
    const whole = terminal.runWith(
      through(`"$@" > '${directory}/whole'; cat '${directory}/whole'`),
      ...words,
    );
    // More than a pipe holds.
    expect(whole.stdout.length).toBeGreaterThan(2 * 65_536);
    expect(terminal.runWith(through('"$@" | (sleep 2; cat)'), ...words)).toEqual(whole);
    expect(whole).toMatchObject({ status: 0, stderr: '' });
  });

  test('a reader that goes away early is no error', () => {
    const { stdout, stderr, status } = terminal.runWith(
      { through: ['bash', '-c', 'set -o pipefail; "$@" | head -c 1', 'bash'] },
      ...['list', '--json'],
    );
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '{', stderr: '' });
  });

  test('a place that cannot be written to is one', () => {
    const { status, stderr } = terminal.runWith(
      { through: ['bash', '-c', '"$@" > /dev/full', 'bash'] },
      'list',
    );
    expect(status).toBe(1);
    expect(stderr).toBe('qemu-binfmt: The output could not be written (ENOSPC).\n');
  });

  test('--quiet says nothing of what went well', () => {
    expect(terminal.run('register', 'arm', '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(terminal.run('register', 'arm', '-q')).toMatchObject({ status: 1, stdout: '' });
  });
});

describe('a command line that makes no sense', () => {
  test.each([
    [['frobnicate'], "qemu-binfmt: unknown command 'frobnicate'"],
    [['lst'], "qemu-binfmt: unknown command 'lst' (Did you mean list?)"],
    [['help', 'lst'], "qemu-binfmt: unknown command 'lst' (Did you mean list?)"],
    [['--frobnicate'], "qemu-binfmt: unknown option '--frobnicate'"],
    [['register'], "qemu-binfmt: missing required argument 'TARGET'"],
    [
      ['register', 'arm', '-p', 'maybe'],
      "qemu-binfmt: option '-p, --persistent <yes|no>' argument 'maybe' is invalid. Allowed choices are yes, no.",
    ],
    [['register', 'arm', '--qemu-path'], "qemu-binfmt: option '-Q, --qemu-path <DIR>' argument missing"],
    [
      ['register', 'arm', '--keep', '--replace'],
      'qemu-binfmt: What is registered already can be kept or replaced, not both: leave out --keep or --replace.',
    ],
    [
      ['register', 'arm', '--interpreter', '/bin/true', '-Q', '/bin'],
      'qemu-binfmt: --interpreter names the file itself: leave out --qemu-path and --qemu-suffix.',
    ],
    [
      ['register', 'arm', 'mips', '--interpreter', '/bin/true'],
      'qemu-binfmt: One interpreter cannot run the programs of 2 CPUs. Choose a directory instead.',
    ],
    [
      ['register', 'arm', '--qemu-suffix', 'a/b'],
      'qemu-binfmt: The suffix ends the name of a file: it must not contain a slash.',
    ],
    [['register', 'arm', 'arm65'], 'qemu-binfmt: “arm65” is none of QEMU’s targets. Did you mean arm64?'],
    [
      ['unregister', 'linux/arm65'],
      'qemu-binfmt: “linux/arm65” is neither a target nor a registered entry. The verb “list” shows them all.',
    ],
    [['unregister', ','], 'qemu-binfmt: “,” names nothing.'],
    [['register', ','], 'qemu-binfmt: “,” names nothing.'],
    [['-n', 'registr', 'arm'], "qemu-binfmt: unknown command 'registr' (Did you mean register?)"],
    [['mount', 'here'], "qemu-binfmt: too many arguments for 'mount'. Expected 0 arguments but got 1."],
    [['switch', 'over'], 'qemu-binfmt: binfmt_misc can be switched on or off, and not “over”.'],
    [['completion', 'csh'], 'qemu-binfmt: There are completions for bash, zsh, fish, and not for “csh”.'],
  ])('%j is told so in a line, and nothing is done', (words, line) => {
    expect(terminal.run(...words)).toEqual({ status: 2, stdout: '', stderr: `${line}\n` });
    expect(readRegistry()).toEqual([]);
  });

  test('is helped by the help, the command’s and each verb’s', () => {
    const { stdout, status } = terminal.run('--help');
    expect(status).toBe(0);
    const verbs = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, verb]) => verb ?? '');
    expect(verbs).toEqual(expect.arrayContaining(['list', 'register', 'explain', 'completion']));
    for (const verb of verbs) {
      const help = terminal.run('help', verb);
      expect(help).toMatchObject({ status: 0, stderr: '' });
      expect(help.stdout).toMatch(new RegExp(`^Usage: qemu-binfmt ${verb}\\b`));
      expect(terminal.run(verb, '--help').stdout).toBe(help.stdout);
    }
  });
});

describe('whoever is not root', () => {
  // In a user namespace of its own, in which it is nobody.
  const nobody = { through: ['unshare', '--user'] };

  test('reads everything', () => {
    terminal.run('register', 'arm64');
    const { status, stdout, stderr } = terminal.runWith(nobody, 'list', 'arm64');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/aarch64 .* Enabled /);
    expect(terminal.runWith(nobody, 'reset', '--dry-run')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^# Unregister qemu-aarch64\n/),
    });
  });

  test('is told what to type, and that does it', () => {
    terminal.run('register', 'arm64');
    const words = ['unregister', 'qemu-*', '--quiet'];
    const { status, stdout, stderr } = terminal.runWith(nobody, ...words);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      `qemu-binfmt: Only root may do this. Type: sudo ${process.execPath} ${terminal.file} unregister 'qemu-*' --quiet\n`,
    );
    expect(listEntries()).toEqual(['qemu-aarch64']);
    // As root already, in place of sudo.
    const typed = stderr.slice(stderr.indexOf('sudo ') + 'sudo '.length);
    expect(spawnSync('bash', ['-c', typed], { env: terminal.env }).status).toBe(0);
    expect(listEntries()).toEqual([]);
  });

  test('hears first of what could not be done at all', () => {
    expect(
      terminal.runWith(nobody, 'register', 'arm', '--interpreter', '/bin/true', '-Q', '/bin'),
    ).toMatchObject({
      status: 2,
    });
    terminal.run('register', 'arm');
    expect(terminal.runWith(nobody, 'register', 'arm')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^qemu-binfmt: arm is registered already, as qemu-arm\. [^\n]*\n$/),
    });
    clearRegistry();
    expect(terminal.runWith(nobody, 'reset')).toMatchObject({ status: 0, stderr: '' });
  });

  test('learns from --sudo when there is no sudo', () => {
    const { status, stderr } = terminal.runWith(
      { ...nobody, env: { PATH: '/nowhere' }, through: ['/usr/bin/unshare', '--user'] },
      'register',
      'arm64',
      '--sudo',
    );
    expect(status).toBe(1);
    expect(stderr).toBe(
      'qemu-binfmt: sudo could not be started (spawn sudo ENOENT). Start this program as root.\n',
    );
    expect(listEntries()).toEqual([]);
  });
});

describe('several at once', () => {
  test('are all on record, each under its own number', async () => {
    terminal.run('register', 'all');
    const names = listEntries().slice(0, 12);
    const run = promisify(execFile);
    const before = new History(`${terminal.dataDirectory}/changes.jsonl`, fail).list().length;
    await Promise.all(
      names.map((name) => run(process.execPath, [terminal.file, 'disable', name], { env: terminal.env })),
    );
    const records = new History(`${terminal.dataDirectory}/changes.jsonl`, fail).list();
    expect(records).toHaveLength(before + names.length);
    const added = records.slice(0, names.length);
    expect(added.map(({ finished }) => finished?.message).toSorted()).toEqual(
      names.map((name) => `Disabled ${name}`).toSorted(),
    );
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
  });
});

const fail = (error: unknown): never => {
  throw error;
};
