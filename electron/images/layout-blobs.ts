import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { encodeBytes } from '../binfmt/bytes.ts';
import { blobPath } from './blobs.ts';

const descriptor = v.object({
  digest: v.string(),
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});
const manifest = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ config: descriptor, layers: v.array(descriptor) }),
);

/** Sizes in bytes by digest. */
export type BlobSizes = ReadonlyMap<string, number>;

/**
 * What an image consists of in a layout: its manifest, its configuration and its layers. Null when the manifest cannot
 * be read, which sending it then says.
 */
export async function blobsInLayout(layout: string, digest: string): Promise<BlobSizes | null> {
  let text: string;
  try {
    text = await readFile(encodeBytes(blobPath(layout, digest)), 'utf8');
  } catch {
    return null;
  }
  const read = v.safeParse(manifest, text);
  if (!read.success) return null;
  const { config, layers } = read.output;
  return new Map([
    [digest, Buffer.byteLength(text)],
    ...[config, ...layers].map((blob) => [blob.digest, blob.size] as const),
  ]);
}

/** How many bytes the images of these manifests have in a layout, what they share once; null when one cannot be read. */
export async function sizeInLayout(layout: string, digests: readonly string[]): Promise<number | null> {
  const sizes = new Map<string, number>();
  for (const digest of new Set(digests)) {
    const blobs = await blobsInLayout(layout, digest);
    if (blobs === null) return null;
    for (const [blob, size] of blobs) sizes.set(blob, size);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
