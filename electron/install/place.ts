import path from 'node:path';
import { encodeBytes } from '../binfmt/bytes.ts';
import { shellQuote } from '../elevation/shell-quote.ts';
import { digestOf } from './archive/digest.ts';
import type { ExtractedProgram } from './archive/extract-interpreters.ts';
import { INTERPRETER_DIRECTORY, KEPT_DIRECTORY } from './place-script.ts';

/** An emulator that is to come to {@link INTERPRETER_DIRECTORY}. */
export interface PlacedFile {
  /** `qemu-aarch64-static`. */
  readonly name: string;
  /** What it must be, in hex digits: the file it is copied from belongs to the user, who can exchange it at any time. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
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

/** The operation that places what was unpacked. */
export const placing = (
  id: string,
  from: string,
  programs: readonly ExtractedProgram[],
): PlaceInterpreters => ({
  kind: 'place-interpreters',
  id,
  from,
  files: programs.map(({ fileName, sha256, size }) => ({ name: fileName, sha256, size })),
});

/** Why an operation must not be carried out, as a sentence; null when it may. */
export function problemOfPlacing(operation: PlaceInterpreters | UnplaceInterpreters): string | null {
  const { id, files } = operation;
  const names = files.map(({ name }) => name);
  if (!/^[0-9a-f]{32}$/.test(id)) return 'Nothing was installed: the operation has no proper number.';
  if (files.length === 0) return 'There is nothing to install.';
  if (new Set(names).size < names.length) return 'Nothing was installed: a name appears twice.';
  const odd = files.find(
    ({ name, sha256, size }) =>
      !/^qemu-[a-z0-9_]+(-static)?$/.test(name) ||
      !/^[0-9a-f]{64}$/.test(sha256) ||
      !Number.isSafeInteger(size),
  );
  if (odd !== undefined) return `Nothing was installed: ${odd.name} cannot be the name of an emulator.`;
  const isAbsolute = operation.kind === 'unplace-interpreters' || path.isAbsolute(operation.from);
  return isAbsolute ? null : 'Nothing was installed: the place to install from is no absolute path.';
}

/** The line of bash for the operation, for a script that has {@link placeFunctions}. */
export function placeCommand(operation: PlaceInterpreters | UnplaceInterpreters): string {
  const { id, files } = operation;
  const words =
    operation.kind === 'place-interpreters'
      ? [
          'place_interpreters',
          id,
          operation.from,
          ...files.flatMap(({ name, sha256, size }) => [name, sha256, String(size)]),
        ]
      : ['unplace_interpreters', id];
  const [command = '', ...data] = words;
  return [command, ...data.map((word) => shellQuote(encodeBytes(word)))].join(' ');
}

/** What the operation does, in plain words. */
export function describePlacing({ kind, files }: PlaceInterpreters | UnplaceInterpreters): string {
  const names = files.map(({ name }) => name).join(', ');
  return kind === 'place-interpreters'
    ? `Put ${names} into ${INTERPRETER_DIRECTORY}, and keep what was there`
    : `Take ${names} out of ${INTERPRETER_DIRECTORY} again, and put back what was there`;
}

/**
 * How far an operation has come whose report was lost, by what lies on the disk. `partly` is put right by the next
 * placing or taking back, which begins with undoing what was interrupted.
 */
export async function stateOfPlacing({ files }: PlaceInterpreters): Promise<'done' | 'not-done' | 'partly'> {
  const present = await Promise.all(files.map(isPlaced));
  if (!present.includes(false)) return 'done';
  return present.includes(true) ? 'partly' : 'not-done';
}

async function isPlaced({ name, sha256 }: PlacedFile): Promise<boolean> {
  try {
    return (await digestOf(path.join(INTERPRETER_DIRECTORY, name), '')).sha256 === sha256;
  } catch {
    return false; // It is not there, or it is another thing.
  }
}

/** What a failed operation means and what to do; `message` is what the script and its tools said. */
export function explainPlacing({ kind }: PlaceInterpreters | UnplaceInterpreters, message: string): string {
  const said = (text: string): boolean => message.includes(text);
  const nothing = kind === 'place-interpreters' ? 'Nothing was installed' : 'Nothing was taken back';
  if (said('Source was changed')) {
    return `${nothing}: an unpacked program is not the one that was listed any more. Open the file again.`;
  }
  if (said('Nothing is kept')) return `${nothing}: what was there before is not kept any more.`;
  if (said('Interpreter was changed')) {
    return `${nothing}: somebody else has changed a program in ${INTERPRETER_DIRECTORY} since.`;
  }
  if (said('Not a file')) {
    return `${nothing}: something that is not a program has one of these names in ${INTERPRETER_DIRECTORY}. Move it away.`;
  }
  if (said('No space left') || said('Disk quota exceeded')) {
    return `${nothing}: there is no room left for ${INTERPRETER_DIRECTORY} or ${KEPT_DIRECTORY}. Make room and try again.`;
  }
  if (said('Read-only file system')) {
    return `${nothing}: ${INTERPRETER_DIRECTORY} is read-only here. Use the distribution’s package instead.`;
  }
  return `${nothing}: ${message.split('\n').at(-1) ?? ''}`;
}
