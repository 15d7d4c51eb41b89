import './state-switch.css';
import type { ReactNode } from 'react';
import { Switch } from 'react-aria-components';
import { describedByActivity } from './waiting.tsx';

/** A switch that shows what the system says, and that a change of it is under way. */
export function StateSwitch({
  label,
  isSelected,
  isDisabled,
  isPending,
  isWaiting,
  onChange,
  children,
}: {
  /** Its name for screen readers, where no text stands beside it. */
  readonly label?: string;
  readonly isSelected: boolean;
  readonly isDisabled: boolean;
  readonly isPending: boolean;
  /** Whether the change waits for permission, or for root. */
  readonly isWaiting: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children?: ReactNode;
}) {
  return (
    <Switch
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...describedByActivity(isWaiting)}
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
