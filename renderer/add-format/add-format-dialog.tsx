import './add-format.css';
import type { FormatFields } from '../../electron/ipc/contract.ts';
import { addFormat, changeFields, closeAddFormat, isTaken } from '../actions/add-format.ts';
import { Present } from '../register-options/existing-choice.tsx';
import { TargetLine } from '../register-options/register-lines.tsx';
import { useStore } from '../store.ts';
import { ChangeButtons } from '../widgets/change-buttons.tsx';
import { FormDialog } from '../widgets/form-dialog.tsx';
import { Segments } from '../widgets/segments.tsx';
import { WhatWillRun } from '../widgets/what-will-run.tsx';
import { ExtensionPart } from './extension-part.tsx';
import { FlagBoxes } from './flag-boxes.tsx';
import { FormatField } from './format-field.tsx';
import type { AddingFormat } from './format-form.ts';
import { InterpreterField } from './interpreter-field.tsx';
import { MagicPart } from './magic-part.tsx';
import { SamplePart } from './sample-part.tsx';

/** Any format: what the kernel looks at in a file, and the program that it starts for it. */
export default function AddFormatDialog() {
  const adding = useStore((store) => store.addingFormat);
  return adding !== null && <FormatForm adding={adding} />;
}

const types: readonly { readonly value: FormatFields['type']; readonly label: string }[] = [
  { value: 'magic', label: 'By its bytes (magic)' },
  { value: 'extension', label: 'By its name’s extension' },
];

function FormatForm({ adding }: { readonly adding: AddingFormat }) {
  const { fields, check, failure, whatWillRun } = adding;
  return (
    <FormDialog
      title="Add a format"
      failure={failure}
      buttons={<ChangeButtons caption={isTaken(check) ? 'Replace' : 'Register'} onClose={closeAddFormat} />}
      onSubmit={() => void addFormat().then(focusFirstProblem)}
      onClose={closeAddFormat}
    >
      <FormatField adding={adding} field="name" label="Name" placeholder="wasm" autoFocus />
      <Segments
        label="How the kernel knows its files"
        choices={types}
        chosen={fields.type}
        onChoose={(type) => changeFields({ type })}
      />
      <SamplePart adding={adding} />
      {fields.type === 'magic' ? <MagicPart adding={adding} /> : <ExtensionPart adding={adding} />}
      <InterpreterField adding={adding} />
      <FlagBoxes flags={fields.flags} />
      {check?.taken && <Present line={check.taken.line} entry={fields.name} />}
      <Line adding={adding} />
      <WhatWillRun preview={whatWillRun} />
    </FormDialog>
  );
}

/** The register line as it will be, with what to know before it is registered. */
function Line({ adding: { check } }: { readonly adding: AddingFormat }) {
  if (check === null) return null;
  const { line, problems, warnings } = check;
  const problem = problems.find(({ field }) => field === null)?.sentence ?? null;
  if (line === null && problem === null) return null;
  return (
    <section className="form-section" aria-label="Register line, as it will be">
      <h3 className="field-label">Register line, as it will be</h3>
      <TargetLine preview={{ line, problem, warnings }} />
    </section>
  );
}

/** Leads whoever pressed Register to what is wrong. */
const focusFirstProblem = (): void =>
  document.querySelector<HTMLElement>('.form-dialog input[aria-invalid="true"]')?.focus();
