import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { encodeBytes } from './bytes.ts';
import { readElfFile } from './elf-file.ts';
import type { ElfClass } from './elf-header.ts';
import { readQemuVersion } from './qemu-version.ts';
import { emulatorNameOf, type Target } from './targets.ts';

/** The program an entry names, as it is on disk now. */
export interface Interpreter {
  readonly path: string;
  readonly file: 'executable' | 'not-executable' | 'missing';
  /** Another one where the file was replaced, or changed in any way; null when it is missing. */
  readonly stamp: string | null;
  /** By its own ELF headers, as the next two; null when it is no ELF file or cannot be read. */
  readonly linkage: 'static' | 'dynamic' | null;
  /** The CPU it is itself made for (e_machine). */
  readonly machine: number | null;
  readonly elfClass: ElfClass | null;
  /** QEMU's version; null when it is not known, or not yet. */
  readonly qemuVersion: string | null;
}

/** Where distributions put QEMU's user-mode emulators, the preferred place first. */
export const interpreterDirectories = ['/usr/bin', '/usr/local/bin', '/usr/libexec/qemu-binfmt'] as const;

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
    this.inspected.clear();
    this.best.clear();
    this.found = null;
  }

  /** What is at that path. Never throws: what cannot be looked at is missing. */
  inspect(path: string): Promise<Interpreter> {
    const known = this.inspected.get(path);
    if (known !== undefined) return known;
    const inspection = this.look(path);
    this.inspected.set(path, inspection);
    return inspection;
  }

  /** The best emulator for a target in the usual places, static before dynamic; null when there is none. */
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
    const pathBytes = encodeBytes(path);
    let stats: Stats;
    try {
      stats = await stat(pathBytes);
    } catch {
      return { path, file: 'missing', stamp: null, ...noElf, qemuVersion: null };
    }
    const stamp = `${stats.ino} ${stats.ctimeMs}`;
    const isExecutable = stats.isFile() && (stats.mode & 0o111) !== 0;
    if (!isExecutable) return { path, file: 'not-executable', stamp, ...noElf, qemuVersion: null };

    const key = `${path}\0${stats.mtimeMs}\0${stats.size}`;
    const qemuVersion = this.versions.get(key);
    if (qemuVersion === undefined) this.readVersionLater(path, key);
    return {
      path,
      file: 'executable',
      stamp,
      ...(await readElfFacts(pathBytes)),
      qemuVersion: qemuVersion ?? null,
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

const noElf = { linkage: null, machine: null, elfClass: null } as const;

async function readElfFacts(path: Buffer): Promise<Pick<Interpreter, 'linkage' | 'machine' | 'elfClass'>> {
  try {
    const elf = await readElfFile(path);
    if (elf === null) return noElf;
    const { machine, elfClass, isStatic } = elf;
    return { linkage: isStatic ? 'static' : 'dynamic', machine, elfClass };
  } catch {
    return noElf; // It may be executed and not read, or went away meanwhile.
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
