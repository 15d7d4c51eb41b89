import './state-switch.css';
import type { ReactNode } from 'react';
import { Switch } from 'react-aria-components';

/** A switch that shows what the system says, and that a change of it is under way. */
export function StateSwitch({
  label,
  isSelected,
  isDisabled,
  isPending,
  onChange,
  children,
}: {
  /** Its name for screen readers, where no text stands beside it. */
  readonly label?: string;
  readonly isSelected: boolean;
  readonly isDisabled: boolean;
  readonly isPending: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children?: ReactNode;
}) {
  return (
    <Switch
      {...(label === undefined ? {} : { 'aria-label': label })}
      className="switch"
      data-pending={isPending || undefined}
      isSelected={isSelected}
      isDisabled={isDisabled}
      // While it is pending a second click would be a guess at what the first one did.
      isReadOnly={isPending}
      onChange={onChange}
    >
      <span className="switch-track" />
      {children}
    </Switch>
  );
}
