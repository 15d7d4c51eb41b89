import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BuiltTerminal } from '../support/built-terminal.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { clearRegistry, register } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
const bin = path.join(directory, 'bin');
let terminal: BuiltTerminal;

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
  mkdirSync(bin);
  const command = `#!/bin/sh\nexec '${process.execPath}' '${terminal.file}' "$@"\n`;
  writeFileSync(path.join(bin, 'qemu-binfmt'), command, { mode: 0o755 });
  for (const shell of ['bash', 'zsh', 'fish']) {
    writeFileSync(path.join(directory, shell), terminal.run('completion', shell).stdout);
  }
});
beforeEach(() => {
  clearRegistry();
  terminal.run('register', 'arm64', 's390x', '-q');
  terminal.run('disable', 's390x', '-q');
});
afterAll(() => {
  clearRegistry();
  remove();
});

const environment = () => ({
  ...terminal.env,
  PATH: `${bin}:${terminal.env.PATH}`,
  TERM: 'dumb',
  SHELL: '/bin/sh',
});
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).error === undefined;

/** What a shell shows of a line typed at it, with the TABs in it. */
function typedAt(shell: string, lines: readonly string[]): string {
  const { stdout } = spawnSync('script', ['--quiet', '--command', shell, '/dev/null'], {
    env: environment(),
    input: lines.map((line) => `${line}\n`).join(''),
    encoding: 'utf8',
    timeout: 20_000,
  });
  return stdout;
}

