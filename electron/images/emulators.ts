import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { encodeBytes } from '../binfmt/bytes.ts';
import { type ElfFile, readElfFile } from '../binfmt/elf-file.ts';
import { hostRuns } from '../binfmt/explain/native-elf.ts';
import { readQemuVersion } from '../binfmt/qemu-version.ts';
import { failure, type Result, success } from '../binfmt/result.ts';
import { emulatorNameOf, targetNamed } from '../binfmt/targets.ts';
import { explainFileError, Obstacle } from './failures.ts';
import { type Content, fileContent } from './tar.ts';

/** A target and the program on this machine that emulates it. */
export interface ChosenEmulator {
  /** QEMU's name of the target. */
  readonly target: string;
  /** A string of bytes, see bytes.ts. */
  readonly path: string;
}

/** What tarballs and images are made from. */
export interface EmulatorRequest {
  /** The machine they are for, this one, as `uname -m` names it. */
  readonly machine: string;
  readonly emulators: readonly ChosenEmulator[];
  /** The time everything gets, in seconds since 1970; null: each file its own. */
  readonly sourceDateEpoch: number | null;
}

/** A static program of this machine that was looked at; it is not kept open. */
export interface HostProgram {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** In seconds since 1970. */
  readonly mtime: number;
}

export interface Emulator extends HostProgram {
  /** QEMU's name of it, without `qemu-`: `i386` for the target i486. */
  readonly name: string;
  readonly version: string | null;
}

/**
 * Looks at the chosen emulators, each once, in the order of their names. A problem is a sentence about the first
 * that cannot be used: it is unknown, not there, not static, or made for another machine. None of them is run.
 */
export async function inspectEmulators(
  request: EmulatorRequest,
): Promise<Result<readonly Emulator[], string>> {
  const paths = new Map<string, string>();
  for (const { target, path } of request.emulators) {
    const known = targetNamed(target);
    if (known === undefined) return failure(`QEMU has no target called ${target}.`);
    paths.set(emulatorNameOf(known), path);
  }
  if (paths.size === 0) return failure('No target is chosen. Choose at least one.');

  const emulators: Emulator[] = [];
  try {
    for (const [name, path] of [...paths].sort(([one], [other]) => (one < other ? -1 : 1))) {
      const program = await inspectProgram(path, request);
      emulators.push({ ...program, name, version: await readQemuVersion(path) });
    }
  } catch (error) {
    return failure(explainFileError(error, ''));
  }
  return success(emulators);
}

/** Looks at a program that is to run on its own in a container; throws an {@link Obstacle} when it cannot. */
export async function inspectProgram(
  path: string,
  { machine, sourceDateEpoch }: Pick<EmulatorRequest, 'machine' | 'sourceDateEpoch'>,
): Promise<HostProgram> {
  const stats = await statFile(path);
  const elf = await readElfFile(encodeBytes(path));
  const problem = problemOf(elf, machine);
  if (problem !== null) throw new Obstacle(`${path} ${problem}`);
  return { path, size: stats.size, mtime: sourceDateEpoch ?? Math.max(0, Math.floor(stats.mtimeMs / 1000)) };
}

export const contentOf = ({ path, size }: HostProgram): Content => fileContent(path, size);

async function statFile(path: string): Promise<Stats> {
  const bytes = encodeBytes(path);
  const stats = await stat(bytes);
  // Opening anything else could wait for ever.
  if (!stats.isFile()) throw new Obstacle(`${path} is no file. Choose a program.`);
  await (await open(bytes, 'r')).close();
  return stats;
}

function problemOf(elf: ElfFile | null, machine: string): string | null {
  if (elf === null) return 'is no program of any machine (no ELF file). Choose QEMU’s own program.';
  if (!hostRuns(machine, elf.machine, elf.elfClass)) {
    return `is made for another machine, not for ${machine}. Choose one that runs here.`;
  }
  if (elf.isStatic) return null;
  return (
    'is not static: it needs libraries that containers do not have. ' +
    'Install the static ones (package qemu-user-static, or busybox-static).'
  );
}
