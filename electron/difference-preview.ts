import { saysTheSame } from './binfmt/entry.ts';
import { type DesiredEntry, entryOfDesired } from './binfmt/exchange/desired-entry.ts';
import { differenceOf, differenceOptions, type EntryChange } from './binfmt/exchange/difference.ts';
import { CREDENTIALS_RISK } from './binfmt/exchange/format-fields.ts';
import type { Interpreters } from './binfmt/interpreters.ts';
import { problemOfNewInterpreter } from './binfmt/register-line.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { warningsOf } from './register-preview.ts';

/** What becomes of an entry, and what somebody should know before it does. */
export interface PreviewedChange extends EntryChange {
  /** What keeps the new entry from working, or makes it a risk, each in a sentence or two. */
  readonly warnings: readonly string[];
}

/** What bringing the registry to these entries, in match order, makes of each; looks at the interpreters now. */
export async function previewDifference(
  desired: readonly DesiredEntry[],
  removeOthers: boolean,
  snapshot: Snapshot,
  interpreters: Interpreters,
): Promise<readonly PreviewedChange[]> {
  const { changes } = differenceOf(desired, snapshot.entries, differenceOptions(snapshot, removeOthers));
  return Promise.all(
    changes.map(async (change) => ({
      ...change,
      warnings: await warningsOn(change, snapshot, interpreters),
    })),
  );
}

async function warningsOn(
  { before, after, problem }: EntryChange,
  snapshot: Snapshot,
  interpreters: Interpreters,
): Promise<readonly string[]> {
  if (after === null || problem !== null) return [];
  if (before !== null && saysTheSame(before, entryOfDesired(after))) return [];
  const { registration } = after;
  const { interpreter, flags } = registration;
  const hadCredentials = before !== null && 'flags' in before && before.flags.includes('C');
  return [
    ...(flags.includes('C') && !hadCredentials ? [CREDENTIALS_RISK] : []),
    ...(problemOfNewInterpreter(interpreter) === null ? [] : [relative(interpreter)]),
    ...(await warningsOf(registration, null, snapshot, interpreters)),
  ];
}

const relative = (interpreter: string): string =>
  `${interpreter} is a relative path: without flag F the kernel looks for it wherever a program is started.`;
