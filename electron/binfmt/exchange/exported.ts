/** Files made of registrations, and what they do not say, each in a sentence. */
export interface Exported {
  readonly files: readonly ExportedFile[];
  readonly notCarried: readonly string[];
  /** What to know of whoever reads them, each in a sentence. */
  readonly remarks?: readonly string[];
}

/** Name and text are strings of bytes, see bytes.ts. */
export interface ExportedFile {
  readonly name: string;
  readonly text: string;
}
