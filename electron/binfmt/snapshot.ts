import type { BootConfiguration, RowBoot } from './boot/boot-configuration.ts';
import type { Finding } from './diagnosis/finding.ts';
import type { Entry } from './entry.ts';
import type { Host } from './host.ts';
import type { Interpreter } from './interpreters.ts';
import { isQemuEntryName } from './targets.ts';

/**
 * Everything read from the system at one moment. Plain data: it travels to the window as it is.
 */
export interface Snapshot {
  readonly host: Host;
  readonly binfmtMisc: BinfmtMiscState;
  /** All entries in the kernel's match order: the newest first. */
  readonly entries: readonly Entry[];
  /** The targets, and behind them a row for each `qemu-*` entry that serves none of them. */
  readonly targets: readonly Row[];
  /** The entries that have nothing to do with QEMU. */
  readonly formats: readonly Row[];
  /** The entries that could not be put back once removed. */
  readonly losses: readonly Loss[];
  /**
   * The names of entries for which the kernel runs a file that is not there any more: with flag F it goes on with what
   * it opened when they were registered, and that has been replaced since.
   */
  readonly outdated: readonly string[];
  /** The interpreters of all entries, those that the next start of the machine gives them included. */
  readonly interpreters: readonly Interpreter[];
  /** What keeps interpreters of entries from starting. */
  readonly startProblems: readonly StartProblem[];
  /** What registers entries at the next start of the machine. */
  readonly boot: BootConfiguration;
  /** What a person should know of the system and of its entries. */
  readonly findings: readonly Finding[];
}

export interface Loss {
  /** The entry's. */
  readonly name: string;
  /** The end of a sentence: `its interpreter … is not on this machine`. */
  readonly reason: string;
}

/** Why an entry's interpreter does not start, as it is on disk now, for whoever runs this program. */
export interface StartProblem {
  /** The entry's. */
  readonly name: string;
  /**
   * - `missing`: nothing is at its path;
   * - `not-executable`: nobody may execute what is there;
   * - `not-for-you`: others may execute it, or see it at all;
   * - `foreign`: it is for a CPU that this machine has not;
   * - `unusable`: the kernel opens it and can go no further.
   */
  readonly kind: 'missing' | 'not-executable' | 'not-for-you' | 'foreign' | 'unusable';
  /** What programs fail with: `No such file or directory`. */
  readonly failure: string;
  /** What is wrong with it, the end of a sentence: `is not there`. */
  readonly state: string;
  /** What would help, a sentence without its full stop; null where nothing would. */
  readonly remedy: string | null;
}

/**
 * - `unsupported`: this kernel has no binfmt_misc, neither built in nor as a module;
 * - `not-loaded`: it has it as a module that is not loaded;
 * - `not-mounted`: the file system is not mounted;
 * - `off`: the master switch is off, the kernel ignores every entry;
 * - `on`.
 */
export type BinfmtMiscState = 'unsupported' | 'not-loaded' | 'not-mounted' | 'off' | 'on';

export type RowState = 'Enabled' | 'Disabled' | 'Not registered' | 'Native' | 'Not installed' | 'Broken';

/** A row of the window's tables. */
export interface Row {
  /** QEMU's name of the target, or the entry's name. */
  readonly name: string;
  /** A plain name, or what the entry goes by. */
  readonly label: string;
  /** Whether the name is a target's. */
  readonly isTarget: boolean;
  readonly state: RowState;
  /** The names of the entries that serve it, in match order. */
  readonly entryNames: readonly string[];
  /** The entry the kernel uses for it, or would use once enabled. */
  readonly entry: Entry | null;
  /** The registered interpreter, or the best one on disk; null when there is none. */
  readonly interpreter: Interpreter | null;
  /** The best emulator for the target on disk, whatever is registered; null when there is none. */
  readonly installed: Interpreter | null;
  /** The line it is registered with, or would be. */
  readonly registerLine: string | null;
  /** What the next start of the machine makes of it; null where it does nothing and nothing is lost. */
  readonly boot: RowBoot | null;
  /** The line that the next start registers it with, its flags as the kernel prints them; null where it registers nothing. */
  readonly bootLine: string | null;
}

/** The entry of that name, or undefined. */
export const entryNamed = (snapshot: Snapshot, name: string): Entry | undefined =>
  snapshot.entries.find((entry) => entry.name === name);

/** Whether entries can be written at all. */
export const isMounted = (snapshot: Snapshot): boolean => problemOfMount(snapshot) === null;

/** Why no entry can be read or written, as a sentence; null where it can be. */
export function problemOfMount({ binfmtMisc }: Snapshot): string | null {
  switch (binfmtMisc) {
    case 'unsupported':
      return 'This kernel has no binfmt_misc: no format can be registered.';
    case 'not-loaded':
      return 'The kernel module binfmt_misc is not loaded. Mount binfmt_misc first, which loads it.';
    case 'not-mounted':
      return 'binfmt_misc is not mounted. Mount it first.';
    case 'off':
    case 'on':
      return null;
  }
}

/** Whether an entry that does not take the programs of a target has the name that its own would get. */
export const isNameTaken = (row: Row, snapshot: Snapshot): boolean =>
  row.isTarget && row.entryNames.length === 0 && entryNamed(snapshot, `qemu-${row.name}`) !== undefined;

/** The targets that Register all registers: an emulator is there, and nobody has taken the name. */
export const registrableTargets = (snapshot: Snapshot): readonly Row[] =>
  snapshot.targets.filter((row) => row.isTarget && row.state === 'Not registered' && isFree(row, snapshot));

/** Whether nothing serves a target or has its name, once these entries are gone. */
export const isFree = (
  { name, entryNames }: Row,
  { entries }: Snapshot,
  gone: readonly string[] = [],
): boolean =>
  entries.every(
    (entry) =>
      gone.includes(entry.name) || !(entry.name === `qemu-${name}` || entryNames.includes(entry.name)),
  );

/** The entries that Reset all removes, in match order. */
export const resettableEntries = ({ entries }: Snapshot): readonly string[] =>
  entries.map((entry) => entry.name).filter(isQemuEntryName);
