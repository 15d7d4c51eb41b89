import { constants, copyFile } from 'node:fs/promises';
import path from 'node:path';
import { encodeBytes } from '../binfmt/bytes.ts';
import { failure, type Result } from '../binfmt/result.ts';
import { writeCompressed } from './blobs.ts';
import { contentOf, type Emulator, type EmulatorRequest, inspectEmulators } from './emulators.ts';
import { busyThreads, inParallel } from './in-parallel.ts';
import { type Meter, meter, type ReportProgress } from './progress.ts';
import { placeFiles, requireFilePlace, withStaging } from './staging.ts';
import { type TarEntry, tarSize, tarStream } from './tar.ts';

/**
 * The names of an emulator's two tarballs, which hold the same, as the release files of
 * multiarch/qemu-user-static are called (its publish.sh): `qemu-aarch64-static.tar.gz` and
 * `x86_64_qemu-aarch64-static.tar.gz`.
 */
export const tarballNames = (emulator: string, machine: string): readonly [string, string] => [
  `qemu-${emulator}-static.tar.gz`,
  `${machine}_qemu-${emulator}-static.tar.gz`,
];

/**
 * Writes two tarballs for each emulator into a directory that is there, all or none, in place of earlier ones.
 * Each holds one file, `qemu-TARGET-static`. Equal emulators of equal age make equal bytes. Returns the names of
 * the files; a problem is a sentence. Aborting the signal leaves nothing behind.
 */
export async function buildTarballs(
  request: EmulatorRequest,
  directory: string,
  report: ReportProgress = () => {},
  signal?: AbortSignal,
): Promise<Result<readonly string[], string>> {
  const emulators = await inspectEmulators(request);
  if (!emulators.ok) return failure(emulators.problem);
  const all = emulators.value.map((emulator) => tarballOf(emulator, request.machine));
  const total = all.reduce((sum, tarball) => sum + tarSize(tarball.entries), 0);
  const metered = meter(total, report);

  return await withStaging(directory, directory, signal, async (staging) => {
    const names = all.flatMap((tarball) => tarball.names);
    for (const name of names) await requireFilePlace(path.join(directory, name));
    await inParallel(all, busyThreads(), signal, (tarball, stop) => write(tarball, staging, metered, stop));
    // From here on it takes no time worth stopping.
    signal?.throwIfAborted();
    await placeFiles(names, staging, directory);
    return names;
  });
}

interface Tarball {
  readonly names: readonly [string, string];
  readonly entries: readonly TarEntry[];
  readonly mtime: number;
}

function tarballOf(emulator: Emulator, machine: string): Tarball {
  const file = `qemu-${emulator.name}-static`;
  return {
    names: tarballNames(emulator.name, machine),
    entries: [{ kind: 'file', path: file, mode: 0o755, content: contentOf(emulator) }],
    mtime: emulator.mtime,
  };
}

async function write(
  { names: [name, second], entries, mtime }: Tarball,
  staging: string,
  metered: Meter,
  signal: AbortSignal,
) {
  const file = path.join(staging, name);
  await writeCompressed(file, metered(name, tarStream(entries, mtime)), signal);
  const copy = path.join(staging, second);
  await copyFile(encodeBytes(file), encodeBytes(copy), constants.COPYFILE_FICLONE);
}
