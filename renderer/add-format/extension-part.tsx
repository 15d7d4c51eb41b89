import { FormatField } from './format-field.tsx';
import type { AddingFormat } from './format-form.ts';

/** What the names of the files end in. */
export const ExtensionPart = ({ adding }: { readonly adding: AddingFormat }) => (
  <FormatField
    adding={adding}
    field="extension"
    label="Extension"
    placeholder=".jar"
    note="What follows the last dot of a file’s name; capital letters count"
  />
);
