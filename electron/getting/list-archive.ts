import { type Result, success } from '../binfmt/result.ts';
import {
  type ArchiveListing,
  type ArchiveProgram,
  type LeftOut,
  openArchive,
} from '../install/archive/open-archive.ts';
import type { ReadingOptions } from '../install/archive/with-source.ts';
import { worthTaking } from '../install/archive/worth-taking.ts';
import { type Present, presentOf } from './present.ts';

/** A program of an archive, next to what is in the place it would be put. */
export interface ListedProgram extends ArchiveProgram {
  readonly present: Present;
}

/** What a person chooses from: an archive or a folder with the emulators in it. */
export interface ListedArchive {
  /** A string of bytes. */
  readonly path: string;
  readonly format: ArchiveListing['format'];
  /** In the order of their targets, static ones first. */
  readonly programs: readonly ListedProgram[];
  /** The names of those that are taken where a person changes nothing: what is worth it and not there yet. */
  readonly taken: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** The archive as it was read, for unpacking it later, and as it is shown. The problem is a sentence. */
export async function listArchive(
  path: string,
  options: ReadingOptions,
): Promise<Result<{ readonly listing: ArchiveListing; readonly shown: ListedArchive }, string>> {
  const opened = await openArchive(path, options);
  if (!opened.ok) return opened;
  const programs: ListedProgram[] = [];
  // One after the other: a file that may be the same is read to its end.
  for (const program of [...opened.value.programs].sort(byTarget)) {
    programs.push({ ...program, present: await presentOf(program) });
  }
  const taken = worthTaking(programs).filter(({ present }) => present.kind !== 'same');
  const { format, leftOut } = opened.value;
  return success({
    listing: opened.value,
    shown: { path, format, programs, taken: taken.map(({ fileName }) => fileName), leftOut },
  });
}

const byTarget = (one: ArchiveProgram, other: ArchiveProgram): number =>
  compare(one.target, other.target) ||
  Number(one.linkage === 'dynamic') - Number(other.linkage === 'dynamic') ||
  compare(one.fileName, other.fileName);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
