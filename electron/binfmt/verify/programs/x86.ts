import type { ElfProgram } from './elf-program.ts';
import { inWrittenOrder } from './machine-code.ts';

// `int $0x80`: number in eax, first argument in ebx (syscall(2)); arch/x86/entry/syscalls/syscall_32.tbl.
const code32 = inWrittenOrder([
  ['b801000000', 'mov $1, %eax'], // exit
  ['bb2a000000', 'mov $42, %ebx'],
  ['cd80', 'int $0x80'],
]);

const i386: ElfProgram = { elfClass: 32, byteOrder: 'little', machine: 3, code: code32 };

export const x86Programs: Readonly<Record<string, ElfProgram>> = {
  i386,
  // EM_486: the kernel and QEMU take it for EM_386 (`elf_check_arch_ia32()` in arch/x86/include/asm/elf.h).
  i486: { ...i386, machine: 6 },
  x86_64: {
    elfClass: 64,
    byteOrder: 'little',
    machine: 62,
    // `syscall`: number in rax, first argument in rdi; arch/x86/entry/syscalls/syscall_64.tbl.
    code: inWrittenOrder([
      ['b83c000000', 'mov $60, %eax'], // exit
      ['bf2a000000', 'mov $42, %edi'],
      ['0f05', 'syscall'],
    ]),
  },
};
