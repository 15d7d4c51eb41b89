import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { encodeBytes } from '../binfmt/bytes.ts';
import { failure, type Result, success } from '../binfmt/result.ts';
import { explainFileError, Obstacle, STOPPED } from './failures.ts';

/**
 * Makes something whole or not at all: `make` writes into a directory of its own in `directory`, and moves what is
 * finished to where it belongs, last of all. Afterwards that directory is gone, whatever happened. A problem is a
 * sentence, about `place` or that the signal stopped it. Paths are strings of bytes, see bytes.ts.
 */
export async function withStaging<Value>(
  directory: string,
  place: string,
  signal: AbortSignal | undefined,
  make: (staging: string) => Promise<Value>,
): Promise<Result<Value, string>> {
  const staging = path.join(directory, `.qemu-images.partial-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(encodeBytes(staging));
  } catch (error) {
    // A person hears of the place they chose, not of our directory in it.
    return failure(explainFileError(Object.assign(error as Error, { path: place }), place));
  }
  try {
    return success(await make(staging));
  } catch (error) {
    return failure(signal?.aborted ? STOPPED : explainFileError(error, place));
  } finally {
    await rm(encodeBytes(staging), { recursive: true, force: true });
  }
}

/** Moves a finished file to its place, over one that is there. Throws where a directory is. */
export async function placeFile(finished: string, place: string): Promise<void> {
  await rename(encodeBytes(finished), encodeBytes(place));
}

/**
 * Moves the finished files of these names from one directory into another, over those that are there: all of them, or
 * none. Throws what kept one of them, after those before it were taken back.
 */
export async function placeFiles(names: readonly string[], from: string, to: string): Promise<void> {
  const former = path.join(from, 'former');
  await mkdir(encodeBytes(former));
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const name of names) {
      const [finished, place, kept] = [from, to, former].map((directory) =>
        encodeBytes(path.join(directory, name)),
      ) as [Buffer, Buffer, Buffer];
      if ((await lstatIfThere(path.join(to, name))) !== null) {
        await rename(place, kept);
        undo.unshift(() => rename(kept, place));
      }
      await rename(finished, place);
      undo.unshift(() => rename(place, finished));
    }
  } catch (error) {
    for (const takeBack of undo) await takeBack();
    throw error;
  }
}

/**
 * Moves a finished directory to its place. What is there is replaced when it is empty or `isReplaceable` says so
 * of the names in it, and stays when the new one cannot be moved; otherwise throws an {@link Obstacle}.
 */
export async function placeDirectory(
  finished: string,
  place: string,
  isReplaceable: (names: readonly string[]) => boolean,
): Promise<void> {
  const names = await namesIn(place);
  if (names === null) return await rename(encodeBytes(finished), encodeBytes(place));
  if (names.length > 0 && !isReplaceable(names)) {
    throw new Obstacle(`${place} holds other files. Choose a directory that is empty or not there yet.`);
  }
  const former = `${finished}.former`;
  await rename(encodeBytes(place), encodeBytes(former));
  try {
    await rename(encodeBytes(finished), encodeBytes(place));
  } catch (error) {
    await rename(encodeBytes(former), encodeBytes(place));
    throw error;
  }
}

/** Throws an {@link Obstacle} unless a file can be put there. */
export async function requireFilePlace(place: string): Promise<void> {
  const stats = await lstatIfThere(place);
  if (stats?.isDirectory() === true) {
    throw new Obstacle(`${place} is a directory. Choose the name of a file.`);
  }
}

async function namesIn(place: string): Promise<readonly string[] | null> {
  const stats = await lstatIfThere(place);
  if (stats === null) return null;
  if (!stats.isDirectory()) throw new Obstacle(`${place} is no directory. Choose another place.`);
  return await readdir(encodeBytes(place));
}

async function lstatIfThere(place: string) {
  try {
    return await lstat(encodeBytes(place));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
