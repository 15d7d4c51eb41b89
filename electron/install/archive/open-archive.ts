import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import type { PlacedFile } from '../../binfmt/placing.ts';
import { failure, type Result, success } from '../../binfmt/result.ts';
import type { Target } from '../../binfmt/targets.ts';
import { type EmulatorFile, readEmulatorFile, targetOfFileName } from './emulator-file.ts';
import { archiveLimits } from './limits.ts';
import type { Member, MemberSource } from './member-source.ts';
import { fileNameOf, nameOf } from './names.ts';
import { notWritten, shown } from './sentences.ts';
import { type ReadingOptions, withSource } from './with-source.ts';

export interface ArchiveListing {
  /** The archive or the folder. */
  readonly path: string;
  readonly format: MemberSource['format'];
  /** At least one. */
  readonly programs: readonly ArchiveProgram[];
  readonly leftOut: readonly LeftOut[];
}

/** An emulator in an archive or a folder. */
export interface ArchiveProgram extends EmulatorFile {
  /** `qemu-aarch64-static`: its name there and in the place it is put. No two of a listing have the same. */
  readonly fileName: string;
  /** Where it lies in the archive; a string of bytes, for showing. */
  readonly path: string;
  /** QEMU's name of the target. */
  readonly target: string;
  /** In bytes. */
  readonly size: number;
  /** When it was last changed, as {@link PlacedFile.mtime}. */
  readonly mtime: number;
}

/** Something that is called as an emulator is, and is not taken for one. */
export interface LeftOut {
  readonly path: string;
  /** A sentence. */
  readonly reason: string;
}

/**
 * Lists QEMU's user-mode emulators in a .deb, an .rpm, a tar archive or a folder. None of them is run, and nothing
 * is left on the disk: what is unpacked to be looked at has no name. The problem is a sentence.
 */
export async function openArchive(
  archive: string,
  options: ReadingOptions = {},
): Promise<Result<ArchiveListing, string>> {
  return await withSource(archive, options, async (source) => {
    const scratch = await openScratch();
    if (!scratch.ok) return scratch;
    try {
      return await list(source, archive, scratch.value, (options.limits ?? archiveLimits).leftOut);
    } finally {
      await scratch.value.close();
    }
  });
}

async function list(
  source: MemberSource,
  archive: string,
  scratch: FileHandle,
  mostLeftOut: number,
): Promise<Result<ArchiveListing, string>> {
  const name = nameOf(archive);
  const programs: ArchiveProgram[] = [];
  const leftOut: LeftOut[] = [];
  for (;;) {
    const next = await source.next();
    if (!next.ok) return next;
    if (next.value === null) break;
    const verdict = await judge(source, next.value, scratch, programs);
    if (!verdict.ok) return verdict;
    if (verdict.value === null) continue;
    if ('reason' in verdict.value) leftOut.push(verdict.value);
    else leftOut.push(...add(verdict.value, programs));
    if (leftOut.length > mostLeftOut) {
      return failure(
        `${name} holds more than ${mostLeftOut} things that are called as emulators and are none.`,
      );
    }
  }
  if (programs.length === 0) return failure(noneIn(name, leftOut));
  return success({ path: archive, format: source.format, programs, leftOut });
}

/** Takes a program, of one name the first that runs here, else the first; returns what is left out for that. */
function add(program: ArchiveProgram, programs: ArchiveProgram[]): readonly LeftOut[] {
  const at = programs.findIndex(({ fileName }) => fileName === program.fileName);
  const before = programs[at];
  if (before === undefined) {
    programs.push(program);
    return [];
  }
  if (before.runsHere || !program.runsHere) return [{ path: program.path, reason: comesBefore }];
  programs[at] = program;
  const reason = `It is made for another machine (${before.machineName}), and another one of this name is not.`;
  return [{ path: before.path, reason }];
}

/** What a member is; null when nobody would take it for an emulator. */
async function judge(
  source: MemberSource,
  member: Member,
  scratch: FileHandle,
  found: readonly ArchiveProgram[],
): Promise<Result<ArchiveProgram | LeftOut | null, string>> {
  const fileName = fileNameOf(member.path);
  const target = targetOfFileName(fileName);
  const isCalledSo = target !== undefined || (member.isExecutable && /^qemu-\w+-static$/.test(fileName));
  if (member.kind === 'directory' || !isCalledSo) return success(null);
  const leftOut = (reason: string): Result<LeftOut, never> => success({ path: member.path, reason });
  if (member.path.startsWith('/') || member.path.split('/').includes('..')) {
    return leftOut('Its path leads out of the archive.');
  }
  if (member.kind === 'link') return leftOut(isLink);
  if (member.kind === 'special') return leftOut('It is a device or a pipe and no file.');
  if (target === undefined) return leftOut('This program knows no target of that name.');
  if (found.some((one) => one.fileName === fileName && one.runsHere)) return leftOut(comesBefore);
  return await judgeFile(source, member, { fileName, target }, scratch);
}

async function judgeFile(
  source: MemberSource,
  { path: memberPath, isExecutable }: Member,
  { fileName, target }: { readonly fileName: string; readonly target: Target },
  scratch: FileHandle,
): Promise<Result<ArchiveProgram | LeftOut | null, string>> {
  await scratch.truncate(0);
  const copied = await source.copyTo(scratch);
  if (!copied.ok) {
    const { concerns, sentence } = copied.problem;
    return concerns === 'all' ? failure(sentence) : success({ path: memberPath, reason: sentence });
  }
  const file = await readEmulatorFile(pathOfOpen(scratch), target, os.machine());
  if (!file.ok) {
    // Debian's /usr/share/binfmts has texts of these names, which nobody misses.
    return success(isExecutable ? { path: memberPath, reason: file.problem } : null);
  }
  const { size, mtime } = copied.value;
  return success({ ...file.value, fileName, path: memberPath, target: target.name, size, mtime });
}

const comesBefore = 'Another one of this name comes before it.';
const isLink = 'It is a link, and only files themselves are taken.';

function noneIn(name: string, leftOut: readonly LeftOut[]): string {
  const none = `There is no QEMU user-mode emulator (qemu-aarch64 and the like) in ${name}.`;
  const [first] = leftOut;
  if (first === undefined) return none;
  if (leftOut.every(({ reason }) => reason === isLink)) {
    return `${none} It names some, but only as links to programs of another package: open that one. On Debian 13 and newer it is qemu-user.`;
  }
  return `${none} ${shown(first.path)} is called so. ${first.reason}`;
}

/** An open file without a name, for looking at what is unpacked: nothing is left of it however the program ends. */
async function openScratch(): Promise<Result<FileHandle, string>> {
  try {
    const directory = await mkdtemp(path.join(tmpdir(), 'qemu-binfmt-manager-'));
    try {
      return success(await open(path.join(directory, 'scratch'), 'wx+', 0o600));
    } finally {
      await rm(directory, { recursive: true });
    }
  } catch (error) {
    return failure(notWritten((error as NodeJS.ErrnoException).message));
  }
}

/** Leads to an open file also where it has no name (proc_pid_fd(5)). */
const pathOfOpen = (file: FileHandle): string => `/proc/self/fd/${file.fd}`;
