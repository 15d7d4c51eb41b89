import type { ElfProgram } from './elf-program.ts';
import { type Listing, littleEndian } from './machine-code.ts';

/** EF_ARM_EABI_VER5 (ELF for the Arm Architecture): the kernel starts older ABIs only where it is built to. */
const EABI5 = 0x0500_0000;
/** EF_ARM_BE8: data is big-endian, instructions are little-endian, as on every big-endian ARM since v6. */
const BE8 = 0x0080_0000;

// EABI: number in r7, first argument in r0 (syscall(2)); arch/arm/tools/syscall.tbl.
const arm: Listing = [
  ['e3a07001', 'mov r7, #1'], // exit
  ['e3a0002a', 'mov r0, #42'],
  ['ef000000', 'svc #0'],
];

// Number in x8, first argument in x0 (syscall(2)); include/uapi/asm-generic/unistd.h.
const aarch64: Listing = [
  ['d2800ba8', 'mov x8, #93'], // exit
  ['d2800540', 'mov x0, #42'],
  ['d4000001', 'svc #0'],
];

/** AArch64 instructions are little-endian whatever the order of data (Arm Architecture Reference Manual, “Instruction endianness”). */
export const armPrograms: Readonly<Record<string, ElfProgram>> = {
  arm: { elfClass: 32, byteOrder: 'little', machine: 40, flags: EABI5, code: littleEndian(arm) },
  armeb: { elfClass: 32, byteOrder: 'big', machine: 40, flags: EABI5 | BE8, code: littleEndian(arm) },
  aarch64: { elfClass: 64, byteOrder: 'little', machine: 183, code: littleEndian(aarch64) },
  aarch64_be: { elfClass: 64, byteOrder: 'big', machine: 183, code: littleEndian(aarch64) },
};
