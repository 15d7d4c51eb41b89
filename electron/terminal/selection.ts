import type { Row, Snapshot } from '../binfmt/snapshot.ts';
import type { Terminal } from './terminal.ts';
import { DONE, type ExitStatus, FAILED, MISUSED } from './verb.ts';

/** The rows that words name, and what is to be said of words that name none: it has been said. */
export interface Selection {
  readonly rows: readonly Row[];
  readonly status: ExitStatus;
}

/** The rows of these words; all rows where there are no words. */
export async function selectRows(
  words: readonly string[],
  snapshot: Snapshot,
  terminal: Terminal,
): Promise<Selection> {
  if (words.length === 0) return { rows: [...snapshot.targets, ...snapshot.formats], status: DONE };
  const { thingsCalled, rowsOf } = await import('./words.ts');
  const named = await thingsCalled(words, snapshot);
  const rows = new Set(named.found.flatMap((thing) => rowsOf(thing, snapshot)));
  return { rows: [...rows], status: complainOf(named, terminal) };
}

/** Says which words name nothing. */
export function complainOf(
  { absent, unknown }: { readonly absent: readonly string[]; readonly unknown: readonly string[] },
  terminal: Terminal,
): ExitStatus {
  for (const sentence of [...unknown, ...absent]) terminal.complain(sentence);
  if (unknown.length > 0) return MISUSED;
  return absent.length > 0 ? FAILED : DONE;
}

/** The snapshot with no other targets and entries than those of these rows. */
export function snapshotOf(rows: readonly Row[], snapshot: Snapshot): Snapshot {
  const names = new Set(rows.flatMap((row) => row.entryNames));
  return {
    ...snapshot,
    entries: snapshot.entries.filter((entry) => names.has(entry.name)),
    targets: snapshot.targets.filter((row) => rows.includes(row)),
    formats: snapshot.formats.filter((row) => rows.includes(row)),
  };
}
