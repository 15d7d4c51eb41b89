import { createReadStream } from 'node:fs';
import { Header } from 'tar/header';
import { encodeBytes } from '../binfmt/bytes.ts';
import { FileChanged } from './failures.ts';

/** What a file in an archive holds; it is read when its turn comes. */
export interface Content {
  /** In bytes. */
  readonly size: number;
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** A file, directory or link in an archive. Paths are relative, without `./`. */
export type TarEntry =
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly content: Content }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

const BLOCK_BYTES = 512;

/** The content of a file on disk (a string of bytes, see bytes.ts) of that size. Reading throws {@link FileChanged}. */
export const fileContent = (path: string, size: number): Content => ({
  size,
  read: () => readWhole(path, size),
});

export const bytesContent = (bytes: Uint8Array): Content => ({
  size: bytes.length,
  read: async function* () {
    yield bytes;
  },
});

/**
 * The archive as it comes: POSIX ustar, all entries root's, so that equal entries make equal bytes wherever and
 * whenever they are written. `mtime` is in seconds since 1970.
 */
export async function* tarStream(entries: readonly TarEntry[], mtime: number): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    yield headerOf(entry, mtime);
    if (entry.kind !== 'file') continue;
    yield* entry.content.read();
    const beyond = entry.content.size % BLOCK_BYTES;
    if (beyond > 0) yield Buffer.alloc(BLOCK_BYTES - beyond);
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

/** How many bytes {@link tarStream} yields. */
export const tarSize = (entries: readonly TarEntry[]): number =>
  entries.reduce(
    (sum, entry) =>
      sum +
      BLOCK_BYTES +
      (entry.kind === 'file' ? Math.ceil(entry.content.size / BLOCK_BYTES) * BLOCK_BYTES : 0),
    2 * BLOCK_BYTES,
  );

function headerOf(entry: TarEntry, mtime: number): Buffer {
  const header = new Header({
    path: entry.kind === 'directory' ? `${entry.path}/` : entry.path,
    type: ({ file: 'File', directory: 'Directory', link: 'SymbolicLink' } as const)[entry.kind],
    mode: entry.kind === 'file' ? entry.mode : entry.kind === 'directory' ? 0o755 : 0o777,
    uid: 0,
    gid: 0,
    size: entry.kind === 'file' ? entry.content.size : 0,
    mtime: new Date(mtime * 1000),
    ...(entry.kind === 'link' ? { linkpath: entry.target } : {}),
  });
  const block = Buffer.alloc(BLOCK_BYTES);
  const needsExtension = header.encode(block);
  if (needsExtension) throw new RangeError(`${entry.path} does not fit a ustar header.`);
  return block;
}

async function* readWhole(path: string, size: number): AsyncGenerator<Uint8Array> {
  if (size === 0) return;
  let read = 0;
  for await (const chunk of createReadStream(encodeBytes(path), {
    end: size - 1,
    highWaterMark: 256 * 1024,
  })) {
    read += (chunk as Buffer).length;
    yield chunk as Buffer;
  }
  if (read !== size) throw new FileChanged(path);
}
