import { byteOrderOf, elfClassOf, readNumber } from '../elf-header.ts';
import { bytesOfHex } from '../hex.ts';
import { familyOfMachine, type Target, targetNamed, targets } from '../targets.ts';

interface Cpu {
  readonly machine: number;
  readonly elfClass: 32 | 64;
  readonly byteOrder: 'little' | 'big';
}

/**
 * Whether a machine (as `uname -m` names it) runs ELF programs with this e_machine, of this class where it is
 * known: its own, and on most 64-bit ones the 32-bit ones of its family (the kernel's compat ELF loader; a
 * kernel built without it refuses them).
 */
export function hostRuns(hostMachine: string, machine: number, elfClass: 32 | 64 | null): boolean {
  return cpusOf(hostMachine).some(
    (cpu) => cpu.machine === machine && (elfClass === null || cpu.elfClass === elfClass),
  );
}

/**
 * The class in which the machine's ELF loader would read this header; null when it is not for that machine.
 * The loader looks at e_machine in its own byte order and at nothing of e_ident but the first four bytes
 * (`elf_check_arch()`), so the class shows in the size of the program headers (`load_elf_phdrs()`).
 */
export function nativeClassOf(head: Uint8Array, hostMachine: string): 32 | 64 | null {
  const found = cpusOf(hostMachine).find(
    ({ machine, elfClass, byteOrder }) =>
      readNumber(head, 18, 2, byteOrder) === machine &&
      readNumber(head, elfClass === 64 ? 54 : 42, 2, byteOrder) === (elfClass === 64 ? 56 : 32),
  );
  return found?.elfClass ?? null;
}

/** The byte order of the machine; little where it is not known. */
export const byteOrderOfHost = (hostMachine: string): 'little' | 'big' =>
  cpusOf(hostMachine)[0]?.byteOrder ?? 'little';

const known = new Map<string, readonly Cpu[]>();

function cpusOf(hostMachine: string): readonly Cpu[] {
  const cpus = known.get(hostMachine) ?? findCpus(hostMachine);
  known.set(hostMachine, cpus);
  return cpus;
}

function findCpus(hostMachine: string): readonly Cpu[] {
  const family = familyOfMachine(hostMachine);
  const own = targetNamed(hostMachine) ?? targetNamed(family);
  if (own === undefined) return [];
  const cpu = cpuOf(own);
  const relatives = targets
    .filter((target) => target !== own && target.family === own.family)
    .map(cpuOf)
    .filter((one) => one.elfClass === 32 && one.byteOrder === cpu.byteOrder);
  return [cpu, ...relatives];
}

function cpuOf(target: Target): Cpu {
  const magic = bytesOfHex(target.magic);
  const byteOrder = byteOrderOf(magic);
  return { machine: readNumber(magic, 18, 2, byteOrder), elfClass: elfClassOf(magic), byteOrder };
}
