import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  commandOf,
  isTooLong,
  LONGEST_ARGUMENT,
  packedCommandOf,
} from '../../electron/elevation/script-command.ts';

/** A script of about so many bytes. */
const scriptOf = (length: number, line: () => string): string => {
  const lines: string[] = [];
  for (let size = 0; size < length; size += lines.at(-1)?.length ?? 0) lines.push(`: '${line()}'\n`);
  return `${lines.join('')}echo "$((6 * 7)) \`echo done\`"\n`;
};
const alike = scriptOf(1_000_000, () => 'register :qemu-arm:M::');
const random = scriptOf(300_000, () => randomBytes(30).toString('base64'));
const run = (program: string, command: string): string =>
  spawnSync(program, ['-c', command], { encoding: 'latin1' }).stdout;

describe('the command for a script', () => {
  test.each([
    ['short', 'echo "$((6 * 7)) `echo done`"\n'],
    ['long', alike],
  ])('executes one that is %s', (_length, script) => {
    expect(commandOf(script).length).toBeLessThanOrEqual(LONGEST_ARGUMENT);
    expect(run('/bin/bash', commandOf(script))).toBe('42 done\n');
    expect(run('/bin/bash', packedCommandOf(script))).toBe('42 done\n');
  });

  test('passes unchanged through the shell that sudo-prompt starts', () => {
    expect(run('/bin/sh', `/bin/bash -c "echo first; ${packedCommandOf(alike)}"`)).toBe('first\n42 done\n');
  });

  test('is too long only for what cannot be packed', () => {
    expect(isTooLong(alike)).toBe(false);
    expect(isTooLong(random)).toBe(true);
  });
});
