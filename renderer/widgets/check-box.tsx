import './check-box.css';
import { Check, Minus } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Checkbox } from 'react-aria-components';

/** A choice of yes or no that takes effect with something else, and under it what it means. */
export function CheckBox({
  isSelected,
  isIndeterminate = false,
  isDisabled = false,
  meaning,
  onChange,
  children,
}: {
  readonly isSelected: boolean;
  /** Neither yes nor no: it holds for some. */
  readonly isIndeterminate?: boolean;
  readonly isDisabled?: boolean;
  readonly meaning?: ReactNode;
  readonly onChange: (yes: boolean) => void;
  readonly children: ReactNode;
}) {
  const id = useId();
  const box = (
    <Checkbox
      className="check-box"
      isSelected={isSelected}
      isIndeterminate={isIndeterminate}
      isDisabled={isDisabled}
      {...(meaning !== undefined && { 'aria-describedby': id })}
      onChange={onChange}
    >
      <span className="check-box-mark">
        {isIndeterminate ? <Minus aria-hidden /> : <Check aria-hidden />}
      </span>
      {children}
    </Checkbox>
  );
  if (meaning === undefined) return box;
  return (
    <div>
      {box}
      <div id={id} className="check-box-meaning muted">
        {meaning}
      </div>
    </div>
  );
}
