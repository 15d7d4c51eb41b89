import './offer.css';
import { formatSize, type InstallationObstacle, type InstallationPlan } from '../../electron/ipc/contract.ts';
import { useStore } from '../store.ts';
import { WhatWillRun } from '../widgets/what-will-run.tsx';
import { Command } from './command.tsx';

/** What the distribution has, or why it cannot be installed and what a person can type instead. */
export function OfferText() {
  const offer = useStore((store) => store.getting.offer);
  // It is there from the start: screen readers announce what changes inside.
  return (
    <div className="offer">
      <div role="status" className="offer">
        {offer === null ? (
          <p className="muted">Asking the package manager…</p>
        ) : offer.ok ? (
          <Plan plan={offer.value} />
        ) : (
          <Obstacle obstacle={offer.problem} />
        )}
      </div>
      <WhatWillRun preview={offer?.ok === true ? offer.value.whatWillRun : null} />
    </div>
  );
}

function Plan({ plan }: { readonly plan: InstallationPlan }) {
  // Where it cannot be done from here, or has not been.
  const isOtherwise = useStore(
    ({ elevation, getting }) => elevation.kind === 'unavailable' || getting.note?.kind === 'failed',
  );
  const { packages, version, manager, downloadBytes, installedBytes, registers, command } = plan;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Download', downloadBytes === 0 ? 'nothing, it was fetched before' : sizeOf(downloadBytes)],
    ['On disk', sizeOf(installedBytes)],
  ];
  return (
    <>
      <dl className="offer-facts">
        <div>
          <dt>{packages.length === 1 ? 'Package' : 'Packages'}</dt>
          <dd>
            <span className="offer-package">{packages.join(', ')}</span>{' '}
            <span className="muted">
              {version}, with {manager}
            </span>
          </dd>
        </div>
        {facts.map(
          ([what, size]) =>
            size !== null && (
              <div key={what}>
                <dt>{what}</dt>
                <dd>{size}</dd>
              </div>
            ),
        )}
      </dl>
      <p>{registers}</p>
      {isOtherwise && <Command command={command} lead="In a terminal:" />}
    </>
  );
}

const sizeOf = (bytes: number | null): string | null => (bytes === null ? null : formatSize(bytes));

const Obstacle = ({ obstacle: { sentence, command } }: { readonly obstacle: InstallationObstacle }) => (
  <>
    <p className="offer-sentence">{sentence}</p>
    {command !== null && <Command command={command} />}
  </>
);
