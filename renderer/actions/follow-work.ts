import { showResult } from '../store.ts';

/** What the window says of a work that has ended while its dialog was away. */
export interface Saying {
  readonly kind: 'done' | 'stopped' | 'failed';
  readonly sentence: string;
}

/** A dialog that shows a work, and can be put away while that goes on. */
export interface WorkDialog<Progress, End> {
  /** Has each progress shown, until the function that it returns is called. */
  readonly listen: (show: (progress: Progress) => void) => () => void;
  readonly show: (progress: Progress) => void;
  readonly isHidden: () => boolean;
  /** How a work ends that has thrown. */
  readonly failed: (sentence: string) => End;
  readonly end: (end: End) => void;
  readonly sayingOf: (end: End) => Saying | null;
}

/** Shows how far a work is, and what came of it when it has ended. */
export async function followWork<Outcome, Progress, End>(
  work: Promise<Outcome>,
  conclude: (outcome: Outcome) => End,
  dialog: WorkDialog<Progress, End>,
): Promise<void> {
  const stopListening = dialog.listen(dialog.show);
  const end = await work.then(conclude, (error) => dialog.failed(`This did not work: ${String(error)}`));
  stopListening();
  const says = dialog.isHidden() ? dialog.sayingOf(end) : null;
  dialog.end(end);
  if (says === null) return;
  const kind = says.kind === 'stopped' ? 'dismissed' : says.kind;
  showResult({ kind, message: says.sentence, details: [], undo: null });
}
