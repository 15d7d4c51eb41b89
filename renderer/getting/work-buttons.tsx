import { Button } from 'react-aria-components';
import { cancelGetting, closeGetting } from '../actions/getting.ts';
import { useStore } from '../store.ts';
import { focusWhenShown } from '../widgets/focus-when-shown.ts';
import type { GettingWork } from './getting-view.ts';

/** What can be done while something is under way. */
export function WorkButtons({ work }: { readonly work: GettingWork }) {
  const { progress, isCancelled } = work;
  const isRunning = useStore((store) => store.activity.kind === 'running');
  const canCancel =
    progress?.kind === 'installing' ? progress.canCancel : work.kind !== 'placing' || !isRunning;
  return (
    <>
      <p className="muted getting-first">
        {canCancel
          ? 'It goes on when this is hidden.'
          : 'It cannot be cancelled now. It goes on when this is hidden.'}
      </p>
      <Button
        ref={focusWhenShown}
        className="button"
        // A disabled button would lose the focus, and with it Escape its meaning.
        aria-disabled={!canCancel || isCancelled}
        data-busy={!canCancel || isCancelled || undefined}
        onPress={() => canCancel && !isCancelled && cancelGetting()}
      >
        Cancel
      </Button>
      <Button className="button" onPress={closeGetting}>
        Hide
      </Button>
    </>
  );
}
