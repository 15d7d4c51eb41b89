import './number-input.css';
import { Minus, Plus } from 'lucide-react';
import { Button, Group, Input, Label, NumberField } from 'react-aria-components';

/** A whole number between two others. */
export function NumberInput({
  label,
  value,
  from,
  to,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly onChange: (value: number) => void;
}) {
  return (
    <NumberField
      className="number-input"
      value={value}
      minValue={from}
      maxValue={to}
      // Whoever empties it has not said anything yet.
      onChange={(number) => Number.isInteger(number) && onChange(number)}
    >
      <Label className="field-label">{label}</Label>
      <Group className="number-input-group">
        <Button slot="decrement" className="icon-button">
          <Minus aria-hidden />
        </Button>
        <Input />
        <Button slot="increment" className="icon-button">
          <Plus aria-hidden />
        </Button>
      </Group>
    </NumberField>
  );
}
