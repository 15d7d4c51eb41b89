import { elfClassOf, elfFieldAt, isElf } from '../elf-header.ts';
import { type Entry, isEnabled, type MagicEntry } from '../entry.ts';
import { bytesOfHex } from '../hex.ts';
import { type MatchedFile, takes } from '../matcher.ts';
import type { Snapshot } from '../snapshot.ts';
import type { EntryVerdict } from './explanation.ts';

/** What each entry says to the file, in match order (`search_binfmt_handler()` in fs/binfmt_misc.c). */
export function entryVerdicts(snapshot: Snapshot, file: MatchedFile): readonly EntryVerdict[] {
  let isTaken = false;
  return snapshot.entries.map((entry): EntryVerdict => {
    const { name } = entry;
    if (!takes(entry, file)) return { name, ...mismatch(entry, file) };
    if (!isEnabled(entry)) return { name, kind: 'disabled' };
    if (snapshot.binfmtMisc === 'off') return { name, kind: 'master-switch-off' };
    if (isTaken) return { name, kind: 'comes-too-late' };
    isTaken = true;
    return { name, kind: 'takes' };
  });
}

type Mismatch = EntryVerdict extends infer Verdict
  ? Verdict extends { kind: 'differs' | 'other-extension' | 'untold' }
    ? Omit<Verdict, 'name'>
    : never
  : never;

function mismatch(entry: Entry, file: MatchedFile): Mismatch {
  switch (entry.kind) {
    case 'magic':
      return firstDifference(entry, file.head);
    case 'extension':
      return { kind: 'other-extension', extension: entry.extension };
    case 'bpf':
      return { kind: 'untold', reason: 'only its BPF program knows what it takes' };
    case 'unreadable':
      return { kind: 'untold', reason: entry.reason };
  }
}

function firstDifference(entry: MagicEntry, head: Uint8Array): Mismatch {
  const masks = entry.mask === null ? null : bytesOfHex(entry.mask);
  const magic = bytesOfHex(entry.magic);
  for (const [index, expected] of magic.entries()) {
    const mask = masks === null ? 0xff : (masks[index] ?? 0);
    const position = entry.offset + index;
    const found = head[position] ?? 0;
    if (((expected ^ found) & mask) === 0) continue;
    const isAboutElf = entry.offset === 0 && isElf(magic) && isElf(head);
    const field = isAboutElf ? (elfFieldAt(position, elfClassOf(magic))?.name ?? null) : null;
    return { kind: 'differs', position, field, expected, mask, found };
  }
  return { kind: 'untold', reason: 'it takes the file' };
}
