import './segments.css';
import { Label, Radio, RadioGroup } from 'react-aria-components';

/** One of a few ways, side by side. */
export function Segments<Value extends string>({
  label,
  choices,
  chosen,
  onChoose,
  autoFocus = false,
}: {
  readonly label: string;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
  readonly autoFocus?: boolean;
}) {
  return (
    <RadioGroup
      className="segments"
      orientation="horizontal"
      value={chosen}
      onChange={(value) => onChoose(value as Value)}
    >
      <Label className="field-label">{label}</Label>
      <div className="segments-row">
        {choices.map((choice) => (
          <Radio
            key={choice.value}
            value={choice.value}
            className="segment"
            autoFocus={autoFocus && choice.value === chosen}
          >
            {choice.label}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
