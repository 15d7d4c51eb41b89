import { constants, type Stats } from 'node:fs';
import { access, type FileHandle, open, stat } from 'node:fs/promises';
import { encodeBytes } from '../bytes.ts';
import { hexOfBytes } from '../hex.ts';
import { mountOf, O_PATH } from '../mounts.ts';
import { registrationLimits } from '../register-line.ts';
import { type ReadAt, readElfContent } from './elf-content.ts';
import type { Access, Content } from './explanation.ts';
import { isScript, readShebang } from './shebang.ts';

/** A file as the kernel meets it on the way. */
export interface InspectedFile {
  readonly access: Access;
  readonly content: Content;
  /** Its first 256 bytes, zeros behind its end; null when they cannot be read. */
  readonly head: Uint8Array | null;
  /** In bytes. */
  readonly size: number;
  /** Whether its permissions let everybody execute it. */
  readonly isForAll: boolean;
  /** When it last changed in any way, or was put there (ctime), in milliseconds since 1970. */
  readonly changed: number;
}

/** Looks at the file at a path; another one than {@link inspectFile} serves tests. */
export type Inspect = (path: string) => Promise<InspectedFile>;

const HEAD_BYTES = registrationLimits.matchedBytes;
/** Program headers and the loader's path follow an ELF file's own header: one reading has them all. */
const USUAL_HEADERS = 4096;
const { O_RDONLY, O_NONBLOCK, X_OK } = constants;

/**
 * Looks at a file as execve(2) does, following links, and reads its beginning and the few parts that its program
 * headers lead to, however large it is. Never throws: what fails is told.
 */
export async function inspectFile(path: string): Promise<InspectedFile> {
  const pathBytes = encodeBytes(path);
  try {
    const stats = await stat(pathBytes);
    const common = { isForAll: (stats.mode & 0o001) !== 0, changed: stats.ctimeMs };
    const special = specialKindOf(stats);
    if (special !== null) {
      const refused = { kind: 'refused', errno: 'EACCES', reason: 'not-a-file' } as const;
      return { access: refused, content: { kind: special }, head: null, size: 0, ...common };
    }
    const access = await accessTo(pathBytes, stats);
    return { access, ...(await readContent(pathBytes, stats.size)), ...common };
  } catch (error) {
    return unreachable(codeOf(error));
  }
}

const unreachable = (errno: string): InspectedFile => ({
  access: { kind: 'refused', errno, reason: 'cannot-be-reached' },
  content: { kind: 'unreadable', errno },
  head: null,
  size: 0,
  isForAll: false,
  changed: 0,
});

type SpecialKind = 'directory' | 'fifo' | 'socket' | 'character-device' | 'block-device';

function specialKindOf(stats: Stats): SpecialKind | null {
  if (stats.isDirectory()) return 'directory';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  if (stats.isCharacterDevice()) return 'character-device';
  return stats.isBlockDevice() ? 'block-device' : null;
}

/** access(2) answers as execve(2) would, also on a file system mounted noexec; why it refuses is found out here. */
async function accessTo(path: Buffer, stats: Stats): Promise<Access> {
  try {
    await access(path, X_OK);
    return { kind: 'executable' };
  } catch (error) {
    const errno = codeOf(error);
    if ((stats.mode & 0o111) === 0) return { kind: 'refused', errno, reason: 'no-execute-bit' };
    const isNoexec = await isMountedNoexec(path);
    return { kind: 'refused', errno, reason: isNoexec ? 'mounted-noexec' : 'not-executable-for-you' };
  }
}

/** Whether the mount that the path leads through is mounted noexec. */
async function isMountedNoexec(path: Buffer): Promise<boolean> {
  const place = await open(path, O_PATH);
  try {
    return mountOf(place.fd)?.options.has('noexec') ?? false;
  } finally {
    await place.close();
  }
}

async function readContent(
  path: Buffer,
  size: number,
): Promise<Pick<InspectedFile, 'content' | 'head' | 'size'>> {
  let file: FileHandle;
  try {
    file = await open(path, O_RDONLY | O_NONBLOCK);
  } catch (error) {
    return { content: { kind: 'unreadable', errno: codeOf(error) }, head: null, size };
  }
  try {
    const readFrom = async (offset: number, length: number): Promise<Uint8Array> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    const start = await readFrom(0, USUAL_HEADERS);
    const readAt: ReadAt = async (offset, length) =>
      offset + length <= start.length ? start.subarray(offset, offset + length) : readFrom(offset, length);
    const read = start.subarray(0, HEAD_BYTES);
    const head = new Uint8Array(HEAD_BYTES);
    head.set(read);
    const elf = await readElfContent(head, size, readAt);
    return { content: elf ?? contentOf(head, read.length), head, size };
  } catch (error) {
    return { content: { kind: 'unreadable', errno: codeOf(error) }, head: null, size };
  } finally {
    await file.close();
  }
}

/** What the first bytes of a file that is no ELF file tell; `length` of them are the file's own. */
export function contentOf(head: Uint8Array, length: number): Content {
  if (length === 0) return { kind: 'empty' };
  if (isScript(head)) return readShebang(head);
  const own = head.subarray(0, length);
  // Control characters but tab, line feed, form feed and carriage return are no text.
  const looksLikeText = own.every((byte) => byte >= 0x20 || [0x09, 0x0a, 0x0c, 0x0d].includes(byte));
  return { kind: 'other', looksLikeText, firstBytes: hexOfBytes(own.subarray(0, 16)) };
}

function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  // A path with a NUL byte in it: there is no such file.
  return code === undefined || code.startsWith('ERR_') ? 'ENOENT' : code;
}
