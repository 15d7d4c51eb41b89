import type { Entry, MagicEntry } from '../entry.ts';
import { bytesOfHex } from '../hex.ts';

/** Whether every file that `other` takes is one that `first` takes too. */
export function alwaysBefore(first: Entry, other: Entry): boolean {
  if (first.kind === 'extension' && other.kind === 'extension') return first.extension === other.extension;
  if (first.kind !== 'magic' || other.kind !== 'magic') return false;
  const wanted = bitsOf(first);
  const given = bitsOf(other);
  for (const [position, { bits, mask }] of wanted) {
    const there = given.get(position);
    if (there === undefined || (mask & ~there.mask) !== 0 || ((bits ^ there.bits) & mask) !== 0) return false;
  }
  return true;
}

type Bits = ReadonlyMap<number, { readonly bits: number; readonly mask: number }>;

const known = new WeakMap<MagicEntry, Bits>();

/** The positions that count, each with its bits. */
function bitsOf(entry: MagicEntry): Bits {
  const before = known.get(entry);
  if (before !== undefined) return before;
  const masks = entry.mask === null ? null : bytesOfHex(entry.mask);
  const bits = new Map<number, { readonly bits: number; readonly mask: number }>();
  for (const [index, value] of bytesOfHex(entry.magic).entries()) {
    const mask = masks === null ? 0xff : (masks[index] ?? 0);
    if (mask !== 0) bits.set(entry.offset + index, { bits: value, mask });
  }
  known.set(entry, bits);
  return bits;
}
