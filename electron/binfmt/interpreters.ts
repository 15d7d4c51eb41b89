import { lstat, readdir } from 'node:fs/promises';
import { encodeBytes } from './bytes.ts';
import type { ElfClass } from './elf-header.ts';
import type { Access, Content } from './explain/explanation.ts';
import { type Inspect, type InspectedFile, inspectFile } from './explain/inspect-file.ts';
import { isAbsence } from './explain/reasons.ts';
import { readQemuVersion } from './qemu-version.ts';
import { emulatorNameOf, type Target } from './targets.ts';

/** The program an entry names, as it is on disk now. */
export interface Interpreter {
  readonly path: string;
  readonly file: InterpreterFile;
  /** Whether its permissions let everybody execute it. */
  readonly isForAll: boolean;
  /** By its own ELF headers, as the next two; null when it is no ELF file or cannot be read. */
  readonly linkage: 'static' | 'dynamic' | null;
  /** The CPU it is itself made for (e_machine). */
  readonly machine: number | null;
  readonly elfClass: ElfClass | null;
  /** QEMU's version; null when it is not known, or not yet. */
  readonly qemuVersion: string | null;
  /** When it was put there or last changed, a link to it included (ctime), in ms since 1970; null when it is missing. */
  readonly changedAt: number | null;
}

/**
 * - `executable`: for some at least;
 * - `not-executable`: it is no file, or has no execute bit;
 * - `noexec`: it lies on a file system mounted noexec;
 * - `hidden`: whoever runs this program cannot look at it, as in a directory that is closed to them;
 * - `missing`.
 */
export type InterpreterFile = 'executable' | 'not-executable' | 'noexec' | 'hidden' | 'missing';

/**
 * Where QEMU's user-mode emulators are, the preferred place first: as in PATH, what somebody put on this machine comes
 * before what its distribution has.
 */
export const interpreterDirectories = ['/usr/local/bin', '/usr/bin', '/usr/libexec/qemu-binfmt'] as const;

/** A store of version numbers that outlives the program; keys are opaque. */
export interface VersionCache {
  get(key: string): string | null | undefined;
  set(key: string, version: string | null): void;
}

/**
 * Looks at interpreters, each once until {@link Interpreters.forget}. Versions are read in the background;
 * `onVersions` is called when some have become known.
 */
export class Interpreters {
  private readonly files = new Map<string, Promise<InspectedFile>>();
  private readonly inspected = new Map<string, Promise<Interpreter>>();
  private found: Promise<ReadonlySet<string>> | null = null;
  private readonly best = new Map<string, Promise<Interpreter | null>>();
  private readonly unversioned = new Map<string, string>();
  private readingVersions: Promise<void> | null = null;

  constructor(
    private readonly versions: VersionCache,
    private readonly onVersions: () => void,
  ) {}

  /** Forgets what was seen on disk. */
  forget(): void {
    this.files.clear();
    this.inspected.clear();
    this.best.clear();
    this.found = null;
  }

  /** The file at that path: an interpreter, or what one needs to start. Never throws. */
  readonly inspectFile: Inspect = (path) => {
    const known = this.files.get(path) ?? inspectFile(path);
    this.files.set(path, known);
    return known;
  };

  /** What is at that path. Never throws. */
  inspect(path: string): Promise<Interpreter> {
    const known = this.inspected.get(path);
    if (known !== undefined) return known;
    const inspection = this.look(path);
    this.inspected.set(path, inspection);
    return inspection;
  }

  /**
   * The best emulator for a target; null when there is none. A static one comes before a dynamic one, wherever they are:
   * it works in containers, too. Of two that are linked alike it is that of the place that comes first.
   */
  bestFor(target: Target): Promise<Interpreter | null> {
    const known = this.best.get(target.name);
    if (known !== undefined) return known;
    const search = this.searchBest(target);
    this.best.set(target.name, search);
    return search;
  }

  /** Resolves when all versions that are being read are known. */
  async versionsRead(): Promise<void> {
    await this.readingVersions;
  }

