export interface ArchiveLimits {
  readonly archiveBytes: number;
  /** Files, directories, links: all that it names. */
  readonly members: number;
  /** How much of a member's path is looked at. */
  readonly pathBytes: number;
  /** Members that are called as an emulator is and are none. */
  readonly leftOut: number;
  readonly programBytes: number;
  /** All that comes out of it. */
  readonly unpackedBytes: number;
  /** How many times its size an archive may unpack to, once that is more than `ratioFromBytes`. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
  /** Of the thread that unpacks. */
  readonly memoryBytes: number;
  /** How long that thread may be silent before it counts as caught in a file made to catch it. */
  readonly silenceMs: number;
}

const MiB = 1024 * 1024;

/**
 * What an archive may ask of this machine. Real ones stay far below: Debian's qemu-user-static holds 183 members,
 * 36 of them programs of at most 14 MB, and unpacks to six times its 60 MB.
 */
export const archiveLimits: ArchiveLimits = {
  archiveBytes: 2048 * MiB,
  members: 20_000,
  pathBytes: 4096, // PATH_MAX
  leftOut: 500,
  programBytes: 200 * MiB,
  unpackedBytes: 4096 * MiB,
  ratio: 100,
  ratioFromBytes: 64 * MiB,
  memoryBytes: 512 * MiB, // xz allows dictionaries of 4 GiB; packages are made with 64 MiB at most.
  silenceMs: 20_000,
};
