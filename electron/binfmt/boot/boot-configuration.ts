import type { Registration } from '../register-line.ts';

/** What brings entries back at the next start of the machine, as its files say. All paths are strings of bytes. */
export interface BootConfiguration {
  /** The services that exist here, in the order in which they run; empty: nobody reads the files. */
  readonly services: readonly BootService[];
  /** All *.conf files of all binfmt.d directories, in the order of their names, the one in force of a name first. */
  readonly files: readonly BootFile[];
  /** binfmt-support's formats, those in its database first, each kind in the order of their names. */
  readonly formats: readonly BootFormat[];
  /** What will be registered, in that order: the last one is the first in the kernel's match order. No name comes twice. */
  readonly rules: readonly BootRule[];
  /** What keeps this from being the whole truth, as sentences: directories that cannot be read. */
  readonly problems: readonly string[];
}

/**
 * - `systemd-binfmt`: systemd-binfmt.service(8), which reads binfmt.d(5);
 * - `binfmt-support`: Debian's update-binfmts(8), which has a database of its own and leaves alone what is
 *   registered already;
 * - `openrc`: OpenRC's service binfmt, which reads binfmt.d too.
 */
export type BootService = 'systemd-binfmt' | 'binfmt-support' | 'openrc';

/** A format that a file has registered. */
export interface BootRule {
  readonly registration: Registration;
  /** The file's. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly by: 'binfmt.d' | 'binfmt-support';
}

/** A file that registers formats when the machine starts, as it lies there. */
interface ConfigurationFile {
  readonly path: string;
  /** The file's name: `qemu-aarch64.conf`. */
  readonly name: string;
  /** A string of bytes, at the end of a link where it is one; null where there is none, or it was not read. */
  readonly text: string | null;
  /** Where it leads, where it is a link: a string of bytes. */
  readonly link: string | null;
  readonly author: FileAuthor;
}

/** `us-and-others`: this program wrote it, and somebody has changed it since. */
export type FileAuthor = 'us' | 'us-and-others' | 'others';

export interface BootFile extends ConfigurationFile {
  /**
   * - `used`: it is in force;
   * - `masked`: it is in force and there to say nothing: a link to /dev/null, or an empty file;
   * - `overridden`: a file of the same name in a directory that comes first is in force instead, or no service
   *   here reads it.
   */
  readonly state: 'used' | 'masked' | 'overridden';
  /** The path of the one in force; null where there is none, or it is this one. */
  readonly overriddenBy: string | null;
  /** What it registers, in that order, whatever other files say. */
  readonly rules: readonly BootRule[];
  readonly problems: readonly BootProblem[];
}

export interface BootProblem {
  /** Counted from 1; 0 for the file as a whole. */
  readonly line: number;
  readonly sentence: string;
}

/** A format of binfmt-support; its file is called as its entry is. */
export interface BootFormat extends ConfigurationFile {
  /**
   * - `database`: a file of /var/lib/binfmts, which counts at boot;
   * - `template`: a file of /usr/share/binfmts, which a package brings; it counts once `update-binfmts --import`
   *   has copied it into the database.
   */
  readonly origin: 'database' | 'template';
  /** The package it came with; null for one that the administrator installed. */
  readonly package: string | null;
  /** What update-binfmts registers for it; null where {@link problem} says why it registers nothing. */
  readonly registration: Registration | null;
  /** The program that decides which files are its, or null; with one, run-detectors is what the kernel starts. */
  readonly detector: string | null;
  readonly problem: string | null;
}

/** Where the administrator's files are (binfmt.d(5)), and this program's. */
export const BINFMT_D = '/etc/binfmt.d';

/** What `update-binfmts --enable` registers at boot. */
export const FORMAT_DATABASE = '/var/lib/binfmts';

/** The directories of binfmt.d(5), the one that comes first before the others (`CONF_PATHS` in systemd's src/basic/constants.h). */
export const bootDirectories = [
  BINFMT_D,
  '/run/binfmt.d',
  '/usr/local/lib/binfmt.d',
  '/usr/lib/binfmt.d',
] as const;

/** What the next start of the machine makes of a row. */
export type RowBoot =
  /** A file brings its entry back. */
  | {
      readonly kind: 'kept';
      readonly rule: BootRule;
      /** What will be different then, as a sentence; null where nothing will. */
      readonly differs: string | null;
      /** Whether there is a service that reads the file. */
      readonly service: boolean;
    }
  /** Nothing brings its entry back. */
  | { readonly kind: 'until-restart' }
  /** A file has it registered, and as things are now the kernel will refuse that: a sentence says why. */
  | { readonly kind: 'refused'; readonly rule: BootRule; readonly why: string }
  /** It has no entry now, and will have one. */
  | { readonly kind: 'comes-back'; readonly rule: BootRule };
