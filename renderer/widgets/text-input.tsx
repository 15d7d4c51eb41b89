import './text-input.css';
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components';

/** A line of exact text: a path, a name. */
export function TextInput({
  label,
  value,
  onChange,
  placeholder,
  note,
  maxLength = 4096,
  problem = null,
  autoFocus = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly note?: string;
  /** That of a path unless told otherwise (PATH_MAX). */
  readonly maxLength?: number;
  /** What is wrong with it, as a sentence; null when nothing is. */
  readonly problem?: string | null;
  readonly autoFocus?: boolean;
}) {
  return (
    <TextField
      className="text-input"
      value={value}
      onChange={onChange}
      maxLength={maxLength}
      isInvalid={problem !== null}
      validationBehavior="aria"
      autoFocus={autoFocus}
      autoComplete="off"
      autoCorrect="off"
      spellCheck="false"
    >
      <Label className="field-label">{label}</Label>
      <Input {...(placeholder !== undefined && { placeholder })} />
      {note !== undefined && (
        <Text slot="description" className="text-input-note">
          {note}
        </Text>
      )}
      {problem !== null && <FieldError className="text-input-problem">{problem}</FieldError>}
    </TextField>
  );
}
