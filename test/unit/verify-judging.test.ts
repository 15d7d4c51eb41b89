import { describe, expect, test } from 'vitest';
import type { Run } from '../../electron/binfmt/verify/run-program.ts';
import { type Failed, judge } from '../../electron/binfmt/verify/verification.ts';
import { theTarget } from '../support/example-data.ts';

function failureOf(run: Run, target = 'aarch64'): Failed {
  const verification = judge(theTarget(target), run, 5000);
  if (verification.verdict !== 'failed') throw new Error('It passed.');
  return verification;
}

const exited = (status: number, output = ''): Run => ({ end: 'exited', status, output, milliseconds: 3 });

describe('a run', () => {
  test('passes with status 42, whatever was printed', () => {
    expect(judge(theTarget('aarch64'), exited(42, 'warning'), 5000)).toEqual({
      verdict: 'passed',
      target: 'aarch64',
      milliseconds: 3,
    });
  });

  test.each([
    ['Exec format error', 'not-recognized'],
    ['No such file or directory', 'interpreter-missing'],
    ['Permission denied', 'not-permitted'],
    ['Operation not permitted', 'not-permitted'],
    ['Too many levels of symbolic links', 'not-executed'],
    ['Argument list too long', 'not-executed'],
  ])('that execve refuses with %s is %s', (error, kind) => {
    const failure = failureOf({ end: 'not-executed', error });
    expect(failure).toMatchObject({ target: 'aarch64', kind });
    expect(failure.explanation).toContain(`(${error})`);
    expect(failure.explanation).toMatch(/^[A-Z].*\.$/);
  });

  test.each([
    'qemu-m68k: /proc/self/fd/3: Invalid ELF image for this architecture\n',
    'Error while loading /proc/self/fd/3: Exec format error\n',
    "qemu-hexagon-static: unable to find CPU model 'unknown'\n",
  ])('in which the emulator says %j has the wrong emulator', (output) => {
    const failure = failureOf(exited(255, output));
    expect(failure.kind).toBe('wrong-emulator');
    expect(failure.explanation).toContain('qemu-aarch64');
  });

  test('quotes the first line, without the path and what is not text', () => {
    const run: Run = {
      end: 'killed',
      signal: 'SIGILL',
      output: 'qemu: /proc/self/fd/3: \x1b[31mno\x07\nmore',
    };
    expect(failureOf(run)).toMatchObject({
      kind: 'wrong-result',
      explanation:
        'The program should have exited with status 42, but was killed by SIGILL; the interpreter said ' +
        '“qemu: [31mno”. ' +
        'Check that the interpreter of the entry is qemu-aarch64.',
    });
  });

  test('says nothing of a silent one', () => {
    expect(failureOf(exited(1)).explanation).toContain('but exited with status 1. Check');
  });

  test('names the emulator that a target has', () => {
    expect(failureOf(exited(1), 'i486').explanation).toContain('qemu-i386');
  });

  test('that takes too long says how long', () => {
    expect(failureOf({ end: 'timed-out' })).toMatchObject({
      kind: 'timed-out',
      explanation: expect.stringContaining('within 5 s'),
    });
  });

  test('that was none says why', () => {
    const failure = failureOf({ end: 'not-tried', problem: '/tmp is mounted noexec' });
    expect(failure).toMatchObject({
      kind: 'not-tried',
      explanation: 'Nothing was executed, for /tmp is mounted noexec.',
    });
  });
});
