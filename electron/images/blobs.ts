import { createHash, type Hash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { encodeBytes } from '../binfmt/bytes.ts';
import { createCompressor, withFixedHeader } from './gzip.ts';

/** What names a blob in an image: the OCI image specification's content descriptor. */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
}

/** A compressed blob, and the digest of what it holds uncompressed (an image's diff id). */
export interface CompressedBlob extends Descriptor {
  readonly diffId: string;
}

/** Where a blob lies in an image layout. */
export const blobPath = (layout: string, digest: string): string =>
  path.join(layout, 'blobs', ...digest.split(':'));

/** Makes a layout's directories, one by one: mkdir with `recursive` says ENOENT of a full disk. */
export async function makeBlobDirectory(layout: string): Promise<void> {
  for (const directory of [layout, path.join(layout, 'blobs'), path.join(layout, 'blobs', 'sha256')]) {
    await mkdir(encodeBytes(directory));
  }
}

/** Writes JSON as a blob. Equal values, with their keys in the same order, make equal blobs. */
export async function writeJsonBlob(layout: string, mediaType: string, value: unknown): Promise<Descriptor> {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = digestOf(createHash('sha256').update(bytes));
  const file = await open(encodeBytes(blobPath(layout, digest)), 'w');
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
  return { mediaType, digest, size: bytes.length };
}

/**
 * Compresses what comes into a blob, without holding more of it than a few chunks. Throws what reading and writing
 * report, and an AbortError.
 */
export async function writeCompressedBlob(
  layout: string,
  mediaType: string,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<CompressedBlob> {
  const [plain, compressed] = [createHash('sha256'), createHash('sha256')];
  const unnamed = path.join(layout, `blob-${randomBytes(6).toString('hex')}`);
  const size = await writeCompressed(unnamed, hashing(plain, source), signal, compressed);
  const digest = digestOf(compressed);
  await rename(encodeBytes(unnamed), encodeBytes(blobPath(layout, digest)));
  return { mediaType, digest, size, diffId: digestOf(plain) };
}

/** Compresses what comes into a file; returns its size in bytes, and adds them to `hash`. */
export async function writeCompressed(
  file: string,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
  hash: Hash = createHash('sha256'),
): Promise<number> {
  const target = createWriteStream(encodeBytes(file), { flags: 'wx' });
  await pipeline(
    source,
    createCompressor(),
    (chunks: AsyncIterable<Buffer>) => hashing(hash, withFixedHeader(chunks)),
    target,
    signal === undefined ? {} : { signal },
  );
  return target.bytesWritten;
}

const digestOf = (hash: Hash): string => `sha256:${hash.digest('hex')}`;

async function* hashing(hash: Hash, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
