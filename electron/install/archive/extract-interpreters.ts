import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { failure, type Result, success } from '../../binfmt/result.ts';
import { digestOf } from './digest.ts';
import type { MemberSource } from './member-source.ts';
import { nameOf } from './names.ts';
import type { ArchiveListing, ArchiveProgram } from './open-archive.ts';
import { notWritten } from './sentences.ts';
import { type ReadingOptions, withSource } from './with-source.ts';

/** Programs from an archive, each in a file of its own name that nobody else can read or write. */
export interface Extraction {
  /** A new directory, for nothing but these files. */
  readonly directory: string;
  readonly programs: readonly ExtractedProgram[];
  /** Removes the directory and what is in it. */
  remove(): Promise<void>;
}

export interface ExtractedProgram extends ArchiveProgram {
  /** The file it has been unpacked into. */
  readonly file: string;
}

/**
 * Unpacks chosen programs of a listing into a new private directory in `parent`, whole or not at all: after a
 * failure nothing is left. Each is, to the last byte, the file that was listed; an archive that was exchanged
 * meanwhile is refused. The problem is a sentence.
 */
export async function extractInterpreters(
  listing: ArchiveListing,
  fileNames: readonly string[],
  options: ReadingOptions & { readonly parent?: string | undefined } = {},
): Promise<Result<Extraction, string>> {
  const chosen = listing.programs.filter(({ fileName }) => fileNames.includes(fileName));
  const missing = fileNames.filter((name) => !chosen.some(({ fileName }) => fileName === name));
  if (missing.length > 0) return failure(`There is no ${missing.join(', ')} in ${nameOf(listing.path)}.`);

  let directory: string;
  try {
    directory = await mkdtemp(path.join(options.parent ?? tmpdir(), 'qemu-binfmt-manager-'));
  } catch (error) {
    return failure(notWritten((error as NodeJS.ErrnoException).message));
  }
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const extracted = await withSource(listing.path, options, (source) =>
    unpackAll(source, chosen, directory, nameOf(listing.path)),
  ).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  if (extracted.ok) return success({ directory, programs: extracted.value, remove });
  await remove();
  return extracted;
}

async function unpackAll(
  source: MemberSource,
  chosen: readonly ArchiveProgram[],
  directory: string,
  name: string,
): Promise<Result<readonly ExtractedProgram[], string>> {
  const wanted = new Map(chosen.map((program) => [program.path, program]));
  const extracted: ExtractedProgram[] = [];
  while (wanted.size > 0) {
    const next = await source.next();
    if (!next.ok) return next;
    if (next.value === null) return failure(`${name} has changed since it was opened. Open it again.`);
    const program = wanted.get(next.value.path);
    if (program === undefined || next.value.kind !== 'file') continue;
    const file = path.join(directory, program.fileName);
    const unpacked = await unpack(source, program, file);
    if (!unpacked.ok) return unpacked;
    // Not the one that was listed: an archive may hold two of one path.
    if (!unpacked.value) continue;
    wanted.delete(program.path);
    extracted.push({ ...program, file });
  }
  return success(extracted);
}

/** Whether the present member is that program; then it has been written to the file. */
async function unpack(
  source: MemberSource,
  { sha256 }: ArchiveProgram,
  file: string,
): Promise<Result<boolean, string>> {
  let output: FileHandle;
  try {
    output = await open(file, 'wx', 0o600);
  } catch (error) {
    return failure(notWritten((error as NodeJS.ErrnoException).message));
  }
  try {
    const copied = await source.copyTo(output);
    if (!copied.ok && copied.problem.concerns === 'all') return failure(copied.problem.sentence);
  } finally {
    await output.close();
  }
  // What is on the disk now, not what was meant to be.
  if ((await digestOf(file, '')).sha256 === sha256) return success(true);
  await rm(file);
  return success(false);
}
