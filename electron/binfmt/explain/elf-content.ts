import { decodeBytes } from '../bytes.ts';
import { byteOrderOf, elfClassOf, isElf, isProgramType, readNumber } from '../elf-header.ts';
import { takes } from '../matcher.ts';
import { defaultRegisterOptions, registrationWith } from '../register-options.ts';
import { targets } from '../targets.ts';
import type { ElfContent } from './explanation.ts';

const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_SONAME = 14;
const DT_FLAGS_1 = 0x6ffffffb;
const DF_1_PIE = 0x08000000;
/** The kernel takes no more (`load_elf_phdrs()`, PATH_MAX in `load_elf_binary()`). */
const LONGEST_TABLE = 64 * 1024;
const LONGEST_PATH = 4096;

/** Reads up to `size` bytes from `offset`, fewer at the end of the file. */
export type ReadAt = (offset: number, size: number) => Promise<Uint8Array>;

/** What an ELF file's header says, and what its program headers lead to; null when it is no ELF file. */
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
  const parts = await readParts(head, size, readAt);
  return parts === null
    ? { ...common, loader: null, isLibrary: false, isDamaged: true }
    : { ...common, ...parts, isDamaged: false };
}

/** The target whose entry, as this program registers it, takes the file. */
const targetOf = (head: Uint8Array): string | null =>
  ownEntries.find(({ registration }) => takes(registration, { head, path: '' }))?.name ?? null;

const ownEntries = targets.map((target) => ({
  name: target.name,
  registration: registrationWith(target, '/', defaultRegisterOptions),
}));

/** What the program headers lead to; null when they make no sense. */
async function readParts(
  head: Uint8Array,
  size: number,
  readAt: ReadAt,
): Promise<Pick<ElfContent, 'loader' | 'isLibrary'> | null> {
  const order = byteOrderOf(head);
  const is64 = elfClassOf(head) === 64;
  const number: ReadNumber = (bytes, offset, length) => readNumber(bytes, offset, length, order);
  const offset = is64 ? number(head, 32, 8) : number(head, 28, 4);
  const entrySize = number(head, is64 ? 54 : 42, 2);
  const count = number(head, is64 ? 56 : 44, 2);
  // Object files have none, and need none.
  if (count === 0 && !isProgramType(number(head, 16, 2))) return { loader: null, isLibrary: false };
  if (entrySize !== (is64 ? 56 : 32)) return null;

  const read = async (from: number, length: number, most: number): Promise<Uint8Array | null> => {
    if (length === 0 || length > most || from + length > size) return null;
    const bytes = await readAt(from, length);
    return bytes.length < length ? null : bytes;
  };
  const table = await read(offset, entrySize * count, LONGEST_TABLE);
  if (table === null) return null;
  const headers = Array.from({ length: count }, (_, index) => {
    const header = table.subarray(index * entrySize, (index + 1) * entrySize);
    return {
      type: number(header, 0, 4),
      offset: is64 ? number(header, 8, 8) : number(header, 4, 4),
      size: is64 ? number(header, 32, 8) : number(header, 16, 4),
    };
  });

  const loader = headers.find(({ type }) => type === PT_INTERP);
  if (loader !== undefined) {
    const path = await read(loader.offset, loader.size, LONGEST_PATH);
    if (path === null || path.length < 2 || path.at(-1) !== 0) return null;
    return { loader: decodeBytes(path.subarray(0, path.indexOf(0))), isLibrary: false };
  }
  const linking = headers.find(({ type }) => type === PT_DYNAMIC);
  const dynamic = linking && (await read(linking.offset, linking.size, LONGEST_TABLE));
  if (!dynamic) return { loader: null, isLibrary: false };
  // Linkers mark a static PIE, which is `ET_DYN` too. A library has a name for programs to load it by, or no entry.
  const { isPie, hasName } = readDynamic(dynamic, is64 ? 8 : 4, number);
  return { loader: null, isLibrary: !isPie && (hasName || number(head, 24, is64 ? 8 : 4) === 0) };
}

type ReadNumber = (bytes: Uint8Array, offset: number, length: number) => number;

function readDynamic(
  dynamic: Uint8Array,
  word: 4 | 8,
  number: ReadNumber,
): { readonly isPie: boolean; readonly hasName: boolean } {
  let isPie = false;
  let hasName = false;
  for (let at = 0; at + 2 * word <= dynamic.length; at += 2 * word) {
    const tag = number(dynamic, at, word);
    if (tag === DT_SONAME) hasName = true;
    if (tag === DT_FLAGS_1) isPie = (number(dynamic, at + word, word) & DF_1_PIE) !== 0;
  }
  return { isPie, hasName };
}
