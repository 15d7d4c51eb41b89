import path from 'node:path';
import { failure, type Result, success } from '../binfmt/result.ts';
import type { Snapshot } from '../binfmt/snapshot.ts';
import {
  type BuiltImage,
  buildImages,
  type ImageDestination,
  type ImageKind,
} from '../images/build-images.ts';
import type { EmulatorRequest } from '../images/emulators.ts';
import type { ReportProgress } from '../images/progress.ts';
import { readSourceDateEpoch } from '../images/source-date.ts';
import { buildTarballs, tarballNames } from '../images/tarball.ts';
import { type ImageChoices, readImageChoices } from './choices.ts';
import { commandsForImages, commandsForTarball, type UseCommand } from './commands.ts';

/** What a person wants made of emulators; where it goes is not for the window to say. */
export type BuildWish = TarballWish | ImageWish;

interface TarballWish {
  readonly kind: 'tarballs';
  /** The names of emulators, see choices.ts. */
  readonly emulators: readonly string[];
}

interface ImageWish {
  readonly kind: 'images';
  readonly emulators: readonly string[];
  readonly images: readonly ImageKind[];
  readonly form: ImageDestination['form'];
  readonly repository: string;
}

/** What was made, and how to use it. */
export interface Built {
  /** Of the directory or file, a string of bytes. */
  readonly path: string;
  /** Empty where tarballs were made. */
  readonly images: readonly BuiltImage[];
  /** The names of the tarballs in the directory; empty where images were made. */
  readonly tarballs: readonly string[];
  readonly commands: readonly UseCommand[];
}

/** A wish with everything that its fulfilment needs. */
export interface PreparedBuild {
  /** The sizes in bytes of what will be read, by the names that the reports have. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly run: (report: ReportProgress, signal: AbortSignal) => Promise<Result<Built, string>>;
}

/** Finds what a wish needs on this machine. `place` is a string of bytes; a problem is a sentence. */
export async function prepareBuild(
  wish: BuildWish,
  place: string,
  snapshot: Snapshot,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Result<PreparedBuild, string>> {
  const sourceDateEpoch = readSourceDateEpoch(env);
  if (!sourceDateEpoch.ok) return failure(sourceDateEpoch.problem);
  const choices = await readImageChoices(snapshot);
  const chosen = findEmulators(wish.emulators, choices);
  if (!chosen.ok) return failure(chosen.problem);
  const request: EmulatorRequest = {
    machine: choices.machine,
    emulators: chosen.value.map((emulator) => ({ target: emulator.name, path: emulator.path })),
    sourceDateEpoch: sourceDateEpoch.value,
  };
  return success(
    wish.kind === 'tarballs'
      ? tarballsOf(chosen.value, request, place)
      : imagesOf(wish, chosen.value, request, place, choices),
  );
}

interface FoundEmulator {
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

function findEmulators(
  names: readonly string[],
  { emulators }: ImageChoices,
): Result<readonly FoundEmulator[], string> {
  const found: FoundEmulator[] = [];
  for (const name of new Set(names)) {
    const choice = emulators.find((one) => one.name === name);
    if (choice === undefined) return failure(`QEMU has no emulator called ${name}.`);
    const { path: file, size, problem } = choice;
    if (problem !== null || file === null) return failure(`${name}: ${problem}`);
    found.push({ name, path: file, size });
  }
  return success(found);
}

function tarballsOf(
  emulators: readonly FoundEmulator[],
  request: EmulatorRequest,
  directory: string,
): PreparedBuild {
  const sizes = emulators.map(({ name, size }) => [tarballNames(name, request.machine)[0], size] as const);
  return {
    sizes: new Map(sizes),
    run: async (report, signal) => {
      const made = await buildTarballs(request, directory, report, signal);
      if (!made.ok) return made;
      const [first = ''] = made.value;
      return success({
        path: directory,
        images: [],
        tarballs: made.value,
        commands: commandsForTarball(path.join(directory, first)),
      });
    },
  };
}

function imagesOf(
  { images, form, repository }: ImageWish,
  emulators: readonly FoundEmulator[],
  request: EmulatorRequest,
  place: string,
  { shell }: ImageChoices,
): PreparedBuild {
  const hold = images.some((kind) => kind !== 'register') ? emulators : [];
  const register = images.some((kind) => kind !== 'emulators') && 'size' in shell ? [shell] : [];
  const destination: ImageDestination = { form, path: place };
  return {
    sizes: new Map([
      ...register.map(({ size }) => ['register', size] as const),
      ...hold.map(({ name, size }) => [name, size] as const),
    ]),
    run: async (report, signal) => {
      const made = await buildImages(
        { ...request, images, busybox: null, repository },
        destination,
        report,
        signal,
      );
      if (!made.ok) return made;
      const tags = made.value.flatMap((image) => image.tags);
      const commands = commandsForImages(destination, tags, repository);
      return success({ path: place, images: made.value, tarballs: [], commands });
    },
  };
}
