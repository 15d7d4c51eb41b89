import './exchange.css';
import { Button, Heading } from 'react-aria-components';
import type { ReadFile } from '../../electron/ipc/contract.ts';
import { TOOLBAR } from '../actions/changes.ts';
import { answerImport, chooseImport, removeWhatIsNotInFile } from '../actions/exchange.ts';
import { canChange } from '../selectors.ts';
import { useStore } from '../store.ts';
import { CheckBox } from '../widgets/check-box.tsx';
import { Difference } from '../widgets/difference.tsx';
import { Losses } from '../widgets/losses.tsx';
import { Overlay } from '../widgets/overlay.tsx';
import { WhatWillRun } from '../widgets/what-will-run.tsx';
import type { Importing } from './importing.ts';

/** Asks before the registry becomes what a file says, and shows what changes; or says why the file is of no use. */
export default function ImportDialog() {
  const importing = useStore((store) => store.importing);
  if (importing === null) return null;
  const { file } = importing;
  return (
    <Overlay isWide onClose={() => answerImport(false)}>
      {file.kind === 'read' ? <Question importing={importing} file={file} /> : <Refusal file={file} />}
    </Overlay>
  );
}

function Question({
  importing: { removeOthers, changes, preview },
  file,
}: {
  readonly importing: Importing;
  readonly file: Extract<ReadFile, { kind: 'read' }>;
}) {
  const isPossible = useStore(canChange);
  const isBusy = useStore((store) => store.pending.has(TOOLBAR));
  const hasChanges = preview !== null && preview.problem === null;
  const removed = (changes ?? []).filter(({ kind, problem }) => kind === 'remove' && problem === null);
  return (
    <>
      <Heading slot="title">Import registrations?</Heading>
      <p>
        The kernel gets the registrations of <span className="path path-whole">{file.path}</span>. Undo puts
        back what is registered now.
      </p>
      {file.notes.length > 0 && (
        <div className="notice notice-warning import-notes">
          {file.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </div>
      )}
      {changes !== null && <Difference changes={changes} />}
      <Losses names={removed.map(({ name }) => name)} />
      <div>
        <CheckBox isSelected={removeOthers} onChange={removeWhatIsNotInFile}>
          Also remove what the file does not have
        </CheckBox>
        <p role="status" className="import-status">
          {preview?.problem}
        </p>
      </div>
      <WhatWillRun preview={preview} />
      <div className="dialog-buttons">
        <Button className="button" autoFocus onPress={() => answerImport(false)}>
          Cancel
        </Button>
        <Button
          className="button button-primary"
          isDisabled={!hasChanges || !isPossible || isBusy}
          onPress={() => answerImport(true)}
        >
          Import
        </Button>
      </div>
    </>
  );
}

function Refusal({ file: { path, problem } }: { readonly file: Extract<ReadFile, { kind: 'refused' }> }) {
  return (
    <>
      <Heading slot="title">This file cannot be imported</Heading>
      <p className="path path-whole">{path}</p>
      <p role="alert" className="notice notice-bad import-problem">
        {problem}
      </p>
      <p>Nothing was changed. Choose a JSON file that this program exported, or a .conf file of systemd.</p>
      <div className="dialog-buttons">
        <Button className="button" onPress={() => void chooseImport()}>
          Choose another file…
        </Button>
        <Button className="button button-primary" autoFocus onPress={() => answerImport(false)}>
          Close
        </Button>
      </div>
    </>
  );
}