/** What the function for bash offers for the last of these words, as it would stand on the command line. */
function offeredByBash(...words: readonly string[]): readonly string[] {
  const script = `source "$1"; shift; COMP_WORDS=(qemu-binfmt "$@"); COMP_CWORD=$#
    _qemu_binfmt qemu-binfmt; printf '%s\\0' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['-c', script, 'bash', path.join(directory, 'bash'), ...words], {
    env: environment(),
    cwd: directory,
    encoding: 'utf8',
  });
  return stdout.split('\0').slice(0, -1);
}

describe('bash', () => {
  test('completes verbs, options and their values', () => {
    expect(offeredByBash('un')).toEqual(['unregister', 'undo']);
    expect(offeredByBash('register', '--qemu')).toEqual(['--qemu-path', '--qemu-suffix']);
    expect(offeredByBash('register', '-p', '')).toEqual(['yes', 'no']);
    expect(offeredByBash('register', '--persistent', '=')).toEqual(['yes', 'no']);
    expect(offeredByBash('register', '--persistent', '=', 'y')).toEqual(['yes']);
    expect(offeredByBash('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(offeredByBash('help', 'expl')).toEqual(['explain']);
    expect(offeredByBash('--dry-run', 'unreg')).toEqual(['unregister']);
    expect(offeredByBash('-p', 'no', 'register', 's39')).toEqual(['s390x']);
  });

  test('completes targets by what can be done with them, also behind a comma', () => {
    expect(offeredByBash('register', 'ar')).toEqual([
      'arm',
      'armeb',
      'arm64',
      'arm64/v8',
      'arm64/v9',
      'arm64be',
      'armhf',
      'armel',
      'arm/v5',
      'arm/v6',
      'arm/v7',
      'arm/v8',
      'armbe',
    ]);
    expect(offeredByBash('register', 's39')).toEqual(['s390x']);
    expect(offeredByBash('register', 'arm,risc')).toEqual(['arm\\,riscv32', 'arm\\,riscv64']);
    expect(offeredByBash('enable', '')).toEqual(['s390x', 'qemu-s390x']);
    expect(offeredByBash('disable', '')).toEqual(['aarch64', 'qemu-aarch64']);
    expect(offeredByBash('unregister', 'qemu')).toEqual(['qemu-s390x', 'qemu-aarch64']);
  });

  test('completes files where files are meant', () => {
    expect(offeredByBash('explain', 'fis')).toEqual(['fish']);
    expect(offeredByBash('get', 'fis')).toEqual(['fish']);
    expect(offeredByBash('get', 'fish', 's39')).toEqual(['s390x']);
    expect(offeredByBash('get', 'fish', 's390x', 'x86')).toEqual(['x86_64']);
    expect(offeredByBash('get', 'fish', '--register', '')).toEqual(['yes', 'no']);
    expect(offeredByBash('register', 'arm', '--qemu-path', 'bi')).toEqual(['bin']);
  });

  test('quotes what an entry is called and carries out nothing of it', () => {
    register(':$(touch owned):E::x::/bin/true:');
    register(":it's `touch owned`:E::y::/bin/true:");
    expect(offeredByBash('unregister', '$')).toEqual(['\\$\\(touch\\ owned\\)']);
    expect(offeredByBash('unregister', '\\$\\(tou')).toEqual(['\\$\\(touch\\ owned\\)']);
    expect(offeredByBash('unregister', "'$(")).toEqual(['$(touch owned)']);
    expect(offeredByBash('unregister', 'it')).toEqual(["it\\'s\\ \\`touch\\ owned\\`"]);
    expect(existsSync(path.join(directory, 'owned'))).toBe(false);
  });

  test('completes names that hold what it breaks words at', () => {
    register('|a:b=c@d:e|E||x||/bin/true|');
    const beginnings = ['a:', 'a:b', 'a:b=', 'a:b=c@d:', 'a\\:b', "'a:", 's390x,a:b'];
    const said = typedAt('bash --noprofile --norc -i', [
      `source ${path.join(directory, 'bash')}`,
      ...beginnings.map((typed) => `qemu-binfmt unregister ${typed}\t--dry-run`),
      'qemu-binfmt register arm --persistent=n\t--dry-run',
      'exit',
    ]);
    expect(said.match(/^# Unregister a:b=c@d:e\r$/gm)).toHaveLength(beginnings.length);
    expect(said).toMatch(/^# Register qemu-arm with \S+\r$/m);
  });

  test('does so when somebody types', () => {
    const said = typedAt('bash --noprofile --norc -i', [
      `source ${path.join(directory, 'bash')}`,
      'complete -p qemu-binfmt',
      'qemu-binfmt unreg\tqemu-aar\t--dry\t',
      'exit',
    ]);
    expect(said).toContain('complete -F _qemu_binfmt qemu-binfmt');
    expect(said).toContain('# Unregister qemu-aarch64');
  });
});

describe('zsh', () => {
  test.skipIf(!has('zsh'))('completes when somebody types (skipped where there is no zsh)', () => {
    register(':$(touch owned):E::x::/bin/true:');
    const said = typedAt('zsh -f -i', [
      `cd ${directory}; autoload -U compinit && compinit -u -D; source ./zsh`,
      'qemu-binfmt unreg\tqemu-aar\t--dry\t',
      "qemu-binfmt unregister '$\t--dry-run",
      'exit',
    ]);
    expect(said).toContain('# Unregister qemu-aarch64');
    expect(said).toContain('# Unregister $(touch owned)');
    expect(existsSync(path.join(directory, 'owned'))).toBe(false);
  });
});

describe('zsh, as systems set it up', () => {
  test.skipIf(!has('zsh'))(
    'loads the completions when they are first needed (skipped where there is no zsh)',
    () => {
      const place = path.join(directory, 'site-functions');
      mkdirSync(place);
      writeFileSync(path.join(place, '_qemu-binfmt'), terminal.run('completion', 'zsh').stdout);
      const said = typedAt('zsh -f -i', [
        `fpath=(${place} $fpath); autoload -U compinit && compinit -u -D`,
        'qemu-binfmt unreg\tqemu-aar\t--dry\t',
        'exit',
      ]);
      expect(said).toContain('# Unregister qemu-aarch64');
    },
  );
});

describe('fish', () => {
  const offered = (line: string): readonly string[] =>
    spawnSync(
      'fish',
      ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', path.join(directory, 'fish'), line],
      {
        env: environment(),
        cwd: directory,
        encoding: 'utf8',
      },
    )
      .stdout.trimEnd()
      .split('\n');

  test.skipIf(!has('fish'))('completes with descriptions (skipped where there is no fish)', () => {
    register(':$(touch owned):E::x::/bin/true:');
    expect(offered('qemu-binfmt unreg')).toEqual(['unregister\tremove entries']);
    expect(offered('qemu-binfmt enable s')).toContain('s390x\tIBM Z, 64-bit');
    expect(offered('qemu-binfmt register --persistent=').toSorted()).toEqual([
      '--persistent=no',
      '--persistent=yes',
    ]);
    expect(offered("qemu-binfmt unregister '$")).toEqual(['$(touch owned)\tentry']);
    expect(offered('qemu-binfmt explain fis')).toContain('fish');
    expect(existsSync(path.join(directory, 'owned'))).toBe(false);
  });
});
