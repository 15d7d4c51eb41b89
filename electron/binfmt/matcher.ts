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
  for (let position = 0; position < first.magic.length; position++) {
    const common = (first.mask[position] ?? 0) & (second.mask[position] ?? 0);
    if ((((first.magic[position] ?? 0) ^ (second.magic[position] ?? 0)) & common) !== 0) return false;
  }
  return true;
}

/** Whether every file that `other` takes is one that `first` takes too. */
export function alwaysBefore(first: Entry | Registration, other: Entry | Registration): boolean {
  if (first.kind === 'extension' && other.kind === 'extension') return first.extension === other.extension;
  if (first.kind !== 'magic' || other.kind !== 'magic') return false;
  const asked = patternOf(first);
  const given = patternOf(other);
  for (let position = asked.magic.length - 1; position >= 0; position--) {
    if (asksBeyond(asked, given, position)) return false;
  }
  return true;
}

/** The positions in a file of which `magic` asks for more than `other` does. */
export function positionsAskedBeyond(magic: MagicFields, other: MagicFields): readonly number[] {
  const asked = patternOf(magic);
  const given = patternOf(other);
  return Array.from(asked.magic.keys()).filter((position) => asksBeyond(asked, given, position));
}

function asksBeyond(asked: Pattern, given: Pattern, position: number): boolean {
  const mask = asked.mask[position] ?? 0;
  const differing = (asked.magic[position] ?? 0) ^ (given.magic[position] ?? 0);
  return ((differing | ~(given.mask[position] ?? 0)) & mask) !== 0;
}

/** Whether a file that both take is to be expected: both look at the same part of it, or at the end of its name. */
export function areRivals(one: Registration, other: Registration): boolean {
  if (!mayTakeTheSameFile(one, other)) return false;
  if (one.kind === 'extension' || other.kind === 'extension') return one.kind === other.kind;
  const endOf = ({ offset, magic }: typeof one): number => offset + magic.length / 2;
  return one.offset < endOf(other) && other.offset < endOf(one);
}

type MagicFields = Pick<MagicEntry, 'magic' | 'mask' | 'offset'>;
/** What a file must hold from its beginning on, and which of these bits count. */
interface Pattern {
  readonly magic: Uint8Array;
  readonly mask: Uint8Array;
}

function takesHead(format: MagicFields, head: Uint8Array): boolean {
  const { magic, mask } = patternOf(format);
  // From the end: all of QEMU's begin alike, and end in the number of their CPU.
  for (let position = magic.length - 1; position >= 0; position--) {
    if ((((magic[position] ?? 0) ^ (head[position] ?? 0)) & (mask[position] ?? 0)) !== 0) return false;
  }
  return true;
}

const patterns = new WeakMap<MagicFields, Pattern>();

function patternOf(format: MagicFields): Pattern {
  const known = patterns.get(format);
  if (known !== undefined) return known;
  const bytes = bytesOfHex(format.magic);
  const magic = new Uint8Array(format.offset + bytes.length);
  magic.set(bytes, format.offset);
  const mask = new Uint8Array(magic.length);
  if (format.mask === null) mask.fill(0xff, format.offset);
  else mask.set(bytesOfHex(format.mask), format.offset);
  const pattern = { magic, mask };
  patterns.set(format, pattern);
  return pattern;
}
