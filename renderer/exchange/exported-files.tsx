import { CircleAlert, Info } from 'lucide-react';
import type { ExportContents } from '../../electron/ipc/contract.ts';
import { changeExport } from '../actions/exchange.ts';
import { CheckBox } from '../widgets/check-box.tsx';

/** The files that will be written and what they say, and what is not in them. */
export function ExportedFiles({
  contents: { files, notes, problem },
  inOneFile,
}: {
  readonly contents: ExportContents;
  /** Whether all is to be in one file; null where that is not a question. */
  readonly inOneFile: boolean | null;
}) {
  const hasChoice = inOneFile !== null && (inOneFile || files.length > 1);
  return (
    <section className="form-section" aria-label="Files">
      <h3 className="field-label">{files.length === 1 ? 'File' : `${files.length || 'No'} files`}</h3>
      {hasChoice && (
        <CheckBox isSelected={inOneFile} onChange={(yes) => changeExport({ inOneFile: yes })}>
          All in one file, which keeps their order
        </CheckBox>
      )}
      {problem === null ? <Files files={files} /> : <Problem sentence={problem} />}
      <Notes notes={notes} />
    </section>
  );
}

function Files({ files }: { readonly files: ExportContents['files'] }) {
  const [only, ...others] = files;
  const names = files.map(({ name }) => name);
  return (
    <>
      {/* Scrollable, so it must be reachable from the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above. */}
      <ul className="export-files" aria-label="Files to write" tabIndex={0}>
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <details className="disclosure">
        <summary>{others.length === 0 ? 'What it will say' : 'What they will say'}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above. */}
        <section className="export-text" aria-label="What is in them" tabIndex={0}>
          <pre>
            {others.length === 0
              ? only?.text
              : files.map(({ name, text }) => `==> ${name} <==\n${text}`).join('\n')}
          </pre>
        </section>
      </details>
    </>
  );
}

const Problem = ({ sentence }: { readonly sentence: string }) => (
  <p className="export-note" role="status">
    <CircleAlert role="img" aria-label="Problem" className="state-bad" />
    {sentence}
  </p>
);

function Notes({ notes }: { readonly notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="export-notes" aria-label="Good to know">
      {notes.map((note) => (
        <li key={note} className="export-note">
          <Info aria-hidden />
          {note}
        </li>
      ))}
    </ul>
  );
}
