import './exchange.css';
import { Button } from 'react-aria-components';
import { changeExport, closeExport, exportFiles } from '../actions/exchange.ts';
import { useStore } from '../store.ts';
import { FormDialog } from '../widgets/form-dialog.tsx';
import { RadioList } from '../widgets/radio-list.tsx';
import { Segments } from '../widgets/segments.tsx';
import { type ExportForm, type Exporting, howOf } from './export-form.ts';
import { ExportOptions } from './export-options.tsx';
import { ExportedFiles } from './exported-files.tsx';
import { ReplaceDialog } from './replace-dialog.tsx';

/** Which registrations are written into files, how they are made, and the files that come of it. */
export default function ExportDialog() {
  const exporting = useStore((store) => store.exporting);
  return exporting !== null && <ExportChoices exporting={exporting} />;
}

function ExportChoices({ exporting }: { readonly exporting: Exporting }) {
  const { form, contents, failure, asks } = exporting;
  const { format, inOneFile } = form;
  return (
    <FormDialog
      title="Export registrations"
      failure={failure}
      buttons={<Buttons exporting={exporting} />}
      onSubmit={() => void exportFiles()}
      onClose={closeExport}
    >
      <WhatAndHow exporting={exporting} />
      {howOf(form) === 'with-options' && <ExportOptions exporting={exporting} />}
      <RadioList
        label="Format"
        choices={formats}
        chosen={format}
        onChoose={(chosen) => changeExport({ format: chosen })}
      />
      {contents !== null && (
        <ExportedFiles contents={contents} inOneFile={format === 'conf' ? inOneFile : null} />
      )}
      {asks !== null && <ReplaceDialog asks={asks} />}
    </FormDialog>
  );
}

const formats: readonly {
  readonly value: ExportForm['format'];
  readonly label: string;
  readonly meaning: string;
}[] = [
  {
    value: 'conf',
    label: 'systemd .conf files',
    meaning: 'For /etc/binfmt.d: systemd-binfmt registers them whenever the machine starts.',
  },
  {
    value: 'templates',
    label: 'update-binfmts templates',
    meaning: 'For Debian’s /usr/share/binfmts: update-binfmts --import registers them.',
  },
  {
    value: 'script',
    label: 'Shell script',
    meaning: 'Registers them on any Linux machine, without this program, until it restarts.',
  },
  {
    value: 'json',
    label: 'JSON',
    meaning: 'All there is to know, to be imported here or read by other programs.',
  },
];

function WhatAndHow({ exporting: { selection, form } }: { readonly exporting: Exporting }) {
  const registered = useStore((store) => store.snapshot.entries.length);
  return (
    <>
      <Segments
        label="What"
        choices={[
          ...(selection === null
            ? []
            : [{ value: 'selected' as const, label: `Selected (${selection.names.length})` }]),
          { value: 'registered', label: `All registered (${registered})` },
          { value: 'all-targets', label: 'All targets, registered or not' },
        ]}
        chosen={form.what}
        autoFocus
        onChoose={(what) => changeExport({ what })}
      />
      {form.what !== 'all-targets' && (
        <Segments
          label="How"
          choices={[
            { value: 'as-registered', label: 'As registered now' },
            { value: 'with-options', label: 'With these options' },
          ]}
          chosen={form.how}
          onChoose={(how) => changeExport({ how })}
        />
      )}
    </>
  );
}

function Buttons({ exporting: { contents, isWriting } }: { readonly exporting: Exporting }) {
  const isPossible = contents !== null && contents.problem === null;
  return (
    <>
      {contents !== null && contents.problem === null && (
        <p className="muted form-dialog-note">
          {contents.files.length === 1 ? '1 file' : `${contents.files.length} files`}
        </p>
      )}
      <Button className="button" onPress={closeExport}>
        Cancel
      </Button>
      <Button type="submit" className="button button-primary" isDisabled={!isPossible || isWriting}>
        Export…
      </Button>
    </>
  );
}
