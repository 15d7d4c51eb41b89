import type { FileHandle } from 'node:fs/promises';
import { decodeBytes } from '../../binfmt/bytes.ts';
import { failure, type Result, success } from '../../binfmt/result.ts';
import { type ArchiveMember, ArchiveReader, type UnpackingFailure } from './archive-reader.ts';
import { type ArchiveLimits, archiveLimits } from './limits.ts';
import type { Copied, CopyProblem, Member, MemberSource } from './member-source.ts';
import { sentenceOf } from './sentences.ts';

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;
const S_IFLNK = 0o120000;

/** What an archive begins with, in latin1. Only these are handed to libarchive, which knows many more. */
const beginnings: readonly (readonly [format: 'deb' | 'rpm' | 'tar', offset: number, magic: string])[] = [
  ['deb', 0, '!<arch>\ndebian-binary'],
  ['rpm', 0, '\xed\xab\xee\xdb'],
  ['tar', 257, 'ustar'],
  ['tar', 0, '\x1f\x8b'], // gzip
  ['tar', 0, '\xfd7zXZ\0'],
  ['tar', 0, '\x28\xb5\x2f\xfd'], // zstd
  ['tar', 0, 'BZh'],
];
const HEAD_BYTES = 512;
/** POSIX ends a tar archive with two blocks of zeros (pax(1), "ustar Interchange Format"). */
const TAR_END_BYTES = 1024;

/** Opens an archive for reading its members. The file stays the caller's to close, after the source. */
export async function openArchiveSource(
  file: FileHandle,
  name: string,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
  limits: ArchiveLimits = archiveLimits,
): Promise<Result<MemberSource, string>> {
  const { size } = await file.stat();
  if (size > limits.archiveBytes) {
    return failure(
      `${name} is larger than ${limits.archiveBytes / 2 ** 30} GB, which no package of emulators is.`,
    );
  }
  const head = await readText(file, 0, HEAD_BYTES);
  const format = beginnings.find(([, offset, magic]) => head.startsWith(magic, offset));
  if (format === undefined) {
    return failure(
      `${name} is not a .deb, an .rpm or a tar archive (plain, gz, xz, zst or bz2). Choose one of these.`,
    );
  }
  // libarchive takes a tar that ends behind a member for whole; in the compressed ones it would notice.
  const isPlainTar = format[1] === 257;
  if (isPlainTar && !/^\0*$/.test(await readText(file, Math.max(0, size - TAR_END_BYTES), TAR_END_BYTES))) {
    return failure(sentenceOf({ reason: 'damaged', message: 'its end is missing' }, name));
  }
  const reader = await ArchiveReader.open(
    { fd: file.fd, size },
    signal,
    (bytes) => onProgress(bytes / size),
    limits,
  );
  return success(new ArchiveSource(format[0], reader, name, limits));
}

class ArchiveSource implements MemberSource {
  private members = 0;
  private isInside: boolean;

  constructor(
    readonly format: 'deb' | 'rpm' | 'tar',
    private readonly reader: ArchiveReader,
    private readonly name: string,
    private readonly limits: ArchiveLimits,
  ) {
    this.isInside = format !== 'deb';
  }

  async next(): Promise<Result<Member | null, string>> {
    if (!this.isInside) {
      const entered = await this.enterData();
      if (!entered.ok) return entered;
      this.isInside = true;
    }
    const member = await this.nextMember();
    if (!member.ok) return member;
    return success(member.value === null ? null : memberOf(member.value));
  }

  async copyTo(output: FileHandle): Promise<Result<Copied, CopyProblem>> {
    const copied = await this.reader.unpack(output.fd);
    if (copied.ok) return copied;
    const { reason } = copied.problem;
    return failure({ concerns: reason === 'large' ? 'member' : 'all', sentence: this.say(copied.problem) });
  }

  close(): Promise<void> {
    return this.reader.close();
  }

  /** Goes to the files of a .deb: an ar archive of debian-binary, control.tar and data.tar, each tar compressed or not (deb(5)). */
  private async enterData(): Promise<Result<unknown, string>> {
    for (;;) {
      const member = await this.nextMember();
      if (!member.ok) return member;
      if (member.value === null) {
        return failure(this.say({ reason: 'damaged', message: 'it is a .deb without data.tar' }));
      }
      if (!/^data\.tar(\.[a-z0-9]+)?$/.test(decodeBytes(member.value.path))) continue;
      const entered = await this.reader.enter();
      return entered.ok ? entered : failure(this.say(entered.problem));
    }
  }

  private async nextMember(): Promise<Result<ArchiveMember | null, string>> {
    const member = await this.reader.next();
    if (!member.ok) return failure(this.say(member.problem));
    if (member.value === null) return member;
    this.members += 1;
    if (this.members > this.limits.members) return failure(this.say({ reason: 'bomb', message: '' }));
    if ((member.value.size ?? 0) < 0) {
      return failure(this.say({ reason: 'damaged', message: 'it holds a file of less than no size' }));
    }
    return member;
  }

  private readonly say = (problem: UnpackingFailure): string => sentenceOf(problem, this.name);
}

function memberOf({ path, mode }: ArchiveMember): Member {
  return { path: decodeBytes(path), kind: kindOf(mode & S_IFMT), isExecutable: (mode & 0o111) !== 0 };
}

function kindOf(type: number): Member['kind'] {
  switch (type) {
    case S_IFREG:
      return 'file';
    case S_IFDIR:
      return 'directory';
    case S_IFLNK:
    case 0: // A hard link: libarchive leaves its type open, for tar does not tell it.
      return 'link';
    default:
      return 'special';
  }
}

async function readText(file: FileHandle, offset: number, size: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
  return buffer.toString('latin1', 0, bytesRead);
}
