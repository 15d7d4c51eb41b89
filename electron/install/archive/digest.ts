import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The SHA-256 digest of a file, in hex digits, and whether the text (latin1) is somewhere in it. */
export async function digestOf(
  path: string,
  text: string,
): Promise<{ readonly sha256: string; readonly holdsText: boolean }> {
  const hash = createHash('sha256');
  let holdsText = false;
  let before = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk);
    if (holdsText) continue;
    // What lies across two chunks is whole in neither.
    const joined = Buffer.concat([before, chunk]);
    holdsText = joined.includes(text, 0, 'latin1');
    before = joined.subarray(Math.max(0, joined.length - text.length));
  }
  return { sha256: hash.digest('hex'), holdsText };
}
