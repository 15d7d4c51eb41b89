import { readFileSync } from 'node:fs';
import { decodeBytes } from '../binfmt/bytes.ts';

/** How this process was started: all strings are strings of bytes. */
export interface Invocation {
  /** What starts this program again, from anywhere and as anybody. */
  readonly program: readonly string[];
  /** What to type for that: less, where everybody's shell finds it. */
  readonly name: readonly string[];
  /** What a person typed behind its name. */
  readonly words: readonly string[];
}

/**
 * How this process was started. `script` is the path of the program's file. An installed program starts through
 * a script, which tells of itself in QEMU_BINFMT_COMMAND.
 */
export function readInvocation(script: string): Invocation {
  const { argv, env, execPath } = process;
  const { QEMU_BINFMT_COMMAND: command } = env;
  const asNode = 'electron' in process.versions ? ['env', 'ELECTRON_RUN_AS_NODE=1'] : [];
  const program = command?.startsWith('/') ? [command] : [...asNode, execPath, script];
  const name = command === INSTALLED ? ['qemu-binfmt'] : program;
  return { program, name, words: readWords(argv.slice(2)) };
}

/** Where packages put the command. */
const INSTALLED = '/usr/bin/qemu-binfmt';

/** The words as bytes: Node replaces what is not UTF-8. */
function readWords(words: readonly string[]): readonly string[] {
  if (!words.some((word) => word.includes('\ufffd'))) return words;
  const bytes = readFileSync('/proc/self/cmdline').toString('latin1').split('\0').slice(0, -1);
  return bytes.slice(bytes.length - words.length).map((word) => decodeBytes(Buffer.from(word, 'latin1')));
}
