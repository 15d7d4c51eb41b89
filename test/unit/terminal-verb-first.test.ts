import { describe, expect, test } from 'vitest';
import { verbFirst } from '../../electron/terminal/verb-first.ts';

describe('the verb', () => {
  test.each([
    [[], ['list']],
    [['--json'], ['list', '--json']],
    [
      ['register', 'arm', '-n'],
      ['register', 'arm', '-n'],
    ],
    [
      ['--dry-run', 'register', 'arm'],
      ['register', '--dry-run', 'arm'],
    ],
    [
      ['-q', '-p', 'no', 'register', 'arm'],
      ['register', '-q', '-p', 'no', 'arm'],
    ],
    [
      ['-qp', 'no', 'register', 'arm'],
      ['register', '-qp', 'no', 'arm'],
    ],
    [
      ['-pno', 'register', 'arm'],
      ['register', '-pno', 'arm'],
    ],
    [
      ['--persistent=no', 'register', 'arm'],
      ['register', '--persistent=no', 'arm'],
    ],
    [
      ['--qemu-path', '/bin', 'register', 'arm'],
      ['register', '--qemu-path', '/bin', 'arm'],
    ],
    [['arm64'], ['list', 'arm64']],
    [
      ['--json', 'linux/arm64,s390x'],
      ['list', '--json', 'linux/arm64,s390x'],
    ],
    [
      ['--', 'register'],
      ['list', '--', 'register'],
    ],
    [['lst'], ['lst']],
    [
      ['-n', 'registr', 'arm'],
      ['registr', '-n', 'arm'],
    ],
    [['help'], ['--help']],
    [
      ['help', 'show'],
      ['show', '--help'],
    ],
    [['-V'], ['-V']],
  ])('of %j comes first in %j', async (words, expected) => {
    expect(await verbFirst(words)).toEqual(expected);
  });
});
