import { Hourglass } from 'lucide-react';
import { useStore } from '../store.ts';

/** The id of the footer's sentence about what is under way. */
export const ACTIVITY_ID = 'activity';

/** Whether a control's change waits for permission, or for root. */
export const useIsWaiting = (control: string): boolean =>
  useStore((store) => store.activity.kind !== 'idle' && store.pending.has(control));

/** What a control that waits is given: screen readers say with it what it waits for. */
export const describedByActivity = (isWaiting: boolean): { readonly 'aria-describedby'?: string } =>
  isWaiting ? { 'aria-describedby': ACTIVITY_ID } : {};

/** That a control waits, inside of it. */
export const WaitingIcon = () => <Hourglass aria-hidden className="waiting" />;

/** The same in place of a state. */
export const Waiting = () => (
  <span className="state">
    <WaitingIcon />
    Waiting…
  </span>
);
