/**
 * The fields of an ELF header (elf(5)). Nothing here uses Node: the inspector in the window and the
 * matching in the main process read headers with the same table.
 */

export type ElfClass = 32 | 64;
export type ByteOrder = 'little' | 'big';

export interface ElfField {
  readonly name: string;
  /** In bytes from the start of the file. */
  readonly offset: number;
  /** In bytes. */
  readonly size: number;
}

const identification: readonly ElfField[] = [
  { name: 'EI_MAG', offset: 0, size: 4 },
  { name: 'EI_CLASS', offset: 4, size: 1 },
  { name: 'EI_DATA', offset: 5, size: 1 },
  { name: 'EI_VERSION', offset: 6, size: 1 },
  { name: 'EI_OSABI', offset: 7, size: 1 },
  { name: 'EI_ABIVERSION', offset: 8, size: 1 },
  { name: 'EI_PAD', offset: 9, size: 7 },
  { name: 'e_type', offset: 16, size: 2 },
  { name: 'e_machine', offset: 18, size: 2 },
  { name: 'e_version', offset: 20, size: 4 },
];

/** The header's fields in the order they lie in the file, without gaps. */
export function elfFields(elfClass: ElfClass): readonly ElfField[] {
  const word = elfClass / 8;
  const sizes: readonly (readonly [string, number])[] = [
    ['e_entry', word],
    ['e_phoff', word],
    ['e_shoff', word],
    ['e_flags', 4],
    ['e_ehsize', 2],
    ['e_phentsize', 2],
    ['e_phnum', 2],
    ['e_shentsize', 2],
    ['e_shnum', 2],
    ['e_shstrndx', 2],
  ];
  const fields = [...identification];
  let offset = 24;
  for (const [name, size] of sizes) {
    fields.push({ name, offset, size });
    offset += size;
  }
  return fields;
}

/** The field that the byte at that position belongs to; undefined behind the header. */
export const elfFieldAt = (position: number, elfClass: ElfClass): ElfField | undefined =>
  elfFields(elfClass).find(({ offset, size }) => position >= offset && position < offset + size);

/** Whether these bytes begin as an ELF file does. */
export const isElf = (bytes: ArrayLike<number>): boolean =>
  bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;

/** The class that byte 4 (EI_CLASS) tells; 64 where it tells none. */
export const elfClassOf = (bytes: ArrayLike<number>): ElfClass => (bytes[4] === 1 ? 32 : 64);

/** The byte order that byte 5 (EI_DATA) tells; little where it tells none. */
export const byteOrderOf = (bytes: ArrayLike<number>): ByteOrder => (bytes[5] === 2 ? 'big' : 'little');

/** Whether files of that e_type are programs: `ET_EXEC`, or `ET_DYN`, which PIEs are and shared libraries. */
export const isProgramType = (type: number): boolean => type === 2 || type === 3;

/** The unsigned number in `size` bytes from `offset`; missing bytes count as 0. */
export function readNumber(bytes: ArrayLike<number>, offset: number, size: number, order: ByteOrder): number {
  let value = 0;
  for (let index = 0; index < size; index++) {
    const position = order === 'big' ? offset + index : offset + size - 1 - index;
    value = value * 256 + (bytes[position] ?? 0);
  }
  return value;
}

/** Names of e_machine values (elf.h; Alpha and the old MicroBlaze number are the ones in real files). */
export const machineNames: ReadonlyMap<number, string> = new Map([
  [2, 'SPARC'],
  [3, 'Intel 80386'],
  [4, 'Motorola 68000'],
  [6, 'Intel 80486'],
  [8, 'MIPS'],
  [15, 'HP PA-RISC'],
  [18, 'SPARC v8+'],
  [20, 'PowerPC'],
  [21, 'PowerPC 64-bit'],
  [22, 'IBM S/390'],
  [40, 'ARM'],
  [42, 'SuperH'],
  [43, 'SPARC V9'],
  [62, 'AMD x86-64'],
  [92, 'OpenRISC'],
  [94, 'Xtensa'],
  [164, 'Qualcomm Hexagon'],
  [183, 'AArch64'],
  [189, 'MicroBlaze'],
  [243, 'RISC-V'],
  [258, 'LoongArch'],
  [0x9026, 'Alpha'],
  [0xbaab, 'MicroBlaze (old number)'],
]);

/** Names of e_type values. */
export const typeNames: ReadonlyMap<number, string> = new Map([
  [0, 'none'],
  [1, 'object file'],
  [2, 'executable'],
  [3, 'PIE'],
  [4, 'core dump'],
]);

/** Names of EI_OSABI values. */
export const osAbiNames: ReadonlyMap<number, string> = new Map([
  [0, 'System V'],
  [3, 'GNU/Linux'],
  [9, 'FreeBSD'],
]);
