import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BuiltTerminal } from '../support/built-terminal.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { clearRegistry, listEntries } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
const emulators = '/usr/local/bin';
let terminal: BuiltTerminal;

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
  clearRegistry();
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', emulators]);
});
afterAll(() => {
  execFileSync('umount', [emulators]);
  remove();
});

test.each([
  { words: ['register', 'all'], says: 'No emulator is installed. This installs them: COMMAND install' },
  {
    words: ['register', 'arm64'],
    says: 'No emulator for aarch64 is installed (qemu-aarch64-static or qemu-aarch64). This installs it: COMMAND install',
  },
  {
    words: ['register', 'arm64', '--qemu-path', '/opt/qemu'],
    says: 'qemu-aarch64 was not registered: its interpreter /opt/qemu/qemu-aarch64 is not there. Install it and try again.',
  },
  {
    words: ['tarball'],
    says: 'There is no static emulator on this machine. This installs them: COMMAND install',
  },
  {
    words: ['image', '--output', `${directory}/images`],
    says: 'There is no static emulator on this machine. This installs them: COMMAND install',
  },
])('$words says what would install one, where that would help', ({ words, says }) => {
  const run = terminal.run(...words);
  expect(run).toEqual({
    status: 1,
    stdout: '',
    stderr: `qemu-binfmt: ${says.replace('COMMAND', terminal.command)}\n`,
  });
  expect(listEntries()).toEqual([]);
});

test('show names the command that installs one', () => {
  expect(terminal.run('show', 's390x').stdout).toContain(`To make it run\n  ${terminal.command} install\n`);
});
