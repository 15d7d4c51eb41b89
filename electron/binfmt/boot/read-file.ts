import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink, stat } from 'node:fs/promises';
import { decodeBytes, encodeBytes } from '../bytes.ts';

/** What is at a path: a file's text, or what else keeps it from having one. */
export type FileContent =
  /** Its text, a string of bytes. */
  | { readonly kind: 'text'; readonly text: string }
  /** A link to /dev/null. */
  | { readonly kind: 'null' }
  | { readonly kind: 'missing' }
  /** A link whose end is not there. */
  | { readonly kind: 'dangling' }
  /** A pipe: whoever opens it waits until something is written into it. */
  | { readonly kind: 'pipe' }
  /** No regular file but something else: what, as the end of a sentence that begins with its path. */
  | { readonly kind: 'special'; readonly reason: string }
  /** Why a regular file has no text for us: the end of a sentence that begins with its path. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** The longest file that is read, in bytes; those that distributions ship have some hundred. */
const LONGEST_FILE = 64 * 1024;

/** The most bytes of a file that may be no part of UTF-8: more are no text, and take long to decode. */
const MOST_STRAY_BYTES = 4096;

/** The most names that are read from one directory. */
const MOST_NAMES = 1024;

/** Looks at the file at a path, following links. Opens nothing but regular files: others could block, or do something. Never throws. */
export async function readSmallFile(path: string): Promise<FileContent> {
  const pathBytes = encodeBytes(path);
  try {
    const stats = await stat(pathBytes);
    if (stats.isCharacterDevice() && stats.rdev === NULL_DEVICE) return { kind: 'null' };
    if (stats.isFIFO()) return { kind: 'pipe' };
    if (!stats.isFile()) return { kind: 'special', reason: kindOf(stats) };
    return await readRegularFile(pathBytes);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return (await exists(path)) ? { kind: 'dangling' } : { kind: 'missing' };
    return { kind: 'unreadable', reason: reasonFor(code) };
  }
}

/** The names in a directory (strings of bytes), or the end of a sentence saying why they cannot be read. A missing directory has none. */
export async function readNames(directory: string): Promise<readonly string[] | { readonly reason: string }> {
  try {
    const names = await readdir(encodeBytes(directory), { encoding: 'buffer' });
    if (names.length > MOST_NAMES) return { reason: `has ${names.length} files, more than are read here` };
    return names.map(decodeBytes);
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? [] : { reason: reasonFor(code) };
  }
}

/** Whether there is anything of that path, be it a link that leads nowhere. Never throws. */
export const exists = (path: string): Promise<boolean> =>
  lstat(encodeBytes(path)).then(
    () => true,
    () => false,
  );

/** Where a link leads, or null for what is none. Never throws. */
export const linkTarget = (path: string): Promise<string | null> =>
  readlink(encodeBytes(path), { encoding: 'buffer' }).then(decodeBytes, () => null);

/** makedev(1, 3), in the kernel's Documentation/admin-guide/devices.txt */
const NULL_DEVICE = 0x103;

const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants;

async function readRegularFile(path: Buffer): Promise<FileContent> {
  // Something else may have taken its place meanwhile: it must not block either.
  const file: FileHandle = await open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return { kind: 'special', reason: kindOf(stats) };
    if (stats.size > LONGEST_FILE) {
      return { kind: 'unreadable', reason: `has more than ${LONGEST_FILE / 1024} KiB and is not read here` };
    }
    const { buffer, bytesRead } = await file.read(Buffer.alloc(stats.size), 0, stats.size, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (strayBytesIn(bytes) > MOST_STRAY_BYTES) return { kind: 'unreadable', reason: 'is no text' };
    return { kind: 'text', text: decodeBytes(bytes) };
  } finally {
    await file.close();
  }
}

/** About how many: the decoder puts one replacement character where up to three of them are. */
const strayBytesIn = (bytes: Buffer): number => bytes.toString('utf8').split('\ufffd').length - 1;

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'is a directory';
  if (stats.isSocket()) return 'is a socket';
  return stats.isFIFO() ? 'is a pipe' : 'is a device';
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

function reasonFor(code: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by you';
    case 'ELOOP':
      return 'is a link that leads back to itself';
    default:
      return `cannot be read (${code})`;
  }
}
