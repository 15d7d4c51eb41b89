import type { ElfProgram } from './elf-program.ts';
import { inWrittenOrder, type Listing } from './machine-code.ts';

/** EF_SPARC_32PLUS (include/elf/sparc.h of binutils): 32-bit code for a V9 CPU. */
const V8_PLUS = 0x100;

// Number in %g1, first argument in %o0 (syscall(2)); arch/sparc/kernel/syscalls/syscall.tbl. A trap, so
// there is no delay slot.
const sparc32: Listing = [
  ['82102001', 'mov 1, %g1'], // exit
  ['9010202a', 'mov 42, %o0'],
  ['91d02010', 'ta 0x10'],
];
const sparc64: Listing = [
  ['82102001', 'mov 1, %g1'], // exit
  ['9010202a', 'mov 42, %o0'],
  ['91d0206d', 'ta 0x6d'],
];

export const sparcPrograms: Readonly<Record<string, ElfProgram>> = {
  sparc: { elfClass: 32, byteOrder: 'big', machine: 2, code: inWrittenOrder(sparc32) },
  sparc32plus: {
    elfClass: 32,
    byteOrder: 'big',
    machine: 18,
    flags: V8_PLUS,
    code: inWrittenOrder(sparc32),
  },
  sparc64: { elfClass: 64, byteOrder: 'big', machine: 43, code: inWrittenOrder(sparc64) },
};
