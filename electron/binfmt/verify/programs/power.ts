import type { ElfProgram } from './elf-program.ts';
import { inWrittenOrder, type Listing, littleEndian } from './machine-code.ts';

// Number in r0, first argument in r3 (syscall(2)); arch/powerpc/kernel/syscalls/syscall.tbl.
const power: Listing = [
  ['38000001', 'li r0, 1'], // exit
  ['3860002a', 'li r3, 42'],
  ['44000002', 'sc'],
];

export const powerPrograms: Readonly<Record<string, ElfProgram>> = {
  ppc: { elfClass: 32, byteOrder: 'big', machine: 20, code: inWrittenOrder(power) },
  // The ABI's version is in e_flags (EF_PPC64_ABI; Power Architecture 64-Bit ELF V2 ABI): big-endian Linux keeps to the
  // first, which starts programs through a function descriptor; little-endian Linux has only the second.
  ppc64: {
    elfClass: 64,
    byteOrder: 'big',
    machine: 21,
    flags: 1,
    startsAtDescriptor: true,
    code: inWrittenOrder(power),
  },
  ppc64le: { elfClass: 64, byteOrder: 'little', machine: 21, flags: 2, code: littleEndian(power) },
};
