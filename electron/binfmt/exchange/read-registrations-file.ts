import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { encodeBytes } from '../bytes.ts';
import { failure, type Result } from '../result.ts';
import {
  type ImportedRegistrations,
  type ImportProblem,
  LARGEST_REGISTRATIONS_FILE,
  parseRegistrationsFile,
} from './import.ts';

/**
 * Reads the file at that path (a string of bytes), see {@link parseRegistrationsFile}. Never rejects, never reads
 * more than it needs to, and waits for nobody to write into a pipe.
 */
export async function readRegistrationsFile(
  file: string,
): Promise<Result<ImportedRegistrations, ImportProblem>> {
  let handle: FileHandle;
  try {
    handle = await open(encodeBytes(file), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return failure({ sentence: `The file cannot be opened: ${reasonOf(error)}.` });
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return failure({ sentence: 'This is not a file, but a directory or a device.' });
    return parseRegistrationsFile(path.basename(file), await readStart(handle));
  } catch (error) {
    return failure({ sentence: `The file cannot be read: ${reasonOf(error)}.` });
  } finally {
    await handle.close();
  }
}

/** Its bytes; of a file that is too large, one more than is allowed. */
async function readStart(handle: FileHandle): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let left = LARGEST_REGISTRATIONS_FILE + 1;
  while (left > 0) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(left, 65_536)));
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    left -= bytesRead;
  }
  return Buffer.concat(chunks);
}

/** The system's own words, without the path: `no such file or directory`. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error
    ? error.message.replace(/^[A-Z0-9]+: /, '').replace(/, \w+(?: '.*')?$/s, '')
    : String(error);
