import type { ByteOrder, ElfClass } from '../../elf-header.ts';

/** A program as far as targets differ; {@link buildElfProgram} makes the file. */
export interface ElfProgram {
  readonly elfClass: ElfClass;
  /** Of the headers, and of the descriptor; the code is in the order the CPU reads it. */
  readonly byteOrder: ByteOrder;
  /** e_machine */
  readonly machine: number;
  /** e_flags; 0 where the psABI has nothing to say of so plain a program. */
  readonly flags?: number;
  /** EI_OSABI; System V (0) unless told. */
  readonly osAbi?: number;
  readonly code: Uint8Array;
  /** e_entry is the address of a function descriptor, not of an instruction: the 64-bit PowerPC ELFv1 ABI. */
  readonly startsAtDescriptor?: boolean;
}

/**
 * Where the file is mapped: above every mmap_min_addr, below where any of the ABIs puts its stack, and a
 * multiple of every page size (SPARC's linker aligns to 1 MiB, the others to less).
 */
export const LOAD_ADDRESS = 0x40_0000;
/** The segment must be congruent modulo the page size (elf(5)); 64 KiB is the largest page that kernels use. */
const LARGEST_PAGE = 0x1_0000;

const EV_CURRENT = 1;
const ET_EXEC = 2;
const PT_LOAD = 1;
const PF_R_X = 5;

/** A field's size in bytes, and its value. */
type Field = readonly [size: number, value: number];

/**
 * The whole file: ELF header, one program header that maps all of it readable and executable, descriptor
 * where there is one, code. No section headers, no interpreter: static, as small as the format allows.
 */
export function buildElfProgram(program: ElfProgram): Uint8Array {
  const { elfClass, byteOrder, code } = program;
  const word = elfClass / 8;
  const headerSize = elfClass === 64 ? 64 : 52;
  const programHeaderSize = elfClass === 64 ? 56 : 32;
  const entry = LOAD_ADDRESS + headerSize + programHeaderSize;
  const descriptor = program.startsAtDescriptor === true ? descriptorOf(entry, word) : [];
  const size = headerSize + programHeaderSize + descriptor.length * word + code.length;

  const identification: readonly Field[] = [
    ...Array.from('\x7fELF', (letter): Field => [1, letter.charCodeAt(0)]),
    [1, elfClass === 64 ? 2 : 1],
    [1, byteOrder === 'big' ? 2 : 1],
    [1, EV_CURRENT],
    [1, program.osAbi ?? 0],
    [8, 0], // EI_ABIVERSION and padding
  ];
  const header: readonly Field[] = [
    [2, ET_EXEC],
    [2, program.machine],
    [4, EV_CURRENT],
    [word, entry],
    [word, headerSize], // e_phoff: right behind
    [word, 0], // e_shoff
    [4, program.flags ?? 0],
    [2, headerSize],
    [2, programHeaderSize],
    [2, 1], // e_phnum
    [2, 0], // e_shentsize
    [2, 0], // e_shnum
    [2, 0], // e_shstrndx
  ];
  const programFlags: Field = [4, PF_R_X];
  const programHeader: readonly Field[] = [
    [4, PT_LOAD],
    ...(elfClass === 64 ? [programFlags] : []),
    [word, 0], // p_offset
    [word, LOAD_ADDRESS], // p_vaddr
    [word, LOAD_ADDRESS], // p_paddr
    [word, size], // p_filesz
    [word, size], // p_memsz
    ...(elfClass === 32 ? [programFlags] : []),
    [word, LARGEST_PAGE],
  ];
  const fields = [...identification, ...header, ...programHeader, ...descriptor];
  return Uint8Array.from([...fields.flatMap((field) => bytesOfField(field, byteOrder)), ...code]);
}

/** Address of the code, which lies right behind; TOC pointer; environment pointer. The code uses neither. */
const descriptorOf = (address: number, word: number): readonly Field[] => [
  [word, address + 3 * word],
  [word, 0],
  [word, 0],
];

function bytesOfField([size, value]: Field, order: ByteOrder): readonly number[] {
  const littleEndian = Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** index) % 256);
  return order === 'little' ? littleEndian : littleEndian.reverse();
}
