import { chmodSync, copyFileSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Explanation } from '../../electron/binfmt/explain/explanation.ts';
import { formatRegisterLine } from '../../electron/binfmt/register-line.ts';
import { BuiltTerminal } from '../support/built-terminal.ts';
import { registrationOfTarget } from '../support/example-data.ts';
import { execute } from '../support/execve.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { clearRegistry, register } from '../support/registry.ts';

/**
 * Starts a command as somebody whom permissions hold for: without root's capabilities. The namespace has no other
 * user id, so files are closed to their owner here, who is asked before the others are.
 */
const asOrdinaryUser = [
  'setpriv',
  '--securebits=+noroot,+noroot_locked',
  '--inh-caps=-all',
  '--ambient-caps=-all',
  '--bounding-set=-all',
];

const { directory: temporary, remove } = temporaryDirectory();
const directory = realpathSync(temporary);
const closed = path.join(directory, 'closed');
const foreignProgram = path.join(process.env.TEST_PROGRAMS ?? '', 'arm64/bin/busybox');
let terminal: BuiltTerminal;

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
  mkdirSync(closed);
});
beforeEach(clearRegistry);
afterAll(() => {
  clearRegistry();
  chmodSync(closed, 0o755);
  remove();
});

function put(name: string, mode: number, content = '/usr/bin/realpath'): string {
  const file = path.join(directory, name);
  copyFileSync(content, file);
  chmodSync(file, mode);
  return file;
}

function script(name: string, interpreter: string, mode = 0o755): string {
  const file = path.join(directory, name);
  writeFileSync(file, `#!${interpreter}\n`);
  chmodSync(file, mode);
  return file;
}

function explain(...files: readonly string[]): readonly Explanation[] {
  // What it cannot reach it also complains of.
  const { stdout } = terminal.runWith({ through: asOrdinaryUser }, 'explain', '--json', '--', ...files);
  return JSON.parse(stdout);
}

describe('an ordinary user', () => {
  test('is told what execve does with files that are closed in part', () => {
    const notForYou = put('not-for-you', 0o055);
    const unreadable = put('unreadable', 0o111);
    put('closed/program', 0o755);
    const files = [
      notForYou,
      unreadable,
      path.join(closed, 'program'),
      script('unreadable-script', '/usr/bin/realpath', 0o111),
      script('of-not-for-you', notForYou),
      script('of-unreadable', unreadable),
      script('of-closed', path.join(closed, 'program')),
      put('whole', 0o755),
    ];
    chmodSync(closed, 0o055);
    const explanations = explain(...files);
    const happened = execute(files, asOrdinaryUser);
    chmodSync(closed, 0o755);
    const said = explanations.map(({ outcome }) => (outcome.kind === 'fails' ? outcome.errno : outcome.kind));
    expect(said).toEqual([
      'EACCES',
      'unknown', // It runs: nobody can tell from what cannot be read.
      'EACCES',
      'unknown',
      'EACCES',
      'unknown',
      'EACCES',
      'runs-natively',
    ]);
    for (const [index, end] of happened.entries()) {
      if (said[index] !== 'unknown')
        expect(end, files[index]).toEqual(said[index] === 'EACCES' ? 'EACCES' : [files[index]]);
    }
    const verdicts = explanations.map(({ verdict }) => verdict);
    expect(verdicts[0]).toContain('may be executed by others, but not by you');
    expect(verdicts[1]).toBe('Nobody can tell from here: you may execute it, but not read it.');
    expect(verdicts[2]).toContain('lies in a directory that is closed to you');
    expect(verdicts[4]).toContain(
      `the interpreter “${notForYou}” that its #! line names may be executed by others`,
    );
  });

  const qemu = '/usr/local/bin/qemu-aarch64-static';
  const show = (): string => {
    const { stdout, status } = terminal.runWith({ through: asOrdinaryUser }, 'show', 'aarch64');
    expect(status).toBe(0);
    return stdout;
  };
  function registerAarch64(interpreter: string, flags: string): void {
    const line = formatRegisterLine(registrationOfTarget('aarch64', { interpreter, flags }));
    if (!line.ok) throw new Error(line.problem);
    register(line.value);
  }

  test.each([
    ['in a closed directory', 'closed/qemu', 0o755, 'lies in a directory that is closed to you'],
    ['that others may execute', 'qemu', 0o055, 'may be executed by others, but not by you'],
  ])('is told that an interpreter %s is not for them, and with F it is', (_, name, mode, says) => {
    const interpreter = put(name, mode, qemu);
    chmodSync(closed, 0o055);
    try {
      registerAarch64(interpreter, '');
      const page = show();
      expect(page).toContain(`Its interpreter ${interpreter} ${says}.`);
      expect(page).toContain('Programs that you start fail with “Permission denied”');
      expect(page).toContain('Programs for this CPU run, but not for everybody');
      expect(page).not.toContain('not on disk');
      expect(execute([foreignProgram], asOrdinaryUser)).toEqual(['EACCES']);
      expect(execute([foreignProgram])).toEqual([[]]);
      expect(explain(foreignProgram)[0]).toMatchObject({
        outcome: { kind: 'fails', errno: 'EACCES', entry: 'qemu-aarch64' },
        action: null,
      });

      clearRegistry();
      registerAarch64(interpreter, 'F');
      expect(show()).toContain('Programs for this CPU run, also in containers.');
      expect(execute([foreignProgram], asOrdinaryUser)).toEqual([[]]);
      expect(explain(foreignProgram)[0]?.outcome.kind).toBe('runs-under');
    } finally {
      chmodSync(closed, 0o755);
    }
  });
});
