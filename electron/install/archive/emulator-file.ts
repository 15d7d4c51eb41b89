import { type ElfClass, machineNames } from '../../binfmt/elf-header.ts';
import { inspectFile } from '../../binfmt/explain/inspect-file.ts';
import { hostRuns } from '../../binfmt/explain/native-elf.ts';
import { targetsOfFileName } from '../../binfmt/placing.ts';
import { readQemuVersion } from '../../binfmt/qemu-version.ts';
import { failure, type Result, success } from '../../binfmt/result.ts';
import { emulatorNameOf, type Target } from '../../binfmt/targets.ts';
import { digestOf } from './digest.ts';

/** What a file tells of the emulator in it. */
export interface EmulatorFile {
  /** QEMU's version, `7.2.22`. */
  readonly qemuVersion: string;
  readonly linkage: 'static' | 'dynamic';
  /** The CPU it is itself made for (e_machine), and the same in words. */
  readonly machine: number;
  readonly machineName: string;
  readonly elfClass: ElfClass;
  /** Whether it is made for this machine. */
  readonly runsHere: boolean;
  /** In hex digits. */
  readonly sha256: string;
}

/** e_type of executables and of PIEs. */
const EXECUTABLE_TYPES: readonly number[] = [2, 3];

/** The target whose emulator has this file name, `qemu-TARGET` or `qemu-TARGET-static`; undefined when none has. */
export const targetOfFileName = (fileName: string): Target | undefined => targetsOfFileName(fileName)[0];

/**
 * Whether the file is QEMU's emulator of that target, by what is in it: it is read and never run. The problem
 * says why it is not.
 */
export async function readEmulatorFile(
  path: string,
  target: Target,
  hostMachine: string,
): Promise<Result<EmulatorFile, string>> {
  const { content } = await inspectFile(path);
  if (content.kind !== 'elf') return failure('It is not a program of its own (not ELF).');
  if (content.isDamaged || !EXECUTABLE_TYPES.includes(content.type)) {
    return failure('It is an ELF file, but not a program that can be started.');
  }
  const qemuVersion = await readQemuVersion(path);
  if (qemuVersion === null)
    return failure('It is a program, but not one of QEMU’s: it names no QEMU version.');
  const { sha256, holdsText } = await digestOf(path, `qemu-${emulatorNameOf(target)} version ${qemuVersion}`);
  if (!holdsText) return failure(`It is QEMU’s, but it does not call itself the emulator of ${target.name}.`);
  const { machine, elfClass } = content;
  return success({
    qemuVersion,
    linkage: content.loader === null ? 'static' : 'dynamic',
    machine,
    machineName: machineNames.get(machine) ?? `machine ${machine}`,
    elfClass,
    runsHere: hostRuns(hostMachine, machine, elfClass),
    sha256,
  });
}
