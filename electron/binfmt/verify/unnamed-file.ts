import { accessSync, closeSync, constants, openSync, writeSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { failure, type Result, success } from '../result.ts';

/**
 * `__O_TMPFILE` (include/uapi/asm-generic/fcntl.h), the same on every CPU that Electron exists for; Node has no
 * name for it and passes numbers on.
 */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;

/** Where files that are to be executed may lie, the place meant for it first. */
export const executableDirectories = (): readonly string[] => [
  ...new Set(
    [
      tmpdir(),
      process.env.XDG_RUNTIME_DIR,
      process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'),
      '/dev/shm',
      '/var/tmp',
    ].filter((directory): directory is string => directory !== undefined && path.isAbsolute(directory)),
  ),
];

/**
 * Puts content into a file that can be executed and has no name, and returns it open for reading: the caller
 * must close it. It is on no list of files at any moment, so nothing is left of it when the last process that
 * has it open ends, however it ends. The problem is a list: why each directory will not do.
 */
export function openUnnamedExecutable(
  directories: readonly string[],
  content: Uint8Array,
): Result<number, string> {
  const problems: string[] = [];
  for (const directory of directories) {
    try {
      return success(openIn(directory, content));
    } catch (error) {
      problems.push(`${directory} ${reasonOf(error)}`);
    }
  }
  return failure(problems.join(', '));
}

class NoExec extends Error {}

function openIn(directory: string, content: Uint8Array): number {
  const writable = openSync(directory, O_TMPFILE | constants.O_RDWR, 0o700);
  let readable: number;
  try {
    writeSync(writable, content);
    // A file that is open for writing cannot be executed (ETXTBSY).
    readable = openSync(pathOf(writable), 'r');
  } finally {
    closeSync(writable);
  }
  try {
    // On a file system mounted `noexec` access(2) denies this to everybody, root included.
    accessSync(pathOf(readable), constants.X_OK);
    return readable;
  } catch {
    closeSync(readable);
    throw new NoExec();
  }
}

const pathOf = (file: number): string => `/proc/self/fd/${file}`;

function reasonOf(error: unknown): string {
  if (error instanceof NoExec) return 'is mounted noexec';
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'is not writable';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'is full';
    case 'ENOTSUP': // EOPNOTSUPP by libuv's name
    case 'EISDIR':
      return 'is on a file system without unnamed files (O_TMPFILE)';
    default:
      return `cannot be used (${(error as NodeJS.ErrnoException).code ?? error})`;
  }
}
