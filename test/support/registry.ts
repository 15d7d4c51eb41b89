import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  opendirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { decodeBytes, encodeBytes } from '../../electron/binfmt/bytes.ts';

/** The kernel's own directory; these tests run in a namespace that has one of its own. */
export const BINFMT_MISC = '/proc/sys/fs/binfmt_misc';

/** Names, lines and texts are strings of bytes, see bytes.ts. */
const pathOf = (name: string): Buffer => encodeBytes(`${BINFMT_MISC}/${name}`);

/** What the kernel says of an entry, or null when there is none. */
export const readEntry = (name: string): string | null =>
  existsSync(pathOf(name)) ? decodeBytes(readFileSync(pathOf(name))) : null;

/** The names of all entries, newest first: the order the kernel tries them in. */
export function listEntries(): readonly string[] {
  // latin1 keeps every byte; utf8 would not.
  const directory = opendirSync(BINFMT_MISC, { encoding: 'latin1' });
  const names: string[] = [];
  for (let file = directory.readSync(); file !== null; file = directory.readSync()) {
    names.push(decodeBytes(Buffer.from(file.name, 'latin1')));
  }
  directory.closeSync();
  return names.filter((name) => name !== 'register' && name !== 'status');
}

/** Everything the kernel says, in its order: two equal lists are two equal registries. */
export const readRegistry = (): readonly (readonly [string, string | null])[] =>
  listEntries().map((name) => [name, readEntry(name)]);

/** Registers as other tools do: one write of the line. */
export function register(line: string): void {
  const file = openSync(`${BINFMT_MISC}/register`, 'w');
  try {
    writeSync(file, encodeBytes(line));
  } finally {
    closeSync(file);
  }
}

export const writeToEntry = (name: string, value: '0' | '1' | '-1'): void =>
  writeFileSync(pathOf(name), value);

/** Removes every entry and switches the master switch on, whatever a test left behind. */
export function clearRegistry(): void {
  if (!existsSync(`${BINFMT_MISC}/status`)) mount();
  for (const name of listEntries()) writeToEntry(name, '-1');
  writeFileSync(`${BINFMT_MISC}/status`, '1');
}

export const mount = (): void =>
  void execFileSync('mount', ['-t', 'binfmt_misc', 'binfmt_misc', BINFMT_MISC]);
export const unmount = (): void => void execFileSync('umount', [BINFMT_MISC]);
