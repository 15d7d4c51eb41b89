import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { encodeBytes } from '../../binfmt/bytes.ts';
import { failure, type Result, success } from '../../binfmt/result.ts';
import { openArchiveSource } from './archive-source.ts';
import { FolderSource } from './folder-source.ts';
import type { ArchiveLimits } from './limits.ts';
import type { MemberSource } from './member-source.ts';
import { nameOf } from './names.ts';

export interface ReadingOptions {
  readonly signal?: AbortSignal | undefined;
  /** From 0 to 1; not called for a folder. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** Others serve tests. */
  readonly limits?: ArchiveLimits | undefined;
}

/** Opens an archive or a folder, hands its members to `use`, and closes it. */
export async function withSource<Value>(
  archive: string,
  { signal = new AbortController().signal, onProgress = () => undefined, limits }: ReadingOptions,
  use: (source: MemberSource) => Promise<Result<Value, string>>,
): Promise<Result<Value, string>> {
  const name = nameOf(archive);
  let file: FileHandle;
  try {
    // Does not wait for the other end of a named pipe.
    file = await open(encodeBytes(archive), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return failure(cannotBeOpened(name, error as NodeJS.ErrnoException));
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile() && !stats.isDirectory()) return failure(`${name} is neither a file nor a folder.`);
    const source = stats.isDirectory()
      ? success(new FolderSource(archive, signal, limits))
      : await openArchiveSource(file, name, signal, onProgress, limits);
    if (!source.ok) return source;
    try {
      return await use(source.value);
    } finally {
      await source.value.close();
    }
  } finally {
    await file.close();
  }
}

function cannotBeOpened(name: string, { code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `${name} is not there any more. Choose it again.`;
    case 'EACCES':
    case 'EPERM':
      return `You may not read ${name}. Change its permissions, or copy it to a place of yours.`;
    default:
      return `${name} cannot be opened: ${message}`;
  }
}
