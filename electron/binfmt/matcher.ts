import { type Entry, isEnabled, type MagicEntry } from './entry.ts';
import { bytesOfHex } from './hex.ts';
import type { Registration } from './register-line.ts';

/** A file as the kernel's matching sees it (`search_binfmt_handler()` in fs/binfmt_misc.c). */
export interface MatchedFile {
  /** Its first 256 bytes, zeros behind its end. */
  readonly head: Uint8Array;
  /** The path it is started by; what follows the last dot is its extension. */
  readonly path: string;
}

/** Whether an entry with these fields takes the file, its enabled state aside. */
export function takes(format: Entry | Registration, file: MatchedFile): boolean {
  switch (format.kind) {
    case 'magic':
      return takesHead(format, file.head);
    case 'extension': {
      const dot = file.path.lastIndexOf('.');
      return dot >= 0 && file.path.slice(dot + 1) === format.extension;
    }
    case 'bpf':
    case 'unreadable':
      return false;
  }
}

/** The entry that the kernel hands the file to, of entries in match order; undefined when there is none. */
export const firstToTake = (entries: readonly Entry[], file: MatchedFile): Entry | undefined =>
  entries.find((entry) => isEnabled(entry) && takes(entry, file));

/** Whether there can be a file that both take: only then does it matter which of them comes first. */
export function mayTakeTheSameFile(one: Registration, other: Registration): boolean {
  if (one.kind === 'extension' && other.kind === 'extension') return one.extension === other.extension;
  if (one.kind === 'extension' || other.kind === 'extension') return true;
  const first = patternOf(one);
  const second = patternOf(other);
  for (let position = 0; position < first.length; position++) {
    const common = (first[position]?.mask ?? 0) & (second[position]?.mask ?? 0);
    if ((((first[position]?.magic ?? 0) ^ (second[position]?.magic ?? 0)) & common) !== 0) return false;
  }
  return true;
}

type MagicFields = Pick<MagicEntry, 'magic' | 'mask' | 'offset'>;
type Pattern = readonly ({ readonly magic: number; readonly mask: number } | undefined)[];

function takesHead(format: MagicFields, head: Uint8Array): boolean {
  return patternOf(format).every(
    (byte, position) => byte === undefined || ((byte.magic ^ (head[position] ?? 0)) & byte.mask) === 0,
  );
}

const patterns = new WeakMap<MagicFields, Pattern>();

/** What each position of a file must hold; undefined where anything may stand. */
function patternOf(format: MagicFields): Pattern {
  const known = patterns.get(format);
  if (known !== undefined) return known;
  const magic = bytesOfHex(format.magic);
  const mask = format.mask === null ? null : bytesOfHex(format.mask);
  const pattern = [
    ...new Array<undefined>(format.offset).fill(undefined),
    ...Array.from(magic, (byte, index) => ({ magic: byte, mask: mask === null ? 0xff : (mask[index] ?? 0) })),
  ];
  patterns.set(format, pattern);
  return pattern;
}
