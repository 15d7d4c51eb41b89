import type { Action } from '../diagnosis/action.ts';

/**
 * Why a file runs or does not: what the kernel would do with it, step by step. Plain data: it travels to the
 * window as it is.
 */
export interface Explanation {
  readonly path: string;
  /** The file itself, and in turn the interpreter that the one before would be handed to. Never empty. */
  readonly steps: readonly Step[];
  readonly outcome: Outcome;
  /** The outcome and its cause. */
  readonly verdict: string;
  /** What would help; null when nothing needs to or this program cannot do it. */
  readonly action: Action | null;
}

/** What starting it comes to. `entry` is the entry that was the first to take it, null when none did. */
export type Outcome =
  | { readonly kind: 'runs-natively' }
  | { readonly kind: 'runs-under'; readonly interpreter: string; readonly entry: string }
  /** execve(2) succeeds, and then the emulator gives up. */
  | {
      readonly kind: 'stops-under';
      readonly interpreter: string;
      readonly entry: string;
      readonly missingLoader: string;
    }
  /** execve(2) succeeds, and what starts is a shared library, no program. */
  | { readonly kind: 'starts-library'; readonly entry: string | null }
  /** execve(2) fails. */
  | { readonly kind: 'fails'; readonly errno: string; readonly entry: string | null }
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      /** What execve(2) fails with if a file that the kernel holds open is the one at its path now; null where it is not about one. */
      readonly errnoIfSame: string | null;
    };

/** One file that the kernel opens on the way. */
export interface Step {
  readonly path: string;
  /** The kernel uses the file it opened when the entry was registered (flag F), whatever is at the path now. */
  readonly heldOpen: boolean;
  readonly access: Access;
  readonly content: Content;
  /** What the file is, in words. */
  readonly description: string;
  /** Every entry in match order; empty where the kernel does not come to asking them. */
  readonly entries: readonly EntryVerdict[];
  readonly handler: Handler | null;
  /** Where the loader that the file names was found; null when it names none, or it was not looked for. */
  readonly loader: FoundLoader | null;
}

/** A program's loader (PT_INTERP). */
export interface FoundLoader {
  readonly path: string;
  /** The directory that QEMU puts in front of the path which the program names; null when it was there as it is. */
  readonly prefix: string | null;
}

/** Whether the kernel would open the file to execute it, for whoever runs this program. */
export type Access =
  | { readonly kind: 'executable' }
  | {
      readonly kind: 'refused';
      /** `ENOENT`, `EACCES`, … */
      readonly errno: string;
      readonly reason:
        | 'cannot-be-reached'
        | 'not-a-file'
        | 'no-execute-bit'
        | 'not-executable-for-you'
        | 'mounted-noexec';
    };

/** What the file's first bytes tell. */
export type Content =
  | ElfContent
  | { readonly kind: 'script'; readonly interpreter: string; readonly argument: string | null }
  /** It begins with `#!`, and the kernel finds no interpreter behind that. */
  | { readonly kind: 'broken-script'; readonly reason: string }
  | { readonly kind: 'empty' }
  /** `firstBytes` in hex digits, at most 16 bytes. */
  | { readonly kind: 'other'; readonly looksLikeText: boolean; readonly firstBytes: string }
  | { readonly kind: 'directory' | 'fifo' | 'socket' | 'character-device' | 'block-device' }
  | { readonly kind: 'unreadable'; readonly errno: string };

export interface ElfContent {
  readonly kind: 'elf';
  readonly elfClass: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  readonly machine: number;
  readonly osAbi: number;
  readonly type: number;
  /** QEMU's name of the CPU it is for; null when QEMU emulates none such. */
  readonly target: string | null;
  /** The path of its loader (PT_INTERP); null when it is static. */
  readonly loader: string | null;
  /** It is a shared library: static programs have its type too, if they are position-independent. */
  readonly isLibrary: boolean;
  /** The program headers, which name the loader, cannot be read: the file is cut off or damaged. */
  readonly isDamaged: boolean;
}

/** What an entry says to a file. */
export type EntryVerdict = { readonly name: string } & (
  | { readonly kind: 'takes' }
  /** It would, but an entry before it takes the file. */
  | { readonly kind: 'comes-too-late' }
  /** It would, but it is disabled. */
  | { readonly kind: 'disabled' }
  /** It would, but the master switch is off. */
  | { readonly kind: 'master-switch-off' }
  /** The first byte that differs, of those the mask looks at. */
  | {
      readonly kind: 'differs';
      readonly position: number;
      /** The ELF header's field that the byte belongs to; null when the file or the entry is not about ELF. */
      readonly field: string | null;
      readonly expected: number;
      readonly mask: number;
      readonly found: number;
    }
  | { readonly kind: 'other-extension'; readonly extension: string }
  | { readonly kind: 'untold'; readonly reason: string }
);

/** Who of the kernel's loaders takes the file; they are asked in this order. */
export type Handler =
  | {
      readonly kind: 'binfmt_misc';
      readonly entry: string;
      readonly interpreter: string;
      readonly flags: string;
    }
  | { readonly kind: 'script'; readonly interpreter: string; readonly argument: string | null }
  | { readonly kind: 'elf' };
