import './check-box.css';
import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox } from 'react-aria-components';

/** A choice of yes or no that takes effect with something else. */
export function CheckBox({
  isSelected,
  isIndeterminate = false,
  isDisabled = false,
  describedBy,
  onChange,
  children,
}: {
  readonly isSelected: boolean;
  /** Neither yes nor no: it holds for some. */
  readonly isIndeterminate?: boolean;
  readonly isDisabled?: boolean;
  /** The id of what says more. */
  readonly describedBy?: string;
  readonly onChange: (yes: boolean) => void;
  readonly children: ReactNode;
}) {
  return (
    <Checkbox
      className="check-box"
      isSelected={isSelected}
      isIndeterminate={isIndeterminate}
      isDisabled={isDisabled}
      {...(describedBy !== undefined && { 'aria-describedby': describedBy })}
      onChange={onChange}
    >
      <span className="check-box-mark">
        {isIndeterminate ? <Minus aria-hidden /> : <Check aria-hidden />}
      </span>
      {children}
    </Checkbox>
  );
}
