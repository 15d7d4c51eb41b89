import type { Row, Snapshot } from '../snapshot.ts';

/**
 * What decides whether programs of a row's target run, as far as a snapshot tells. Where this text is another,
 * a verification from before says nothing of what is registered now.
 */
export const circumstancesOf = ({ entry, interpreter }: Row, { binfmtMisc }: Snapshot): string =>
  JSON.stringify([
    binfmtMisc,
    // What an emulator that is not registered is like does not matter.
    ...(entry === null ? [] : [entry.name, entry.text, interpreter?.file, interpreter?.changedAt]),
  ]);
