import { randomBytes } from 'node:crypto';
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { encodeBytes } from './binfmt/bytes.ts';
import { reasonOf } from './binfmt/exchange/read-registrations-file.ts';
import { failure, type Result, success } from './binfmt/result.ts';

/** A file as it is to be; path and text are strings of bytes. */
export interface FileToWrite {
  readonly path: string;
  readonly text: string;
  /** Whether it is a program. */
  readonly isExecutable: boolean;
  /** Whether what is there already may go. */
  readonly mayReplace: boolean;
}

/** Writes a file: whoever looks sees all of it or what was there before. A problem is the system's, in words. */
export async function writeWhole(file: FileToWrite): Promise<Result<null, string>> {
  // In the same directory, for a file never moves from one file system to another as a whole.
  const place = encodeBytes(path.dirname(file.path));
  const unfinished = Buffer.concat([
    place,
    Buffer.from(`/.qemu-binfmt-manager-${randomBytes(8).toString('hex')}`),
  ]);
  try {
    const handle = await open(unfinished, 'wx', file.isExecutable ? 0o777 : 0o666);
    try {
      await handle.writeFile(encodeBytes(file.text));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await (file.mayReplace ? rename : renameToFree)(unfinished, encodeBytes(file.path));
    return success(null);
  } catch (error) {
    return failure(reasonOf(error));
  } finally {
    // What was renamed is not there any more, and neither is what could not be made.
    await unlink(unfinished).catch(() => undefined);
  }
}

/** Like rename(2), but fails with EEXIST where there is something. */
async function renameToFree(from: Buffer, to: Buffer): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || (await isThere(to))) throw error;
    // A file system without links, such as a USB stick's.
    await rename(from, to);
  }
}

/** Whether there is anything at that path, a dangling link included. */
export const isThere = (file: Buffer): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );
