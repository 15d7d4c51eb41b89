import { type FileHandle, open } from 'node:fs/promises';
import { byteOrderOf, type ElfClass, elfClassOf, isElf, readNumber } from './elf-header.ts';

const PT_INTERP = 3;
/** Program and section headers larger than this are no program's (QEMU has about 30 sections). */
const LARGEST_TABLE = 64 * 1024;

/** What an ELF file's own headers say. */
export interface ElfFile {
  readonly machine: number;
  readonly elfClass: ElfClass;
  /** It names no loader (PT_INTERP): it needs no other file to start. */
  readonly isStatic: boolean;
  /** Where its constants lie, in bytes from the start of the file; null when stripped of section headers. */
  readonly constants: { readonly offset: number; readonly size: number } | null;
}

/** Reads an ELF file's headers; null when the file is not ELF. Throws what open(2) and read(2) report. */
export async function readElfFile(path: string | Buffer): Promise<ElfFile | null> {
  const file = await open(path, 'r');
  try {
    const header = await readBytes(file, 0, 64);
    if (!isElf(header)) return null;
    const order = byteOrderOf(header);
    const is64 = elfClassOf(header) === 64;
    const number = (bytes: Uint8Array, offset: number, size: number): number =>
      readNumber(bytes, offset, size, order);

    const programHeaders = await readTable(file, {
      offset: is64 ? number(header, 32, 8) : number(header, 28, 4),
      entrySize: number(header, is64 ? 54 : 42, 2),
      count: number(header, is64 ? 56 : 44, 2),
    });
    const sections = await readTable(file, {
      offset: is64 ? number(header, 40, 8) : number(header, 32, 4),
      entrySize: number(header, is64 ? 58 : 46, 2),
      count: number(header, is64 ? 60 : 48, 2),
    });
    const extentOf = (section: Uint8Array): { offset: number; size: number } => ({
      offset: is64 ? number(section, 24, 8) : number(section, 16, 4),
      size: is64 ? number(section, 32, 8) : number(section, 20, 4),
    });
    const names = sections[number(header, is64 ? 62 : 50, 2)];
    const nameTable =
      names === undefined
        ? Buffer.alloc(0)
        : await readBytes(file, extentOf(names).offset, extentOf(names).size);
    const constants = sections.find((section) =>
      nameTable
        .subarray(number(section, 0, 4))
        .toString('latin1', 0, 8)
        .startsWith('.rodata\0'),
    );
    return {
      machine: number(header, 18, 2),
      elfClass: elfClassOf(header),
      isStatic: !programHeaders.some((one) => number(one, 0, 4) === PT_INTERP),
      constants: constants === undefined ? null : extentOf(constants),
    };
  } finally {
    await file.close();
  }
}

async function readTable(
  file: FileHandle,
  { offset, entrySize, count }: { offset: number; entrySize: number; count: number },
): Promise<readonly Uint8Array[]> {
  const table = await readBytes(file, offset, entrySize * count);
  return Array.from({ length: count }, (_, index) =>
    table.subarray(index * entrySize, (index + 1) * entrySize),
  );
}

/** Up to `size` bytes, fewer at the end of the file and none of a table too large to be true. */
async function readBytes(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  if (size === 0 || size > LARGEST_TABLE || !Number.isSafeInteger(offset)) return Buffer.alloc(0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
  return buffer.subarray(0, bytesRead);
}
