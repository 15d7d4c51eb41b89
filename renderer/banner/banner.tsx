import './banner.css';
import { CircleOff, Lock, Plug, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { obstacleOf } from '../../electron/ipc/contract.ts';
import { act } from '../actions/act.ts';
import { MASTER_SWITCH } from '../actions/changes.ts';
import { InstallPanel } from '../getting/install-panel.tsx';
import { useStore } from '../store.ts';

/** What holds for the whole system and stands in the way; nothing when all is well. */
export function Banner() {
  return (
    <>
      <ElevationBanner />
      <BinfmtMiscBanner />
      <InstallPanel />
    </>
  );
}

function ElevationBanner() {
  const elevation = useStore((store) => store.elevation);
  if (elevation.kind !== 'unavailable') return null;
  return (
    <Notice icon={<Lock aria-hidden />} title="You can look, but not change anything">
      {elevation.reason}
    </Notice>
  );
}

function BinfmtMiscBanner() {
  const obstacle = useStore((store) => obstacleOf(store.snapshot.findings));
  const isBusy = useStore((store) => store.pending.has(MASTER_SWITCH));
  const canChange = useStore((store) => store.elevation.kind !== 'unavailable');
  if (obstacle === null) return null;
  const { id, sentence, detail, action } = obstacle;
  return (
    <Notice
      icon={id === 'master-switch-off' ? <CircleOff aria-hidden /> : <TriangleAlert aria-hidden />}
      title={sentence.replace(/\.$/, '')}
      action={
        action !== null && (
          <Button
            className="button button-primary"
            isDisabled={isBusy || !canChange}
            onPress={() => void act(action, MASTER_SWITCH)}
          >
            <Plug aria-hidden />
            {action.label}
          </Button>
        )
      }
    >
      {detail}
    </Notice>
  );
}

function Notice({
  icon,
  title,
  action,
  children,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="banner" aria-label={title}>
      {icon}
      <div className="banner-text">
        <h2>{title}</h2>
        <p>{children}</p>
      </div>
      {action}
    </section>
  );
}
