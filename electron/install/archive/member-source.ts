import type { FileHandle } from 'node:fs/promises';
import type { PlacedFile } from '../../binfmt/placing.ts';
import type { Result } from '../../binfmt/result.ts';

/** One thing that an archive or a folder names. */
export interface Member {
  /** As it stands there; a string of bytes, see bytes.ts. */
  readonly path: string;
  /** Whether it is a file of its own. A link is none: what it leads to is listed under its own name, if it is there. */
  readonly kind: 'file' | 'directory' | 'link' | 'special';
  readonly isExecutable: boolean;
}

/** An archive or a folder, read from its beginning to its end. Problems are sentences. */
export interface MemberSource {
  readonly format: 'deb' | 'rpm' | 'tar' | 'folder';
  /** The next member; null at the end. */
  next(): Promise<Result<Member | null, string>>;
  /**
   * Copies the present member's content into a file that is open for writing, from its start. `member` says that this
   * one will not do; after `all` there is no going on.
   */
  copyTo(output: FileHandle): Promise<Result<Copied, CopyProblem>>;
  close(): Promise<void>;
}

/** What was copied. */
export interface Copied {
  /** In bytes. */
  readonly size: number;
  /** When it was last changed, as {@link PlacedFile.mtime}. */
  readonly mtime: number;
}

export interface CopyProblem {
  readonly concerns: 'member' | 'all';
  readonly sentence: string;
}
