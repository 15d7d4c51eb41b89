import { closeSync, openSync, writeSync } from 'node:fs';
import { decodeBytes } from '../../electron/binfmt/bytes.ts';
import { BINFMT_MISC, readEntry, writeToEntry } from './registry.ts';

/** The kernel's answer to a register line: the text of the entry it made, or the error's code. */
export type Answer = { readonly text: string } | { readonly code: string };

/** Registers a line, reads what became of it, and removes it again before anything can be started. */
export function askKernel(line: Uint8Array, name: string): Answer {
  const file = openSync(`${BINFMT_MISC}/register`, 'w');
  try {
    writeSync(file, line);
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? String(error) };
  } finally {
    closeSync(file);
  }
  const text = readEntry(name);
  if (text === null) throw new Error(`It registered ${decodeBytes(line)}, but not under the name ${name}.`);
  writeToEntry(name, '-1');
  return { text };
}

/** Flags as the kernel prints them: in its order, each once, and O besides C. */
export const printedFlags = (flags: string): string =>
  [...'POCF'].filter((flag) => flags.includes(flag) || (flag === 'O' && flags.includes('C'))).join('');
