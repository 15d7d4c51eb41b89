import type { Snapshot } from '../binfmt/snapshot.ts';
import { emulatorNameOf, type Target, targets } from '../binfmt/targets.ts';
import { findBusybox } from '../images/busybox.ts';
import { inspectProgram } from '../images/emulators.ts';
import { explainFileError } from '../images/failures.ts';

/** An emulator that tarballs and images can be made of, or why they cannot. */
export interface EmulatorChoice {
  /** QEMU's name of it, without `qemu-`, which is a target's as well. */
  readonly name: string;
  /** The names of all targets that it emulates. */
  readonly targets: readonly string[];
  /** A string of bytes; null where none is installed. */
  readonly path: string | null;
  readonly version: string | null;
  /** Its size in bytes; 0 where it cannot be used. */
  readonly size: number;
  /** A sentence; null when it can be used. */
  readonly problem: string | null;
}

/** What this machine has to make tarballs and images of. */
export interface ImageChoices {
  /** As `uname -m` names it. */
  readonly machine: string;
  /** Each once, in the order of their names. */
  readonly emulators: readonly EmulatorChoice[];
  /** The static busybox for the images register and latest, or a sentence that says how to get one. */
  readonly shell: { readonly size: number } | { readonly problem: string };
}

/** Looks at the emulators of a snapshot as they are on disk now. None of them is run. */
export async function readImageChoices(snapshot: Snapshot): Promise<ImageChoices> {
  const { machine } = snapshot.host;
  const own = targets
    .filter((target) => emulatorNameOf(target) === target.name)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const [emulators, busybox] = await Promise.all([
    Promise.all(own.map((target) => choiceOf(target, snapshot))),
    findBusybox(null, { machine, sourceDateEpoch: null }),
  ]);
  return {
    machine,
    emulators,
    shell: busybox.ok ? { size: busybox.value.size } : { problem: busybox.problem },
  };
}

async function choiceOf({ name }: Target, snapshot: Snapshot): Promise<EmulatorChoice> {
  const emulated = targets.filter((target) => emulatorNameOf(target) === name).map((target) => target.name);
  const known = { name, targets: emulated };
  const row = snapshot.targets.find((one) => one.isTarget && one.name === name);
  const installed = row?.installed ?? null;
  if (installed === null) {
    return { ...known, path: null, version: null, size: 0, problem: 'No emulator is installed.' };
  }
  const { path, qemuVersion: version } = installed;
  try {
    const { size } = await inspectProgram(path, { machine: snapshot.host.machine, sourceDateEpoch: null });
    return { ...known, path, version, size, problem: null };
  } catch (error) {
    return { ...known, path, version, size: 0, problem: explainFileError(error, path) };
  }
}
