import './inspector.css';
import { X } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Entry, Row, Snapshot } from '../../electron/ipc/contract.ts';
import { copyText } from '../actions/copy-text.ts';
import { openArchive, openInstall } from '../actions/getting.ts';
import { select } from '../actions/selection.ts';
import { selectedRow } from '../selectors.ts';
import { useStore } from '../store.ts';
import { problemOf } from '../view.ts';
import { BootSection } from './boot-section.tsx';
import { EntryList } from './entry-list.tsx';
import { Findings } from './findings.tsx';
import { FlagList } from './flag-list.tsx';
import { InterpreterSection } from './interpreter-section.tsx';
import { MagicGrid } from './magic-grid.tsx';
import { Section } from './section.tsx';
import { stateSentence } from './state-sentence.ts';
import { VerifySection } from './verify-section.tsx';

/** Everything about the selected row; a sheet over the table where the window is narrow. */
export function Inspector() {
  const snapshot = useStore((store) => store.snapshot);
  const selection = useStore((store) => store.selection);
  const row = selectedRow({ snapshot, selection });
  if (row === null) return null;
  return (
    <section
      // Another row's details are read from their beginning.
      key={`${selection?.table} ${row.name}`}
      className="inspector"
      aria-label={`Details of ${row.name}`}
      onKeyDown={(event) => event.key === 'Escape' && select(null)}
    >
      <header className="inspector-header">
        <div>
          <h2>{row.name}</h2>
          <p className="muted">{row.label}</p>
        </div>
        <Button className="icon-button" aria-label="Close details" onPress={() => select(null)}>
          <X aria-hidden />
        </Button>
      </header>
      <p className={`verdict ${verdictLook(row, snapshot)}`}>{stateSentence(row, snapshot)}</p>
      {row.state === 'Not installed' && <WaysToInstall />}
      <Findings row={row} />
      {row.isTarget && <VerifySection row={row} />}
      {selection !== null && <BootSection table={selection.table} row={row} />}
      <EntryList row={row} />
      {row.interpreter !== null && <InterpreterSection interpreter={row.interpreter} entry={row.entry} />}
      {row.entry !== null && <EntrySections entry={row.entry} />}
      {row.registerLine !== null && <RegisterLine row={row} line={row.registerLine} />}
      {row.entry !== null && <KernelText entry={row.entry} />}
    </section>
  );
}

/** Enabled looks well only where nothing is known against the entry that is used. */
function verdictLook(row: Row, { binfmtMisc, findings }: Snapshot): string {
  const used = row.entry === null ? row : { ...row, entryNames: [row.entry.name] };
  const problem = problemOf(findings, used);
  if (problem !== null) return problem === 'error' ? 'verdict-bad' : 'verdict-warning';
  return row.state === 'Enabled' && binfmtMisc === 'on' ? 'verdict-good' : '';
}

const WaysToInstall = () => (
  <div className="ways-to-install">
    <Button className="button" onPress={openInstall}>
      Install QEMU…
    </Button>
    <Button className="button" onPress={openArchive}>
      From a file…
    </Button>
  </div>
);

function EntrySections({ entry }: { readonly entry: Entry }) {
  switch (entry.kind) {
    case 'magic':
      return (
        <>
          <FlagList flags={entry.flags} />
          <MagicGrid magic={entry.magic} mask={entry.mask} offset={entry.offset} />
        </>
      );
    case 'extension':
      return (
        <>
          <FlagList flags={entry.flags} />
          <Section title="Extension">
            <p>
              Files whose name ends in <code>.{entry.extension}</code>
            </p>
          </Section>
        </>
      );
    case 'bpf':
      return (
        <>
          <Section title="BPF program">
            {entry.unknownLines.map((line) => (
              <p key={line} className="path path-whole">
                {line.replace(/^bpf /, '')}
              </p>
            ))}
            <p className="muted">Which files it takes only this program knows.</p>
          </Section>
          {entry.flags !== '' && <FlagList flags={entry.flags} />}
        </>
      );
    case 'unreadable':
      return null;
  }
}

function RegisterLine({ row, line }: { readonly row: Row; readonly line: string }) {
  const title = row.entry === null ? 'Register line, as it would be' : 'Register line';
  return <CopyableText title={title} text={line} what={`the register line of ${row.name}`} />;
}

function KernelText({ entry }: { readonly entry: Entry }) {
  if (entry.text === '') return null;
  return <CopyableText title="What the kernel says" text={entry.text.trimEnd()} what="the kernel’s text" />;
}

function CopyableText({
  title,
  text,
  what,
}: {
  readonly title: string;
  readonly text: string;
  readonly what: string;
}) {
  return (
    <Section
      title={title}
      action={
        <Button
          className="button button-link"
          aria-label={`Copy ${what}`}
          onPress={() => void copyText(text, what)}
        >
          Copy
        </Button>
      }
    >
      <pre>{text}</pre>
    </Section>
  );
}
