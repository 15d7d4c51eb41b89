import './radio-list.css';
import type { ReactNode } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';

/** One of a few ways, one below the other, each with what it is good for. */
export function RadioList<Value extends string>({
  label,
  choices,
  chosen,
  onChoose,
}: {
  readonly label: string;
  readonly choices: readonly { readonly value: Value; readonly label: string; readonly meaning: ReactNode }[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}) {
  return (
    <RadioGroup className="radio-list" value={chosen} onChange={(value) => onChoose(value as Value)}>
      <Label className="field-label">{label}</Label>
      <div className="radio-list-choices">
        {choices.map((choice) => (
          <Radio key={choice.value} value={choice.value} className="radio">
            <span className="radio-mark" />
            <span>
              <span className="radio-label">{choice.label}</span>
              <span className="radio-meaning">{choice.meaning}</span>
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
