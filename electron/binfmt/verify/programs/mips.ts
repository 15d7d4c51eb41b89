import type { ElfProgram } from './elf-program.ts';
import { inWrittenOrder, type Listing, littleEndian } from './machine-code.ts';

// e_flags, from the kernel's arch/mips/include/asm/elf.h.
/** EF_MIPS_ABI_O32 and EF_MIPS_ARCH_32. */
const O32_FLAGS = 0x5000_1000;
/** EF_MIPS_ABI2, which tells n32 from o32, and EF_MIPS_ARCH_64. */
const N32_FLAGS = 0x6000_0020;
/** EF_MIPS_ARCH_64: n64 is told by the file's class. */
const N64_FLAGS = 0x6000_0000;

// Number in $v0, first argument in $a0 (syscall(2)); each ABI counts from a base of its own:
// __NR_Linux in arch/mips/include/uapi/asm/unistd.h.
const o32: Listing = [
  ['24020fa1', 'addiu $v0, $zero, 4001'], // exit: 4000 + 1, arch/mips/kernel/syscalls/syscall_o32.tbl
  ['2404002a', 'addiu $a0, $zero, 42'],
  ['0000000c', 'syscall'],
];
const n32: Listing = [
  ['240217aa', 'addiu $v0, $zero, 6058'], // exit: 6000 + 58, syscall_n32.tbl
  ['2404002a', 'addiu $a0, $zero, 42'],
  ['0000000c', 'syscall'],
];
const n64: Listing = [
  ['240213c2', 'addiu $v0, $zero, 5058'], // exit: 5000 + 58, syscall_n64.tbl
  ['2404002a', 'addiu $a0, $zero, 42'],
  ['0000000c', 'syscall'],
];

const EM_MIPS = 8;
const mips32 = { elfClass: 32, machine: EM_MIPS } as const;
const mips64 = { elfClass: 64, machine: EM_MIPS, flags: N64_FLAGS } as const;

export const mipsPrograms: Readonly<Record<string, ElfProgram>> = {
  mips: { ...mips32, byteOrder: 'big', flags: O32_FLAGS, code: inWrittenOrder(o32) },
  mipsel: { ...mips32, byteOrder: 'little', flags: O32_FLAGS, code: littleEndian(o32) },
  mipsn32: { ...mips32, byteOrder: 'big', flags: N32_FLAGS, code: inWrittenOrder(n32) },
  mipsn32el: { ...mips32, byteOrder: 'little', flags: N32_FLAGS, code: littleEndian(n32) },
  mips64: { ...mips64, byteOrder: 'big', code: inWrittenOrder(n64) },
  mips64el: { ...mips64, byteOrder: 'little', code: littleEndian(n64) },
};
