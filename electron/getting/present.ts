import { stat } from 'node:fs/promises';
import path from 'node:path';
import { INTERPRETER_DIRECTORY } from '../binfmt/placing.ts';
import { readQemuVersion } from '../binfmt/qemu-version.ts';
import { digestOf } from '../install/archive/digest.ts';
import type { ArchiveProgram } from '../install/archive/open-archive.ts';

/** What has the name of a program in the place it would be put. */
export type Present =
  | { readonly kind: 'none' }
  /** The same bytes. */
  | { readonly kind: 'same' }
  /** QEMU's version; null where it is not known. */
  | { readonly kind: 'other'; readonly qemuVersion: string | null };

/** Looks at what is there now, in `directory`. Nothing is run; what cannot be read is another thing. */
export async function presentOf(
  { fileName, size, sha256 }: ArchiveProgram,
  directory: string = INTERPRETER_DIRECTORY,
): Promise<Present> {
  const file = path.join(directory, fileName);
  try {
    const stats = await stat(file);
    if (!stats.isFile()) return { kind: 'other', qemuVersion: null };
    const isSame = stats.size === size && (await digestOf(file, '')).sha256 === sha256;
    return isSame ? { kind: 'same' } : { kind: 'other', qemuVersion: await readQemuVersion(file) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'none' } : { kind: 'other', qemuVersion: null };
  }
}
