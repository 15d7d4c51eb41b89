import type { Target } from '../targets.ts';
import { armPrograms } from './programs/arm.ts';
import { classicPrograms } from './programs/classics.ts';
import { buildElfProgram, type ElfProgram } from './programs/elf-program.ts';
import { mipsPrograms } from './programs/mips.ts';
import { newcomerPrograms } from './programs/newcomers.ts';
import { powerPrograms } from './programs/power.ts';
import { sparcPrograms } from './programs/sparc.ts';
import { x86Programs } from './programs/x86.ts';

/** What every proof program exits with: nothing that shells, QEMU or a crash exit with. */
export const PROOF_EXIT_STATUS = 42;

const programs: ReadonlyMap<string, ElfProgram> = new Map(
  Object.entries({
    ...x86Programs,
    ...armPrograms,
    ...mipsPrograms,
    ...powerPrograms,
    ...sparcPrograms,
    ...classicPrograms,
    ...newcomerPrograms,
  }),
);

/**
 * A program of the target, about a hundred bytes: a static executable that does nothing but exit(42) by a
 * system call. Throws a RangeError for a target that the table does not have.
 */
export function proofProgram(target: Target): Uint8Array {
  const program = programs.get(target.name);
  if (program === undefined) throw new RangeError(`There is no proof program for ${target.name}.`);
  return buildElfProgram(program);
}
