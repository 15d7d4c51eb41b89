import type { ElfProgram } from './elf-program.ts';
import { inWrittenOrder, type Listing, littleEndian } from './machine-code.ts';

// exit is 93 where a port uses include/uapi/asm-generic/unistd.h: RISC-V, LoongArch, OpenRISC, Hexagon.

/** EF_LOONGARCH_ABI_DOUBLE_FLOAT and object file ABI version 1 (LoongArch ELF psABI): what toolchains write. */
const LOONGARCH_FLAGS = 0x43;
/** The architecture's version (V60): the oldest that needs no further look (`cpu_get_model()` in QEMU 7.2). */
const HEXAGON_V60 = 0x60;
/** EM_MICROBLAZE_OLD: kernel and QEMU take 189 as well, but QEMU's magic takes this number only. */
const MICROBLAZE = 0xbaab;

// Number in a7, first argument in a0 (syscall(2)).
const riscv: Listing = [
  ['05d00893', 'li a7, 93'], // exit
  ['02a00513', 'li a0, 42'],
  ['00000073', 'ecall'],
];

// Number in r12, first argument in r5 (syscall(2)); arch/microblaze/kernel/syscalls/syscall.tbl.
const microblaze: Listing = [
  ['31800001', 'addik r12, r0, 1'], // exit
  ['30a0002a', 'addik r5, r0, 42'],
  ['b9cc0008', 'brki r14, 0x8'],
];

export const newcomerPrograms: Readonly<Record<string, ElfProgram>> = {
  riscv32: { elfClass: 32, byteOrder: 'little', machine: 243, code: littleEndian(riscv) },
  riscv64: { elfClass: 64, byteOrder: 'little', machine: 243, code: littleEndian(riscv) },
  // Number in a2, first argument in a6 (syscall(2)); arch/xtensa/kernel/syscalls/syscall.tbl. Instructions are
  // three bytes; the two byte orders differ in the order of nibbles (Xtensa ISA Reference Manual).
  xtensa: {
    elfClass: 32,
    byteOrder: 'little',
    machine: 94,
    code: inWrittenOrder([
      ['22a076', 'movi a2, 118'], // exit
      ['62a02a', 'movi a6, 42'],
      ['005000', 'syscall'],
    ]),
  },
  xtensaeb: {
    elfClass: 32,
    byteOrder: 'big',
    machine: 94,
    code: inWrittenOrder([
      ['220a76', 'movi a2, 118'], // exit
      ['260a2a', 'movi a6, 42'],
      ['000500', 'syscall'],
    ]),
  },
  microblaze: { elfClass: 32, byteOrder: 'big', machine: MICROBLAZE, code: inWrittenOrder(microblaze) },
  microblazeel: { elfClass: 32, byteOrder: 'little', machine: MICROBLAZE, code: littleEndian(microblaze) },
  or1k: {
    elfClass: 32,
    byteOrder: 'big',
    machine: 92,
    // Number in r11, first argument in r3; `_sys_call_handler` in arch/openrisc/kernel/entry.S.
    code: inWrittenOrder([
      ['9d60005d', 'l.addi r11, r0, 93'], // exit
      ['9c60002a', 'l.addi r3, r0, 42'],
      ['20000001', 'l.sys 1'],
    ]),
  },
  hexagon: {
    elfClass: 32,
    byteOrder: 'little',
    machine: 164,
    flags: HEXAGON_V60,
    // Number in r6, first argument in r0; each instruction is a packet of its own; `install_sigtramp()` in
    // QEMU's linux-user/hexagon/signal.c.
    code: littleEndian([
      ['7800cba6', '{ r6 = #93 }'], // exit
      ['7800c540', '{ r0 = #42 }'],
      ['5400c004', '{ trap0(#1) }'],
    ]),
  },
  loongarch64: {
    elfClass: 64,
    byteOrder: 'little',
    machine: 258,
    flags: LOONGARCH_FLAGS,
    // Number in $a7, first argument in $a0 (syscall(2)).
    code: littleEndian([
      ['0281740b', 'addi.w $a7, $zero, 93'], // exit
      ['0280a804', 'addi.w $a0, $zero, 42'],
      ['002b0000', 'syscall 0'],
    ]),
  },
};
