import type { GettingProgress } from '../../electron/ipc/contract.ts';
import { useStore } from '../store.ts';
import { ProgressBar } from '../widgets/progress-bar.tsx';
import type { GettingWork } from './getting-view.ts';
import { ToolOutput } from './tool-output.tsx';

type Installing = Extract<GettingProgress, { kind: 'installing' }>;

const phases: Readonly<Record<Installing['phase'], string>> = {
  starting: 'Starting…',
  refreshing: 'Downloading the lists of packages…',
  fetching: 'Downloading…',
  installing: 'Installing…',
};

/** How far the installation is, and what its tools say. */
export function InstallProgressView({ work }: { readonly work: GettingWork }) {
  const asks = useStore((store) => store.elevation.kind === 'prompt');
  const progress = work.progress?.kind === 'installing' ? work.progress : null;
  const { phase = 'starting', percent = null, lines = [] } = progress ?? {};
  const doing = work.isCancelled
    ? 'Cancelling…'
    : // The first word comes when permission was given.
      progress === null && asks
      ? 'Waiting for permission…'
      : phases[phase];
  return (
    <>
      <ProgressBar label={phases[phase]} done={percent ?? 0} total={percent === null ? 0 : 100} isLarge>
        <span className="getting-doing">{doing}</span>
        <span className="muted">{percent === null ? work.subject : `${Math.round(percent)} %`}</span>
      </ProgressBar>
      <ToolOutput lines={lines} isOpen />
    </>
  );
}
