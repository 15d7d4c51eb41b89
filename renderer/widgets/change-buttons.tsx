import { Button } from 'react-aria-components';
import { cancelPrompt, TOOLBAR } from '../actions/changes.ts';
import { canChange } from '../selectors.ts';
import { useStore } from '../store.ts';

/** The buttons of a form that changes the system: while permission is asked for, Cancel takes that back. */
export function ChangeButtons({
  caption,
  isDisabled = false,
  onClose,
}: {
  /** What the form does. */
  readonly caption: string;
  readonly isDisabled?: boolean;
  readonly onClose: () => void;
}) {
  const activity = useStore((store) => store.activity.kind);
  const isAsking = activity === 'asking';
  const isBusy = useStore((store) => store.pending.has(TOOLBAR));
  const isPossible = useStore(canChange);
  return (
    <>
      {activity !== 'idle' && (
        <p className="muted form-dialog-note">
          {isAsking ? 'Waiting for permission…' : 'Making the change…'}
        </p>
      )}
      <Button className="button" onPress={isAsking ? cancelPrompt : onClose}>
        {isAsking ? 'Cancel request' : 'Cancel'}
      </Button>
      <Button
        type="submit"
        className="button button-primary"
        // Whoever submits looks whether something is under way: a disabled button would lose the focus, and with it
        // Escape its meaning.
        data-busy={isBusy || undefined}
        isDisabled={!isPossible || isDisabled}
      >
        {caption}
      </Button>
    </>
  );
}
