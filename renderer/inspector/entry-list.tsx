import { describeInterpreter, type Entry, type Row, type Snapshot } from '../../electron/ipc/contract.ts';
import { useStore } from '../store.ts';
import { Section } from './section.tsx';

/** The entries that serve a target, in match order, and which of them is used and shown; nothing where that is plain. */
export function EntryList({ row }: { readonly row: Row }) {
  const snapshot = useStore((store) => store.snapshot);
  const entries = row.entryNames.flatMap(
    (name) => snapshot.entries.find((entry) => entry.name === name) ?? [],
  );
  const isPlain = entries.length < 2 && [row.name, `qemu-${row.name}`].includes(row.entry?.name ?? row.name);
  if (row.entry === null || isPlain) return null;
  return (
    <Section title={entries.length === 1 ? 'Entry' : 'Entries, in the order the kernel tries them'}>
      <ol className="entries">
        {entries.map((entry) => (
          <EntryItem key={entry.name} entry={entry} row={row} snapshot={snapshot} />
        ))}
      </ol>
      {entries.length > 1 && <p className="muted entries-note">What follows is about {row.entry.name}.</p>}
    </Section>
  );
}

function EntryItem({
  entry,
  row,
  snapshot,
}: {
  readonly entry: Entry;
  readonly row: Row;
  readonly snapshot: Snapshot;
}) {
  if (entry.kind !== 'magic') return null; // No other serves a target.
  const isShown = entry.name === row.entry?.name;
  const interpreter = snapshot.interpreters.find(({ path }) => path === entry.interpreter);
  return (
    <li>
      <p className="entry-head">
        <span className="path path-whole">{entry.name}</span>
        <span className="muted">{usageOf(entry.enabled, isShown, snapshot)}</span>
        <span>
          {[...entry.flags].map((flag) => (
            <span key={flag} className="flag">
              {flag}
            </span>
          ))}
        </span>
      </p>
      <p className="path path-whole">{entry.interpreter}</p>
      {!isShown && interpreter !== undefined && (
        <p className="muted">{describeInterpreter(interpreter, entry).join(' · ')}</p>
      )}
    </li>
  );
}

/** Whether the kernel uses an entry: of those that are enabled it takes the first. */
function usageOf(enabled: boolean, isFirst: boolean, { binfmtMisc }: Snapshot): string {
  if (!enabled) return 'Disabled';
  if (!isFirst) return 'Enabled, comes later';
  return binfmtMisc === 'on' ? 'Enabled, used now' : 'Enabled, used once binfmt_misc is on';
}
