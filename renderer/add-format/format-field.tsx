import type { FormatFields } from '../../electron/ipc/contract.ts';
import { changeFields } from '../actions/add-format.ts';
import { TextInput } from '../widgets/text-input.tsx';
import type { AddingFormat } from './format-form.ts';

/** A field of a format, with what is wrong with it once a person has typed there. */
export function FormatField({
  adding: { fields, touched, check },
  field,
  ...input
}: {
  readonly adding: AddingFormat;
  readonly field: Exclude<keyof FormatFields, 'type' | 'flags'>;
  readonly label: string;
  readonly placeholder?: string;
  readonly note?: string;
  readonly autoFocus?: boolean;
}) {
  const problem = check?.problems.find((one) => one.field === field)?.sentence ?? null;
  return (
    <TextInput
      {...input}
      value={fields[field]}
      onChange={(text) => changeFields({ [field]: text })}
      problem={touched.has(field) ? problem : null}
    />
  );
}
