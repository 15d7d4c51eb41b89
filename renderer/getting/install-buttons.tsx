import { Button } from 'react-aria-components';
import { registrableTargets } from '../../electron/ipc/contract.ts';
import {
  closeGetting,
  installAgain,
  learnOffer,
  openArchive,
  registerInstalled,
} from '../actions/getting.ts';
import { canChange } from '../selectors.ts';
import { useStore } from '../store.ts';
import { focusWhenShown } from '../widgets/focus-when-shown.ts';
import type { GettingView } from './getting-view.ts';
import { WorkButtons } from './work-buttons.tsx';

/** What can be done now. */
export function InstallButtons({ getting }: { readonly getting: GettingView }) {
  if (getting.work !== null) return <WorkButtons work={getting.work} />;
  return getting.installed === null ? <OfferButtons getting={getting} /> : <EndButtons getting={getting} />;
}

function OfferButtons({ getting: { offer, hasEnded } }: { readonly getting: GettingView }) {
  const canInstall = useStore((store) => store.elevation.kind !== 'unavailable');
  return (
    <>
      <Button className="button button-link getting-first" onPress={openArchive}>
        Interpreters from a file…
      </Button>
      <Button {...(hasEnded && { ref: focusWhenShown })} className="button" onPress={closeGetting}>
        Close
      </Button>
      {offer?.ok === false ? (
        <Button className="button" onPress={() => void learnOffer()}>
          Look again
        </Button>
      ) : (
        <Button type="submit" className="button button-primary" isDisabled={offer === null || !canInstall}>
          Install
        </Button>
      )}
    </>
  );
}

function EndButtons({ getting: { installed } }: { readonly getting: GettingView }) {
  const count = useStore(({ snapshot }) => registrableTargets(snapshot).length);
  const isPossible = useStore(canChange);
  const isInstalled = installed?.kind === 'installed';
  return (
    <>
      <Button ref={focusWhenShown} className="button" onPress={closeGetting}>
        Close
      </Button>
      {!isInstalled && (
        <Button className="button button-primary" onPress={installAgain}>
          Try again
        </Button>
      )}
      {isInstalled && count > 0 && (
        <Button className="button button-primary" isDisabled={!isPossible} onPress={registerInstalled}>
          {count === 1 ? 'Register 1 target' : `Register ${count} targets`}
        </Button>
      )}
    </>
  );
}
