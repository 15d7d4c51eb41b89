/** How far a long work is. */
export interface Progress {
  /** What is being worked on: a target's name, the name of a file, or the path of an archive. */
  readonly name: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export type ReportProgress = (progress: Progress) => void;

/** Counts what passes, for a work of that many bytes in all. */
export function meter(totalBytes: number, report: ReportProgress) {
  let doneBytes = 0;
  return async function* metered(
    name: string,
    chunks: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      yield chunk;
      doneBytes += chunk.length;
      report({ name, doneBytes, totalBytes });
    }
  };
}

export type Meter = ReturnType<typeof meter>;
