import { decodeBytes } from '../binfmt/bytes.ts';

/** A file did not hold as many bytes as it said when it was opened. */
export class FileChanged extends Error {
  constructor(readonly file: string) {
    super(`${file} changed while it was being read`);
  }
}

/** A sentence that says what kept us, and what to do; it is thrown where a Result would have to be passed on far. */
export class Obstacle extends Error {}

/** What to say when a person stopped it. */
export const STOPPED = 'Stopped: nothing was written.';

const sentences: ReadonlyMap<string, (path: string) => string> = new Map<string, (path: string) => string>([
  [
    'ENOSPC',
    (path) => `The disk that ${path} lies on is full. Free some space there, or choose another place.`,
  ],
  [
    'EDQUOT',
    (path) =>
      `Your quota on the disk that ${path} lies on is used up. Free some space, or choose another place.`,
  ],
  [
    'EFBIG',
    (path) =>
      `${path} would be larger than its file system or your limit (ulimit -f) allows. Choose another place.`,
  ],
  [
    'EACCES',
    (path) =>
      `You have no permission for ${path}. Choose another place, or have that permission given to you.`,
  ],
  ['EPERM', (path) => `The system does not let you change ${path}. Choose another place.`],
  ['EROFS', (path) => `${path} lies on a read-only file system. Choose another place.`],
  ['ENOENT', (path) => `${path} is not there. Create its directory first, or choose another place.`],
  ['ENOTDIR', (path) => `A part of ${path} is a file and no directory. Choose another place.`],
  ['EISDIR', (path) => `${path} is a directory. Choose the name of a file.`],
  ['ENAMETOOLONG', (path) => `The name ${path} is too long for its file system. Choose a shorter one.`],
  ['EMFILE', () => 'Too many files are open. Close other programs and try again.'],
  [
    'EIO',
    (path) =>
      `${path} cannot be read or written: its disk reports an error. See the kernel’s messages (dmesg).`,
  ],
]);

/**
 * What an error of a file operation means, in a sentence. `place` is what a person chose and wrote to; it is
 * named where the system names no file. Throws the error itself when it is none of the system's: a bug.
 */
export function explainFileError(error: unknown, place: string): string {
  if (error instanceof Obstacle) return error.message;
  if (error instanceof FileChanged) return `${error.message}. Try again when it is in place.`;
  if (!(error instanceof Error)) throw error;
  const { code, path } = error as NodeJS.ErrnoException & { readonly path?: unknown };
  const sentence = sentences.get(code ?? '');
  if (sentence !== undefined) return sentence(isOurs(code) ? place : (pathText(path) ?? place));
  // Those with an underscore are Node's own, about how it was called.
  if (code === undefined || code.includes('_')) throw error;
  return `${pathText(path) ?? place}: ${error.message}`;
}

/** About these a person wants to hear of the place chosen, not of a temporary file in it. */
const isOurs = (code: string | undefined): boolean =>
  code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS';

const pathText = (path: unknown): string | null => {
  if (typeof path === 'string') return path;
  return path instanceof Uint8Array ? decodeBytes(path) : null;
};
