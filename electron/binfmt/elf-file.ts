import { type FileHandle, open } from 'node:fs/promises';
import { byteOrderOf, type ElfClass, elfClassOf, isElf, readNumber } from './elf-header.ts';

const PT_INTERP = 3;
/** Program and section headers larger than this are no program's (QEMU has about 30 sections). */
const LARGEST_TABLE = 64 * 1024;
/** Program headers follow the file's own header, but for odd files: one reading has both. */
const USUAL_HEADERS = 4096;

/** What an ELF file's own headers say. */
export interface ElfFile {
  readonly machine: number;
  readonly elfClass: ElfClass;
  /** It names no loader (PT_INTERP): it needs no other file to start. */
  readonly isStatic: boolean;
}

/** A part of a file, in bytes from its start. */
export interface Extent {
  readonly offset: number;
  readonly size: number;
}

/** Reads an ELF file's headers; null when the file is not ELF. Throws what open(2) and read(2) report. */
export const readElfFile = (path: string | Buffer): Promise<ElfFile | null> =>
  withElfFile(path, async ({ file, start, is64, number }) => {
    const programHeaders = await readTable(file, start, {
      offset: is64 ? number(start, 32, 8) : number(start, 28, 4),
      entrySize: number(start, is64 ? 54 : 42, 2),
      count: number(start, is64 ? 56 : 44, 2),
    });
    return {
      machine: number(start, 18, 2),
      elfClass: elfClassOf(start),
      isStatic: !programHeaders.some((one) => number(one, 0, 4) === PT_INTERP),
    };
  });

/**
 * Where an ELF file's constants lie; the whole file when it is stripped of section headers, null when it is not
 * ELF. Throws what open(2) and read(2) report.
 */
export const findConstants = (path: string | Buffer): Promise<Extent | null> =>
  withElfFile(path, async ({ file, start, is64, number }) => {
    const sections = await readTable(file, start, {
      offset: is64 ? number(start, 40, 8) : number(start, 32, 4),
      entrySize: number(start, is64 ? 58 : 46, 2),
      count: number(start, is64 ? 60 : 48, 2),
    });
    const extentOf = (section: Uint8Array): Extent => ({
      offset: is64 ? number(section, 24, 8) : number(section, 16, 4),
      size: is64 ? number(section, 32, 8) : number(section, 20, 4),
    });
    const names = sections[number(start, is64 ? 62 : 50, 2)];
    const nameTable = names === undefined ? Buffer.alloc(0) : await readBytes(file, extentOf(names));
    const constants = sections.find((section) =>
      nameTable
        .subarray(number(section, 0, 4))
        .toString('latin1', 0, 8)
        .startsWith('.rodata\0'),
    );
    return constants === undefined ? { offset: 0, size: (await file.stat()).size } : extentOf(constants);
  });

interface OpenElfFile {
  readonly file: FileHandle;
  /** Its first bytes. */
  readonly start: Buffer;
  readonly is64: boolean;
  /** A number in the file's byte order. */
  readonly number: (bytes: Uint8Array, offset: number, size: number) => number;
}

async function withElfFile<Value>(
  path: string | Buffer,
  read: (elf: OpenElfFile) => Promise<Value>,
): Promise<Value | null> {
  const file = await open(path, 'r');
  try {
    const start = await readBytes(file, { offset: 0, size: USUAL_HEADERS });
    if (!isElf(start)) return null;
    const order = byteOrderOf(start);
    const number: OpenElfFile['number'] = (bytes, offset, size) => readNumber(bytes, offset, size, order);
    return await read({ file, start, is64: elfClassOf(start) === 64, number });
  } finally {
    await file.close();
  }
}

async function readTable(
  file: FileHandle,
  start: Buffer,
  { offset, entrySize, count }: { offset: number; entrySize: number; count: number },
): Promise<readonly Uint8Array[]> {
  const extent = { offset, size: entrySize * count };
  const isRead = offset + extent.size <= start.length;
  const table = isRead ? start.subarray(offset, offset + extent.size) : await readBytes(file, extent);
  return Array.from({ length: count }, (_, index) =>
    table.subarray(index * entrySize, (index + 1) * entrySize),
  );
}

/** Up to `size` bytes, fewer at the end of the file and none of a table too large to be true. */
async function readBytes(file: FileHandle, { offset, size }: Extent): Promise<Buffer> {
  if (size === 0 || size > LARGEST_TABLE || !Number.isSafeInteger(offset)) return Buffer.alloc(0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
  return buffer.subarray(0, bytesRead);
}