  private async searchBest(target: Target): Promise<Interpreter | null> {
    this.found ??= listEmulators();
    const emulators = await this.found;
    const candidates = candidatePaths(target).filter((path) => emulators.has(path));
    const usable = (await Promise.all(candidates.map((path) => this.inspect(path)))).filter(
      (interpreter) => interpreter.file === 'executable',
    );
    return usable.find((interpreter) => interpreter.linkage === 'static') ?? usable[0] ?? null;
  }

  private async look(path: string): Promise<Interpreter> {
    // Whoever registers as root does it from the root directory, so a relative path is opened from there.
    const absolute = path.startsWith('/') ? path : `/${path}`;
    const { access, content, size, changed, isForAll } = await this.inspectFile(absolute);
    const file = fileOf(access);
    const changedAt =
      access.kind === 'refused' && access.reason === 'cannot-be-reached'
        ? null
        : Math.max(changed, await linkChangedAt(absolute));
    if (file !== 'executable') return { path, file, isForAll: false, ...noElf, qemuVersion: null, changedAt };

    // Not the time of change: two emulators from archives may share it, and nobody can set this one (inode(7)).
    const key = `${path}\0${changed}\0${size}`;
    const qemuVersion = this.versions.get(key);
    if (qemuVersion === undefined) this.readVersionLater(path, key);
    return {
      path,
      file,
      isForAll,
      ...elfFactsOf(content),
      qemuVersion: qemuVersion ?? null,
      changedAt,
    };
  }

  private readVersionLater(path: string, key: string): void {
    this.unversioned.set(path, key);
    this.readingVersions ??= this.readVersions();
  }

  private async readVersions(): Promise<void> {
    // One after the other: the window comes first.
    for (const [path, key] of this.unversioned) {
      this.unversioned.delete(path);
      this.versions.set(key, await readQemuVersion(path).catch(() => null));
      this.inspected.delete(path);
      this.best.clear();
    }
    this.readingVersions = null;
    this.onVersions();
  }
}

/** The ctime of what lies at the path itself, a link for one; in ms since 1970. */
const linkChangedAt = async (path: string): Promise<number> =>
  (await lstat(encodeBytes(path)).catch(() => null))?.ctimeMs ?? 0;

const noElf = { linkage: null, machine: null, elfClass: null } as const;

/** It may be executed and not read. */
function elfFactsOf(content: Content): Pick<Interpreter, 'linkage' | 'machine' | 'elfClass'> {
  if (content.kind !== 'elf' || content.isDamaged) return noElf;
  const { machine, elfClass, loader } = content;
  return { linkage: loader === null ? 'static' : 'dynamic', machine, elfClass };
}

function fileOf(access: Access): InterpreterFile {
  if (access.kind === 'executable') return 'executable';
  switch (access.reason) {
    case 'not-executable-for-you':
      return 'executable';
    case 'mounted-noexec':
      return 'noexec';
    case 'not-a-file':
    case 'no-execute-bit':
      return 'not-executable';
    case 'cannot-be-reached':
      return isAbsence(access.errno) ? 'missing' : 'hidden';
  }
}

function candidatePaths(target: Target): readonly string[] {
  const name = emulatorNameOf(target);
  return interpreterDirectories.flatMap((directory) =>
    [`qemu-${name}-static`, `qemu-${name}`, `${name}-binfmt-P`, `${name}-binfmt`].map(
      (file) => `${directory}/${file}`,
    ),
  );
}

async function listEmulators(): Promise<ReadonlySet<string>> {
  const lists = await Promise.all(
    interpreterDirectories.map(async (directory) => {
      try {
        const names = await readdir(directory);
        return names.filter(isEmulatorName).map((name) => `${directory}/${name}`);
      } catch {
        return []; // Most systems lack one of them.
      }
    }),
  );
  return new Set(lists.flat());
}

/** Whether a file of that name may be an emulator. */
export const isEmulatorName = (name: string): boolean =>
  name.startsWith('qemu-') || name.endsWith('-binfmt-P') || name.endsWith('-binfmt');
