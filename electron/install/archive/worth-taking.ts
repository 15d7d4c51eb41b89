import os from 'node:os';
import { familyOfMachine, targetNamed } from '../../binfmt/targets.ts';
import type { ArchiveProgram } from './open-archive.ts';

/**
 * What is taken of an archive where nobody has said what: the emulators that are made for this machine and run what it
 * does not run itself, and of a target's the static one, which needs no libraries where its programs run.
 */
export function worthTaking<Program extends ArchiveProgram>(
  programs: readonly Program[],
): readonly Program[] {
  const own = familyOfMachine(os.machine());
  const useful = programs.filter(({ runsHere, target }) => runsHere && targetNamed(target)?.family !== own);
  const hasStatic = new Set(useful.flatMap(({ linkage, target }) => (linkage === 'static' ? [target] : [])));
  return useful.filter(({ linkage, target }) => linkage === 'static' || !hasStatic.has(target));
}
