import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { atTerminal } from '../support/at-terminal.ts';
import { BuiltTerminal } from '../support/built-terminal.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { clearAllBootFiles, coverBoot } from '../support/private-boot.ts';
import { BOOT_FILES, readBootFile } from '../support/private-etc.ts';
import { clearRegistry, readRegistry } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
let terminal: BuiltTerminal;
let uncoverBoot: () => void;

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
  uncoverBoot = coverBoot();
});
beforeEach(() => {
  clearRegistry();
  clearAllBootFiles();
});
afterAll(() => {
  uncoverBoot();
  clearRegistry();
  remove();
});

const conf = path.join(directory, 'wanted.conf');

/** Registers arm with an emulator that is gone afterwards: the entry could not be put back. */
function registerForGood(): void {
  const emulator = path.join(directory, 'qemu-arm');
  copyFileSync('/usr/local/bin/qemu-arm-static', emulator);
  terminal.run('register', 'arm', '--interpreter', emulator);
  rmSync(emulator);
}

interface Asked {
  readonly words: readonly string[];
  readonly arrange: () => void;
  readonly question: string;
}

/** What asks before it does something. */
const asked: readonly Asked[] = [
  {
    words: ['reset'],
    arrange: () => terminal.run('register', 'arm', 's390x'),
    question: 'Remove these 2 entries: qemu-s390x qemu-arm?',
  },
  { words: ['unregister', 'arm'], arrange: registerForGood, question: 'Remove qemu-arm for good?' },
  {
    words: ['register', 's390x', '--reset'],
    arrange: registerForGood,
    question: 'Remove qemu-arm for good?',
  },
  {
    words: ['register', 'arm', '--replace'],
    arrange: registerForGood,
    question: 'Remove qemu-arm for good?',
  },
  {
    words: ['import', conf, '--remove-others'],
    arrange: () => {
      terminal.run('register', 's390x');
      writeFileSync(conf, terminal.run('export', '--format', 'conf').stdout);
      terminal.run('register', 'arm');
    },
    question: 'Remove qemu-arm?',
  },
  {
    words: ['apply', '--remove-others'],
    arrange: () => {
      terminal.run('register', 's390x', 'arm');
      terminal.run('keep', 's390x');
    },
    question: 'Remove qemu-arm?',
  },
  {
    words: ['forget', 'arm'],
    arrange: () => {
      terminal.run('register', 'arm');
      terminal.run('keep', 'arm');
      const file = path.join(BOOT_FILES, 'qemu-arm.conf');
      writeFileSync(file, `# mine\n${readFileSync(file, 'utf8').split('\n').slice(-2).join('\n')}`);
    },
    question: 'Change what others wrote?',
  },
];

const state = () => [readRegistry(), readBootFile('qemu-arm.conf')];

describe.each(asked)('$words', ({ words, arrange, question }) => {
  test.each([
    ['n\n', 'n\n'],
    ['\n', '\n'],
    ['\x04', '\n'],
    ['\x03', '\n'],
  ])('asks, and does nothing for %j', async (answer, echo) => {
    arrange();
    const before = state();
    const { status, said } = await atTerminal(terminal, words, { answer, env: { TERM: 'dumb' } });
    expect(said.endsWith(`${question} [y/N] ${echo}qemu-binfmt: Nothing was changed.\n`), said).toBe(true);
    expect(status).toBe(1);
    expect(state()).toEqual(before);
  });

  test.each([
    ['for a yes', [], 'yes\n'],
    ['unasked with --yes', ['--yes'], undefined],
  ])('does it %s', async (_when, more, answer) => {
    arrange();
    const before = state();
    const { status, said } = await atTerminal(
      terminal,
      [...words, ...more],
      answer === undefined ? {} : { answer },
    );
    expect({ status, isAsked: said.includes(question) }, said).toEqual({
      status: 0,
      isAsked: answer !== undefined,
    });
    expect(state()).not.toEqual(before);
  });

  test('asks nobody who is not root: they are told so', async () => {
    arrange();
    const before = state();
    const { status, said } = await atTerminal(terminal, words, { through: ['unshare', '--user'] });
    expect({ status, said }).toEqual({
      status: 1,
      said: `qemu-binfmt: Only root may do this. Type: sudo ${terminal.command} ${words.join(' ')}\n`,
    });
    expect(state()).toEqual(before);
  });
});

describe.each(asked.filter(({ arrange }) => arrange === registerForGood))('$words', ({ words }) => {
  test.each([[], ['--dry-run']])(
    'says what nobody could put back, where nobody can be asked, %j',
    (...more) => {
      registerForGood();
      const { status, stderr } = terminal.run(...words, ...more);
      expect({ status, stderr }).toEqual({
        status: 0,
        stderr: `qemu-binfmt: qemu-arm could not be put back: its interpreter ${directory}/qemu-arm is not on this machine; the kernel only holds it open.\n`,
      });
    },
  );
});
