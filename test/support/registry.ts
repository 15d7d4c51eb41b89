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

/** The kernel's own directory; these tests run in a namespace that has one of its own. */
export const BINFMT_MISC = '/proc/sys/fs/binfmt_misc';

/** What the kernel says of an entry, or null when there is none. */
export function readEntry(name: string): string | null {
  const path = `${BINFMT_MISC}/${name}`;
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** The names of all entries, newest first: the order the kernel tries them in. */
export function listEntries(): readonly string[] {
  const directory = opendirSync(BINFMT_MISC);
  const names: string[] = [];
  for (let file = directory.readSync(); file !== null; file = directory.readSync()) names.push(file.name);
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
    writeSync(file, line);
  } finally {
    closeSync(file);
  }
}

export const writeToEntry = (name: string, value: '0' | '1' | '-1'): void =>
  writeFileSync(`${BINFMT_MISC}/${name}`, value);

/** Removes every entry and switches the master switch on, whatever a test left behind. */
export function clearRegistry(): void {
  if (!existsSync(`${BINFMT_MISC}/status`)) mount();
  for (const name of listEntries()) writeToEntry(name, '-1');
  writeFileSync(`${BINFMT_MISC}/status`, '1');
}

export const mount = (): void =>
  void execFileSync('mount', ['-t', 'binfmt_misc', 'binfmt_misc', BINFMT_MISC]);
export const unmount = (): void => void execFileSync('umount', [BINFMT_MISC]);
