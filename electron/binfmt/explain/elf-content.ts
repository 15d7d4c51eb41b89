import { decodeBytes } from '../bytes.ts';
import { byteOrderOf, elfClassOf, isElf, readNumber } from '../elf-header.ts';
import { takes } from '../matcher.ts';
import { defaultRegisterOptions, registrationWith } from '../register-options.ts';
import { targets } from '../targets.ts';
import type { ElfContent } from './explanation.ts';

const PT_INTERP = 3;
/** The kernel takes no more (`load_elf_phdrs()`, PATH_MAX in `load_elf_binary()`). */
const LONGEST_TABLE = 64 * 1024;
const LONGEST_PATH = 4096;

/** Reads up to `size` bytes from `offset`, fewer at the end of the file. */
export type ReadAt = (offset: number, size: number) => Promise<Uint8Array>;

/** What an ELF file's header says, and which loader its program headers name; null when it is no ELF file. */
export async function readElfContent(
  head: Uint8Array,
  size: number,
  readAt: ReadAt,
): Promise<ElfContent | null> {
  if (!isElf(head)) return null;
  const byteOrder = byteOrderOf(head);
  const common = {
    kind: 'elf',
    elfClass: elfClassOf(head),
    byteOrder,
    machine: readNumber(head, 18, 2, byteOrder),
    osAbi: head[7] ?? 0,
    type: readNumber(head, 16, 2, byteOrder),
    target: targetOf(head),
  } as const;
  const loader = await readLoader(head, size, readAt);
  return { ...common, loader: loader ?? null, isDamaged: loader === undefined };
}

/** The target whose entry, as this program registers it, takes the file. */
const targetOf = (head: Uint8Array): string | null =>
  targets.find((target) => takes(registrationWith(target, '/', defaultRegisterOptions), { head, path: '' }))
    ?.name ?? null;

/** The path in PT_INTERP, null when there is none, undefined when the program headers make no sense. */
async function readLoader(
  head: Uint8Array,
  size: number,
  readAt: ReadAt,
): Promise<string | null | undefined> {
  const order = byteOrderOf(head);
  const is64 = elfClassOf(head) === 64;
  const number = (bytes: Uint8Array, offset: number, length: number): number =>
    readNumber(bytes, offset, length, order);
  const offset = is64 ? number(head, 32, 8) : number(head, 28, 4);
  const entrySize = number(head, is64 ? 54 : 42, 2);
  const count = number(head, is64 ? 56 : 44, 2);
  const length = entrySize * count;
  if (entrySize !== (is64 ? 56 : 32) || length === 0 || length > LONGEST_TABLE || offset + length > size) {
    return undefined;
  }
  const table = await readAt(offset, length);
  if (table.length < length) return undefined;
  for (let start = 0; start < length; start += entrySize) {
    const header = table.subarray(start, start + entrySize);
    if (number(header, 0, 4) !== PT_INTERP) continue;
    const pathOffset = is64 ? number(header, 8, 8) : number(header, 4, 4);
    const pathSize = is64 ? number(header, 32, 8) : number(header, 16, 4);
    if (pathSize < 2 || pathSize > LONGEST_PATH || pathOffset + pathSize > size) return undefined;
    const path = await readAt(pathOffset, pathSize);
    if (path.length < pathSize || path.at(-1) !== 0) return undefined;
    return decodeBytes(path.subarray(0, path.indexOf(0)));
  }
  return null;
}
