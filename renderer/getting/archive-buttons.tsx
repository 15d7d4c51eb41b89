import { Button } from 'react-aria-components';
import { INTERPRETER_DIRECTORY } from '../../electron/ipc/contract.ts';
import { closeGetting } from '../actions/getting.ts';
import { useStore } from '../store.ts';
import { focusWhenShown } from '../widgets/focus-when-shown.ts';
import { emulators, type GettingView } from './getting-view.ts';
import { WorkButtons } from './work-buttons.tsx';

/** What can be done now. */
export function ArchiveButtons({ getting }: { readonly getting: GettingView }) {
  const elevation = useStore((store) => store.elevation);
  const { work, archive, form, hasEnded } = getting;
  if (work !== null) return <WorkButtons work={work} />;
  const count = form.fileNames.length;
  return (
    <>
      {archive !== null && (
        <p className="muted getting-first">
          {elevation.kind === 'unavailable'
            ? elevation.reason
            : `Into ${INTERPRETER_DIRECTORY}. What is there is kept for Undo.`}
        </p>
      )}
      <Button {...(hasEnded && { ref: focusWhenShown })} className="button" onPress={closeGetting}>
        Close
      </Button>
      {archive !== null && (
        <Button
          type="submit"
          className="button button-primary"
          isDisabled={count === 0 || elevation.kind === 'unavailable'}
        >
          {count === 0 ? 'Install' : `Install ${emulators(count)}`}
        </Button>
      )}
    </>
  );
}
