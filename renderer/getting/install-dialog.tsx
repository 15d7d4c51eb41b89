import './getting.css';
import { CircleCheck, CircleSlash, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { InstallResult } from '../../electron/ipc/contract.ts';
import { closeGetting, install } from '../actions/getting.ts';
import { useStore } from '../store.ts';
import { FormDialog } from '../widgets/form-dialog.tsx';
import { Command } from './command.tsx';
import type { GettingView } from './getting-view.ts';
import { InstallButtons } from './install-buttons.tsx';
import { InstallProgressView } from './install-progress.tsx';
import { OfferText } from './offer.tsx';
import { ToolOutput } from './tool-output.tsx';

/** QEMU from the distribution: what would be installed, how far that is, what came of it. */
export default function InstallDialog() {
  const getting = useStore((store) => store.getting);
  const { note } = getting;
  return (
    <FormDialog
      title="Install QEMU"
      failure={note?.kind === 'failed' ? { message: note.sentence, details: note.details } : null}
      buttons={<InstallButtons getting={getting} />}
      onSubmit={() => void install()}
      onClose={closeGetting}
    >
      <Content getting={getting} />
    </FormDialog>
  );
}

function Content({ getting: { work, installed, note } }: { readonly getting: GettingView }) {
  if (work?.kind === 'installing') return <InstallProgressView work={work} />;
  if (installed !== null) return <Ended installed={installed} />;
  return (
    <div>
      <OfferText />
      <p role="status" className="getting-note">
        {note?.kind === 'stopped' && note.sentence}
      </p>
    </div>
  );
}

const icons: Readonly<Record<InstallResult['kind'], ReactNode>> = {
  installed: <CircleCheck aria-hidden className="state-good" />,
  stopped: <CircleSlash aria-hidden />,
  failed: <TriangleAlert aria-hidden className="state-bad" />,
};

function Ended({ installed: { kind, sentence, command, lines } }: { readonly installed: InstallResult }) {
  return (
    <>
      <div role={kind === 'failed' ? 'alert' : 'status'} className="getting-ended">
        {icons[kind]}
        <p>{sentence}</p>
        {command !== null && <Command command={command} lead="Or in a terminal:" />}
      </div>
      <ToolOutput lines={lines} isOpen={kind === 'failed'} />
    </>
  );
}
