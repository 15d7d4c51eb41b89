import {
  type BuildProgress,
  type Built,
  type Comparison,
  type ImageChoices,
  type ImageProgress,
  mayReplace,
  type PlaceKind,
} from '../../electron/ipc/contract.ts';
import type { ImagesForm } from './images-form.ts';

/** Tarballs and images, while a person chooses, builds or publishes them, or while they are being made unseen. */
export interface ImagesView {
  /** Whether the dialog is there: what is under way goes on without it. */
  readonly isOpen: boolean;
  readonly page: 'build' | 'publish';
  readonly choices: ImageChoices;
  readonly form: ImagesForm;
  /** The places chosen in this run of the program, to be shown. */
  readonly places: Readonly<Partial<Record<PlaceKind, string>>>;
  readonly work: Work | null;
  /** Whether a work has just ended, whose button had the focus. */
  readonly hasEnded: boolean;
  /** What was built last; null where the form is shown. */
  readonly built: Built | null;
  /** The image layout to be published; null where none was built or chosen. */
  readonly layout: string | null;
  readonly comparison: Comparison | null;
  /** Whether what is another image at the registry, or may be, is replaced. */
  readonly replace: boolean;
  /** What came of the last work, where nothing else shows it. */
  readonly note: { readonly kind: 'done' | 'stopped' | 'failed'; readonly sentence: string } | null;
  /** The text that was copied last. */
  readonly copied: string | null;
}

/** What is under way. */
export interface Work {
  readonly kind: 'building' | 'comparing' | 'publishing';
  /** Null until the first is known. */
  readonly progress: ImageProgress | null;
  readonly isCancelled: boolean;
}

/** The progress of a build; null while there is none. */
export const buildProgressOf = ({ work }: ImagesView): BuildProgress | null =>
  work?.progress?.kind === 'building' ? work.progress : null;

/** The tags that Publish would send now. */
export const tagsToSend = ({ comparison, replace }: ImagesView): readonly string[] =>
  (comparison?.tags ?? [])
    .filter((tag) => tag.state === 'new' || (replace && mayReplace(tag)))
    .map(({ tag }) => tag);
