import { Download, RotateCw } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from 'react-aria-components';
import { install, learnOffer, openArchive } from '../actions/getting.ts';
import { hasNoQemu } from '../selectors.ts';
import { useStore } from '../store.ts';
import { OfferText } from './offer.tsx';

/** The first thing on a machine without QEMU: what it is for, and how to get it. */
export function InstallPanel() {
  const isShown = useStore(hasNoQemu);
  return isShown && <Panel />;
}

function Panel() {
  // Nobody has asked for it: that there is no QEMU is a state of the system.
  useEffect(() => void learnOffer(), []);
  return (
    <section className="install-panel" aria-label="Install QEMU">
      <Download aria-hidden />
      <div className="install-panel-text">
        <h2>Install QEMU</h2>
        <p>
          None of its user-mode emulators is on this machine, and without them it runs no programs of other
          CPUs. The table fills when they are there.
        </p>
        <OfferText />
        <Buttons />
      </div>
    </section>
  );
}

function Buttons() {
  const offer = useStore((store) => store.getting.offer);
  const isBusy = useStore((store) => store.getting.work !== null);
  const canInstall = useStore((store) => store.elevation.kind !== 'unavailable');
  const fromFile = (
    <Button className="button" onPress={openArchive}>
      Interpreters from a file…
    </Button>
  );
  if (offer?.ok === false) {
    return (
      <div className="install-panel-buttons">
        <Button className="button" onPress={() => void learnOffer()}>
          <RotateCw aria-hidden />
          Look again
        </Button>
        {fromFile}
      </div>
    );
  }
  return (
    <div className="install-panel-buttons">
      <Button
        className="button button-primary"
        isDisabled={offer === null || isBusy || !canInstall}
        onPress={() => void install()}
      >
        Install QEMU
      </Button>
      {fromFile}
    </div>
  );
}
