import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { Operation } from '../binfmt/operations.ts';
import {
  INTERPRETER_DIRECTORY,
  isPlacing,
  type PlacedFile,
  type Placing,
  type PlacingState,
  type PlacingStates,
} from '../binfmt/placing.ts';
import { KEPT_DIRECTORY } from '../elevation/place-script.ts';
import { digestOf } from './archive/digest.ts';
import type { ArchiveProgram } from './archive/open-archive.ts';

/** What is to be placed of an archive. */
export const placedFilesOf = (programs: readonly ArchiveProgram[]): readonly PlacedFile[] =>
  programs.map(({ fileName, sha256, size }) => ({ name: fileName, sha256, size }));

/**
 * What lies on the disk of the placings among these operations. Costs some stat(2); a file is read to tell its digest
 * where it was touched after it had been placed, once.
 */
export async function placingStatesOf(operations: readonly Operation[]): Promise<PlacingStates> {
  const placings = operations.filter((operation) => isPlacing(operation));
  const isInterrupted = placings.length > 0 && (await isAnyInterrupted());
  const states = placings.map(
    async (placing) => [placing.id, await placingStateOf(placing, isInterrupted)] as const,
  );
  return new Map(await Promise.all(states));
}

async function placingStateOf({ id, files }: Placing, isInterrupted: boolean): Promise<PlacingState> {
  const kept = await statsOf(path.join(KEPT_DIRECTORY, id));
  const present = await Promise.all(files.map((file) => isPlaced(file, kept)));
  return {
    inPlace: !present.includes(false) ? 'all' : present.includes(true) ? 'some' : 'none',
    kept: kept !== null ? 'yes' : isInterrupted ? 'interrupted' : 'no',
  };
}

/** Whether a placing or a taking back was cut off, and nobody has come since (place-script.ts). */
async function isAnyInterrupted(): Promise<boolean> {
  const found = await Promise.all(
    ['placing', 'restoring'].map((name) => statsOf(path.join(KEPT_DIRECTORY, name))),
  );
  return found.some((stats) => stats !== null);
}

/** `kept` is the directory that was renamed when all files had come into their places; null where there is none. */
async function isPlaced({ name, sha256, size }: PlacedFile, kept: Stats | null): Promise<boolean> {
  const file = path.join(INTERPRETER_DIRECTORY, name);
  const stats = await statsOf(file);
  if (stats === null || !stats.isFile() || stats.size !== size) return false;
  // Nobody can set it back (inode(7)).
  if (kept !== null && stats.ctimeMs <= kept.ctimeMs) return true;
  return (await knownDigestOf(file, stats)) === sha256;
}

const digests = new Map<string, { readonly looks: string; readonly sha256: Promise<string | null> }>();

/** The digest of a file that looks like this; null where it cannot be read. */
function knownDigestOf(file: string, { ino, size, mtimeMs, ctimeMs }: Stats): Promise<string | null> {
  const looks = `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  const known = digests.get(file);
  if (known?.looks === looks) return known.sha256;
  const sha256 = digestOf(file, '').then(
    (digest) => digest.sha256,
    () => null,
  );
  digests.set(file, { looks, sha256 });
  return sha256;
}

/** Null where nothing is, or nobody may look. */
const statsOf = (file: string): Promise<Stats | null> => lstat(file).catch(() => null);
