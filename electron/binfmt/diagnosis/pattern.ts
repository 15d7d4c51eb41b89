import type { Entry, MagicEntry } from '../entry.ts';
import { bytesOfHex } from '../hex.ts';

/** Whether every file that `other` takes is one that `first` takes too. */
export function alwaysBefore(first: Entry, other: Entry): boolean {
  if (first.kind === 'extension' && other.kind === 'extension') return first.extension === other.extension;
  if (first.kind !== 'magic' || other.kind !== 'magic') return false;
  const wanted = bitsOf(first);
  const given = bitsOf(other);
  return [...wanted].every(([position, { bits, mask }]) => {
    const there = given.get(position);
    return there !== undefined && (mask & ~there.mask) === 0 && ((bits ^ there.bits) & mask) === 0;
  });
}

/** The positions that count, each with its bits. */
function bitsOf({ offset, magic, mask }: MagicEntry): ReadonlyMap<number, { bits: number; mask: number }> {
  const masks = mask === null ? null : bytesOfHex(mask);
  const all = Array.from(bytesOfHex(magic), (bits, index): [number, { bits: number; mask: number }] => [
    offset + index,
    { bits, mask: masks === null ? 0xff : (masks[index] ?? 0) },
  ]);
  return new Map(all.filter(([, { mask: bits }]) => bits !== 0));
}
