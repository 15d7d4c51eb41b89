import type { ElfProgram } from './elf-program.ts';
import { inWrittenOrder, type Listing, littleEndian } from './machine-code.ts';

/** EF_SH4 (arch/sh/include/asm/elf.h). */
const SH4_FLAGS = 9;
/** EFA_PARISC_1_1 (arch/parisc/include/asm/elf.h). */
const PARISC_1_1 = 0x0210;
/** ELFOSABI_LINUX, with which the PA-RISC toolchain marks all programs for Linux. */
const LINUX = 3;

// `trapa #0x10` and the number of arguments added, the form that every kernel takes (newer ones take the `trapa
// #31` of syscall(2) too); number in r3, first argument in r4; arch/sh/kernel/syscalls/syscall.tbl.
const sh4: Listing = [
  ['e301', 'mov #1, r3'], // exit
  ['e42a', 'mov #42, r4'],
  ['c311', 'trapa #0x11'],
];

export const classicPrograms: Readonly<Record<string, ElfProgram>> = {
  alpha: {
    elfClass: 64,
    byteOrder: 'little',
    machine: 0x9026,
    // Number in v0 ($0), first argument in a0 ($16) (syscall(2)); arch/alpha/kernel/syscalls/syscall.tbl.
    code: littleEndian([
      ['201f0001', 'lda v0, 1(zero)'], // exit
      ['221f002a', 'lda a0, 42(zero)'],
      ['00000083', 'callsys'],
    ]),
  },
  hppa: {
    elfClass: 32,
    byteOrder: 'big',
    machine: 15,
    flags: PARISC_1_1,
    osAbi: LINUX,
    // A branch to the gateway page, %sr2 offset 0x100; the instruction behind it is carried out first. Number
    // in r20, first argument in r26 (syscall(2)); arch/parisc/kernel/syscalls/syscall.tbl.
    code: inWrittenOrder([
      ['341a0054', 'ldi 42, %r26'],
      ['e4008200', 'be,l 0x100(%sr2, %r0)'],
      ['34140002', 'ldi 1, %r20'], // exit, in the delay slot
    ]),
  },
  m68k: {
    elfClass: 32,
    byteOrder: 'big',
    machine: 4,
    // Number in d0, first argument in d1 (syscall(2)); arch/m68k/kernel/syscalls/syscall.tbl.
    code: inWrittenOrder([
      ['7001', 'moveq #1, %d0'], // exit
      ['722a', 'moveq #42, %d1'],
      ['4e40', 'trap #0'],
    ]),
  },
  s390x: {
    elfClass: 64,
    byteOrder: 'big',
    machine: 22,
    // First argument in r2; the number in the instruction itself (up to 255) or in r1 (syscall(2));
    // arch/s390/kernel/syscalls/syscall.tbl.
    code: inWrittenOrder([
      ['a729002a', 'lghi %r2, 42'],
      ['0a01', 'svc 1'], // exit
    ]),
  },
  sh4: { elfClass: 32, byteOrder: 'little', machine: 42, flags: SH4_FLAGS, code: littleEndian(sh4) },
  sh4eb: { elfClass: 32, byteOrder: 'big', machine: 42, flags: SH4_FLAGS, code: inWrittenOrder(sh4) },
};
