import { readElfMagic } from '../elf-description.ts';
import type { Entry, MagicEntry } from '../entry.ts';
import { bytesOfHex, hexOfBytes } from '../hex.ts';
import { mayTakeTheSameFile, positionsAskedBeyond } from '../matcher.ts';
import { about } from './about.ts';
import { unregisterAction } from './action.ts';
import { type Facts, type FormatEntry, isFormat, listed, type Service, servicesOf } from './facts.ts';
import type { Finding } from './finding.ts';

/** Newer enabled entries take files of this one: the kernel asks the newest first, and starts only one. */
export function shadowing(entry: FormatEntry, facts: Facts): Finding | null {
  if (!entry.enabled) return null;
  const covering = facts.neverUsed.get(entry);
  if (covering !== undefined) return neverUsed(entry, covering);
  const { entries } = facts.snapshot;
  const takers = entries
    .slice(0, entries.indexOf(entry))
    .filter(isFormat)
    .filter((one) => one.enabled && !facts.neverUsed.has(one) && mayTakeTheSameFile(one, entry));
  if (takers.length === 0) return null;
  const parts = takers.map((one) => `${one.name} takes ${filesTaken(one, entry)}`);
  return about(entry, {
    id: 'shadowed-in-part',
    severity: 'info',
    sentence: 'Some of its files go to entries registered later.',
    detail: `Of its files, ${listed(parts)}.`,
    // Both are of use, the newer one for its files and this one for the rest: only a person knows what is wanted.
    action: null,
  });
}

function neverUsed(entry: FormatEntry, covering: Entry): Finding {
  const served = servicesOf(entry).map(({ target }) => target.name);
  return about(entry, {
    id: 'shadowed',
    severity: 'warning',
    sentence: `It is never used: ${covering.name}, registered later, takes ${served.length > 0 ? `programs for ${listed(served)}` : 'its files'}.`,
    detail: 'Unregister one of them.',
    action: unregisterAction(entry.name),
  });
}

/** Which of an entry's files another one takes, in words. */
function filesTaken(taker: FormatEntry, entry: FormatEntry): string {
  if (taker.kind === 'extension') return `those whose name ends in .${taker.extension}`;
  const served = servicesOf(entry).map(({ target }) => target);
  const taken = servicesOf(taker).filter(({ target }) => served.includes(target));
  const namesOf = (services: readonly Service[]): string => listed(services.map(({ target }) => target.name));
  const whole = taken.filter(({ isWhole }) => isWhole);
  if (whole.length > 0) return `all programs for ${namesOf(whole)}`;
  const asked = entry.kind === 'magic' ? askedBeyond(taker, entry) : [];
  if (asked.length > 0 && asked.length <= MOST_WORDS) return `those whose ${listed(asked)}`;
  return taken.length > 0 ? `programs for ${namesOf(taken)}` : 'those that its magic takes';
}

/** More say less than that there are more. */
const MOST_WORDS = 3;

/** What a magic asks for beyond another one, as a sentence has it: `EI_OSABI is 9 (FreeBSD)`, `byte 04 is 0a`. */
function askedBeyond(taker: MagicEntry, entry: MagicEntry): readonly string[] {
  const positions = positionsAskedBeyond(taker, entry);
  const magic = bytesOfHex(taker.magic);
  const mask = taker.mask === null ? null : bytesOfHex(taker.mask);
  const reading = readElfMagic(magic, mask, taker.offset);
  if (reading?.asksForElf === true) {
    return reading.fields
      .filter(({ field }) => positions.some((one) => one >= field.offset && one < field.offset + field.size))
      .map(({ field, values, names }) => `${field.name} is ${values}${names === null ? '' : ` (${names})`}`);
  }
  return positions.map((position) => {
    const index = position - taker.offset;
    const bits = mask?.[index] ?? 0xff;
    const under = bits === 0xff ? '' : ` under the mask ${hexOfBytes([bits])}`;
    return `byte ${hexOfBytes([position])} is ${hexOfBytes([(magic[index] ?? 0) & bits])}${under}`;
  });
}
