import type {
  DistributionOffer,
  GettingProgress,
  InstallationObstacle,
  InstallResult,
  ListedArchive,
  PlaceWish,
  Preview,
} from '../../electron/ipc/contract.ts';

/** Getting QEMU, from the distribution or from a file: what is known, chosen and under way. */
export interface GettingView {
  /** Which of the two dialogs is there: what is under way goes on without it. */
  readonly dialog: 'install' | 'archive' | null;
  /** What the distribution has; null until it is known. */
  readonly offer: Offer | null;
  /** How the last installation ended; null where the offer is shown. */
  readonly installed: InstallResult | null;
  /** What was chosen last; null where nothing was. */
  readonly archive: ListedArchive | null;
  readonly form: PlaceWish;
  /** What installing what is chosen would do; null until it is known, and where nothing is chosen. */
  readonly whatWillRun: Preview | null;
  readonly work: GettingWork | null;
  /** What came of the last work, where nothing else shows it. */
  readonly note: {
    readonly kind: 'stopped' | 'failed';
    readonly sentence: string;
    readonly details: readonly string[];
  } | null;
  /** Whether a work has just ended, whose button had the focus. */
  readonly hasEnded: boolean;
  /** The text that was copied last. */
  readonly copied: string | null;
}

export type Offer =
  | { readonly ok: true; readonly value: DistributionOffer }
  | { readonly ok: false; readonly problem: InstallationObstacle };

/** What is under way. */
export interface GettingWork {
  readonly kind: GettingProgress['kind'];
  /** What it is done to, for a person: a path, packages. */
  readonly subject: string;
  /** Null until the first is known. */
  readonly progress: GettingProgress | null;
  readonly isCancelled: boolean;
}

export const nothingToGet: GettingView = {
  dialog: null,
  offer: null,
  installed: null,
  archive: null,
  form: { fileNames: [], register: 'keep' },
  whatWillRun: null,
  work: null,
  note: null,
  hasEnded: false,
  copied: null,
};

/** `1 emulator`, `3 emulators`. */
export const emulators = (count: number): string => `${count} emulator${count === 1 ? '' : 's'}`;
