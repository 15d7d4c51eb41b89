import { accessSync, opendirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { BootConfiguration } from './boot/boot-configuration.ts';
import { BootReader } from './boot/boot-reader.ts';
import { decodeBytes, encodeBytes } from './bytes.ts';
import { withFindings } from './diagnosis/findings.ts';
import { type Entry, parseEntry, registrationOf } from './entry.ts';
import { findStartProblems } from './explain/start-problem.ts';
import { type Host, readHost } from './host.ts';
import type { Interpreter, Interpreters } from './interpreters.ts';
import { findLosses } from './restore.ts';
import { readRows } from './rows.ts';
import type { BinfmtMiscState, Snapshot } from './snapshot.ts';

/** Where the kernel shows its formats. */
export const BINFMT_MISC = '/proc/sys/fs/binfmt_misc';

/** Reads snapshots; the one place that reads the binfmt_misc directory. */
export class SnapshotReader {
  private readonly host: Host = readHost();
  private known: ReadonlyMap<string, Entry> = new Map();

  constructor(
    private readonly interpreters: Interpreters,
    private readonly bootReader: BootReader = new BootReader(),
  ) {}

  /** Never rejects for what the system looks like: that is what a snapshot says. */
  async read(): Promise<Snapshot> {
    // On systemd's hosts the first access mounts the file system, which can take a while: wait elsewhere.
    await stat(`${BINFMT_MISC}/.`).catch(() => undefined);
    const binfmtMisc = this.readState();
    const entries = binfmtMisc === 'on' || binfmtMisc === 'off' ? this.readEntries() : [];
    const boot = await this.bootReader.read();
    const system = { host: this.host, binfmtMisc, entries };
    const [rows, losses, interpreters, startProblems] = await Promise.all([
      readRows(this.host, entries, this.interpreters, boot),
      findLosses(entries, this.interpreters),
      this.readInterpreters(entries, boot),
      findStartProblems(system, this.interpreters.inspectFile),
    ]);
    const outdated = namesOfOutdated(entries, interpreters);
    return withFindings({ ...system, ...rows, losses, outdated, interpreters, startProblems, boot });
  }

  /** Those of the entries, and those that the next start of the machine gives them. */
  private readInterpreters(
    entries: readonly Entry[],
    boot: BootConfiguration,
  ): Promise<readonly Interpreter[]> {
    const names = new Set(entries.map((entry) => entry.name));
    const later = boot.rules.filter(({ registration }) => names.has(registration.name));
    const paths = new Set(
      [...entries.map(registrationOf), ...later.map(({ registration }) => registration)]
        .map((registration) => registration?.interpreter)
        .filter((path) => path !== undefined),
    );
    return Promise.all([...paths].map((path) => this.interpreters.inspect(path)));
  }

  private readState(): BinfmtMiscState {
    try {
      return readFileSync(`${BINFMT_MISC}/status`, 'latin1').startsWith('enabled') ? 'on' : 'off';
    } catch {
      if (exists(BINFMT_MISC)) return 'not-mounted';
      return moduleExists(this.host.kernelRelease) ? 'not-loaded' : 'unsupported';
    }
  }

  /**
   * The entries, newest first as the kernel lists them. The files are the kernel's memory: reading them
   * synchronously takes microseconds each, handing each to a thread and back takes longer.
   */
  private readEntries(): readonly Entry[] {
    const entries: Entry[] = [];
    for (const fileName of listUnsorted(BINFMT_MISC)) {
      const name = decodeBytes(fileName);
      if (name === 'register' || name === 'status') continue;
      const entry = this.readEntry(name, fileName);
      if (entry !== null) entries.push(entry);
    }
    this.known = new Map(entries.map((entry) => [entry.name, entry]));
    return entries;
  }

  /** The entry, or null when it was removed since it was listed. */
  private readEntry(name: string, fileName: Buffer): Entry | null {
    let text: string;
    try {
      text = decodeBytes(readFileSync(Buffer.concat([Buffer.from(`${BINFMT_MISC}/`), fileName])));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return null;
      return { kind: 'unreadable', name, text: '', reason: `Reading it fails with ${code}.` };
    }
    // The same object for the same text: what was computed from it need not be computed again.
    const known = this.known.get(name);
    return known?.text === text ? known : parseEntry(name, text);
  }
}

/** The entries that the kernel opened the interpreter of before it was last changed. */
const namesOfOutdated = (
  entries: readonly Entry[],
  interpreters: readonly Interpreter[],
): readonly string[] =>
  entries
    .filter((entry) => 'interpreter' in entry && entry.flags.includes('F'))
    .filter((entry) => {
      const registration = registrationOf(entry);
      const interpreter = interpreters.find(({ path }) => path === registration?.interpreter);
      if (interpreter?.file !== 'executable' || interpreter.changedAt === null) return false;
      const registeredAt = registrationTimeOf(entry.name);
      return registeredAt !== null && interpreter.changedAt > registeredAt;
    })
    .map((entry) => entry.name);

/** When an entry was registered: its file keeps that for the time of its last access, for reading it does not count. */
function registrationTimeOf(name: string): number | null {
  try {
    return statSync(encodeBytes(`${BINFMT_MISC}/${name}`)).atimeMs;
  } catch {
    return null; // It was removed since it was listed.
  }
}

/** File names in the directory's own order. readdir() would sort them: libuv does. */
function listUnsorted(directory: string): readonly Buffer[] {
  const names: Buffer[] = [];
  // Node takes 'buffer' here and hands out Buffers, as it does in readdir(); its types do not know.
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: 256 };
  const handle = opendirSync(directory, options);
  try {
    for (let file = handle.readSync(); file !== null; file = handle.readSync()) {
      names.push(file.name as unknown as Buffer);
    }
  } finally {
    handle.closeSync();
  }
  return names;
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

function moduleExists(kernelRelease: string): boolean {
  try {
    return readdirSync(`/lib/modules/${kernelRelease}/kernel/fs`).some((name) =>
      name.startsWith('binfmt_misc.ko'),
    );
  } catch {
    return false;
  }
}
