import { emulatorNameOf, type Target, targets } from './targets.ts';

/** Where emulators from archives go: the administrator's place, which no package touches (FHS 4.9). */
export const INTERPRETER_DIRECTORY = '/usr/local/bin';

/** An emulator that is to come to {@link INTERPRETER_DIRECTORY}. */
export interface PlacedFile {
  /** `qemu-aarch64-static`. */
  readonly name: string;
  /** What it must be, in hex digits: the file it is copied from belongs to the user, who can exchange it at any time. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
  /**
   * When it was last changed, in whole seconds since 1970: the copy keeps it, for tarballs and images of it tell it. 0
   * where it is not known.
   */
  readonly mtime: number;
}

/** Puts emulators into {@link INTERPRETER_DIRECTORY}: all of them or none. */
export interface PlaceInterpreters {
  readonly kind: 'place-interpreters';
  /** 32 hex digits, new each time: what was there before is kept under it. */
  readonly id: string;
  /** The directory they are copied from, absolute. */
  readonly from: string;
  /** At least one. */
  readonly files: readonly PlacedFile[];
}

/** Takes a {@link PlaceInterpreters} back: what was there before is there again. */
export interface UnplaceInterpreters {
  readonly kind: 'unplace-interpreters';
  readonly id: string;
  readonly files: readonly PlacedFile[];
}

export type Placing = PlaceInterpreters | UnplaceInterpreters;

/** What lies on the disk of a {@link PlaceInterpreters}. */
export interface PlacingState {
  /** How many of the files are in their places: these very ones, by their digests. */
  readonly inPlace: 'all' | 'some' | 'none';
  /**
   * Whether what was there before is kept for taking back; `interrupted`: a placing or a taking back was cut off, and
   * whatever comes next finishes it or leads back to the old ones.
   */
  readonly kept: 'yes' | 'interrupted' | 'no';
}

/** By the placings' numbers. */
export type PlacingStates = ReadonlyMap<string, PlacingState>;

/** Whether the operation is about files in {@link INTERPRETER_DIRECTORY}. */
export const isPlacing = <Other extends { readonly kind: string }>(
  operation: Other | Placing,
): operation is Placing =>
  operation.kind === 'place-interpreters' || operation.kind === 'unplace-interpreters';

/** Where the files of an operation lie once they are in their places. */
export const placedPaths = ({ files }: Placing): readonly string[] =>
  files.map(({ name }) => `${INTERPRETER_DIRECTORY}/${name}`);

/** The targets whose programs the emulator of this file name runs, `qemu-TARGET` or `qemu-TARGET-static`. */
export const targetsOfFileName = (fileName: string): readonly Target[] =>
  targets.filter((target) => {
    const emulator = `qemu-${emulatorNameOf(target)}`;
    return fileName === emulator || fileName === `${emulator}-static`;
  });

/** Why an operation must not be carried out, as a sentence; null when it may. */
export function problemOfPlacing(operation: Placing): string | null {
  const { id, files } = operation;
  const names = files.map(({ name }) => name);
  if (!/^[0-9a-f]{32}$/.test(id)) return 'Nothing was installed: the operation has no proper number.';
  if (files.length === 0) return 'There is nothing to install.';
  if (new Set(names).size < names.length) return 'Nothing was installed: a name appears twice.';
  const odd = files.find(
    ({ name, sha256, size, mtime }) =>
      !/^qemu-[a-z0-9_]+(-static)?$/.test(name) ||
      !/^[0-9a-f]{64}$/.test(sha256) ||
      !Number.isSafeInteger(size) ||
      !isMtime(mtime),
  );
  if (odd !== undefined) return `Nothing was installed: ${odd.name} cannot be the name of an emulator.`;
  const isAbsolute = operation.kind === 'unplace-interpreters' || operation.from.startsWith('/');
  return isAbsolute ? null : 'Nothing was installed: the place to install from is no absolute path.';
}

/** Whether it is a time that an emulator can keep: one that the header of a tar archive can hold, too (pax(1)). */
export const isMtime = (seconds: number): boolean =>
  Number.isSafeInteger(seconds) && seconds >= 0 && seconds <= 0o77777777777;

/** What the operation does, in plain words. */
export function describePlacing({ kind, files }: Placing): string {
  const names = files.map(({ name }) => name).join(', ');
  return kind === 'place-interpreters'
    ? `Put ${names} into ${INTERPRETER_DIRECTORY}, and keep what was there`
    : `Take ${names} out of ${INTERPRETER_DIRECTORY} again, and put back what was there`;
}
