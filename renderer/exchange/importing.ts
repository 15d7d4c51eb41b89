import type { Preview, PreviewedChange, ReadFile } from '../../electron/ipc/contract.ts';

/** A file whose registrations a person is asked about. */
export interface Importing {
  readonly file: ReadFile;
  /** Whether what the file does not have goes. */
  readonly removeOthers: boolean;
  /** Null until it is known. */
  readonly changes: readonly PreviewedChange[] | null;
  readonly preview: Preview | null;
}
