import { open } from 'node:fs/promises';
import { encodeBytes } from './bytes.ts';
import { findConstants } from './elf-file.ts';

const CHUNK_BYTES = 1024 * 1024;
/** Longer than the version line, so that one that lies across two chunks is whole in the second reading. */
const OVERLAP_BYTES = 256;
/**
 * QEMU prints `"qemu-" TARGET_NAME " version " QEMU_FULL_VERSION` (linux-user/main.c), one string in its
 * constants. What follows the number must be seen: at a chunk's end it may go on.
 */
const VERSION_LINE = /qemu-[a-z0-9_]+ version (\d+(?:\.\d+)*)(?=[^\d.])/;

/**
 * QEMU's version (`7.2.22`), found among the constants of the program's file, or null. The file is read and
 * never run: its path may come from anyone who registered it.
 */
export async function readQemuVersion(path: string): Promise<string | null> {
  const pathBytes = encodeBytes(path);
  const constants = await findConstants(pathBytes);
  if (constants === null) return null;
  const { offset, size } = constants;
  const file = await open(pathBytes, 'r');
  try {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size));
    for (let position = 0; position < size; position += CHUNK_BYTES - OVERLAP_BYTES) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, offset + position);
      const read = chunk.subarray(0, bytesRead);
      for (let at = read.indexOf(' version '); at >= 0; at = read.indexOf(' version ', at + 1)) {
        const line = VERSION_LINE.exec(read.toString('latin1', Math.max(0, at - 32), at + 64));
        if (line?.[1] !== undefined) return line[1];
      }
      if (bytesRead < chunk.length) break;
    }
    return null;
  } finally {
    await file.close();
  }
}
