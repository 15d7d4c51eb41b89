import './getting.css';
import { closeGetting, place } from '../actions/getting.ts';
import { useStore } from '../store.ts';
import { FormDialog } from '../widgets/form-dialog.tsx';
import { WhatWillRun } from '../widgets/what-will-run.tsx';
import { ArchiveButtons } from './archive-buttons.tsx';
import { ArchiveProgress } from './archive-progress.tsx';
import { ArchiveSource } from './archive-source.tsx';
import type { GettingView } from './getting-view.ts';
import { LeftOutList } from './left-out-list.tsx';
import { ProgramTable } from './program-table.tsx';
import { RegisterChoice } from './register-choice.tsx';

/** Emulators from a package, an archive or a folder: where they come from, which, and whether to register them. */
export default function ArchiveDialog() {
  const getting = useStore((store) => store.getting);
  const { note, archive } = getting;
  return (
    <FormDialog
      title="Interpreters from a file"
      failure={note?.kind === 'failed' ? { message: note.sentence, details: note.details } : null}
      buttons={<ArchiveButtons getting={getting} />}
      onSubmit={() => archive !== null && void place()}
      onClose={closeGetting}
    >
      <div>
        <div className="getting-page">
          <Content getting={getting} />
        </div>
        {/* It is there from the start: screen readers announce what changes inside. */}
        <p role="status" className="getting-note">
          {note?.kind === 'stopped' && note.sentence}
        </p>
      </div>
    </FormDialog>
  );
}

function Content({ getting }: { readonly getting: GettingView }) {
  const { work, archive, form, whatWillRun } = getting;
  if (work !== null) return <ArchiveProgress work={work} />;
  return (
    <>
      <ArchiveSource archive={archive} />
      {archive !== null && (
        <>
          <ProgramTable archive={archive} chosen={form.fileNames} />
          <LeftOutList leftOut={archive.leftOut} />
          <RegisterChoice archive={archive} form={form} />
          <WhatWillRun preview={whatWillRun} />
        </>
      )}
    </>
  );
}
