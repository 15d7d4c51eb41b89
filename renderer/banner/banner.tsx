import './banner.css';
import { CircleOff, Lock, Plug, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { BinfmtMiscState } from '../../electron/ipc/contract.ts';
import { change, MASTER_SWITCH } from '../actions/changes.ts';
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

const explanations: Readonly<
  Record<Exclude<BinfmtMiscState, 'on'>, { readonly title: string; readonly text: string }>
> = {
  unsupported: {
    title: 'This kernel has no binfmt_misc',
    text:
      'It is neither built in nor there as a module, so programs of other CPUs cannot be handed to QEMU. ' +
      'Install your distribution’s standard kernel, then try: sudo modprobe binfmt_misc',
  },
  'not-loaded': {
    title: 'The kernel module binfmt_misc is not loaded',
    text: 'Nothing is registered and no program of another CPU runs. Mounting loads the module first.',
  },
  'not-mounted': {
    title: 'binfmt_misc is not mounted',
    text: 'Until it is, nothing can be registered and no program of another CPU runs.',
  },
  off: {
    title: 'binfmt_misc is switched off',
    text: 'The kernel ignores every format below, enabled or not. No program of another CPU runs.',
  },
};

function BinfmtMiscBanner() {
  const state = useStore((store) => store.snapshot.binfmtMisc);
  const isBusy = useStore((store) => store.pending.has(MASTER_SWITCH));
  const canChange = useStore((store) => store.elevation.kind !== 'unavailable');
  if (state === 'on') return null;
  const { title, text } = explanations[state];
  return (
    <Notice
      icon={state === 'off' ? <CircleOff aria-hidden /> : <TriangleAlert aria-hidden />}
      title={title}
      action={
        state === 'unsupported' ? null : (
          <Button
            className="button button-primary"
            isDisabled={isBusy || !canChange}
            onPress={() =>
              void change(
                state === 'off' ? { kind: 'switch-master', on: true } : { kind: 'mount' },
                MASTER_SWITCH,
              )
            }
          >
            <Plug aria-hidden />
            {state === 'off' ? 'Switch on' : 'Mount'}
          </Button>
        )
      }
    >
      {text}
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
