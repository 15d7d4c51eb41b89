import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { encodeBytes } from '../binfmt/bytes.ts';
import { blobPath } from '../images/blobs.ts';

const descriptor = v.object({
  digest: v.string(),
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});
const manifest = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ config: descriptor, layers: v.array(descriptor) }),
);

/**
 * How many bytes the images of these manifests have in a layout, what they share once; null when a manifest cannot
 * be read, which sending it then says.
 */
export async function sizeInLayout(layout: string, digests: readonly string[]): Promise<number | null> {
  const sizes = new Map<string, number>();
  for (const digest of new Set(digests)) {
    let text: string;
    try {
      text = await readFile(encodeBytes(blobPath(layout, digest)), 'utf8');
    } catch {
      return null;
    }
    const read = v.safeParse(manifest, text);
    if (!read.success) return null;
    sizes.set(digest, Buffer.byteLength(text));
    for (const blob of [read.output.config, ...read.output.layers]) sizes.set(blob.digest, blob.size);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
