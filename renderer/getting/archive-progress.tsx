import { useStore } from '../store.ts';
import { ProgressBar } from '../widgets/progress-bar.tsx';
import type { GettingWork } from './getting-view.ts';

/** How far reading an archive, or unpacking what is chosen of it, is. */
export function ArchiveProgress({ work }: { readonly work: GettingWork }) {
  const isAsking = useStore((store) => store.activity.kind === 'asking');
  const { kind, subject, progress, isCancelled } = work;
  const fraction = progress !== null && progress.kind !== 'installing' ? progress.fraction : 0;
  // A folder is read without telling how far; after unpacking somebody is asked, and root copies.
  const isKnown = fraction > 0 && fraction < 1;
  return (
    <ProgressBar label={doings[kind]} done={fraction} total={isKnown ? 1 : 0} isLarge>
      <span className="getting-doing">
        {isCancelled
          ? 'Cancelling…'
          : kind === 'listing'
            ? 'Looking for emulators…'
            : isAsking
              ? 'Waiting for permission…'
              : isKnown
                ? 'Unpacking…'
                : 'Installing…'}
      </span>
      <span className="muted archive-subject">{subject}</span>
    </ProgressBar>
  );
}

const doings = { installing: 'Installing', listing: 'Looking for emulators', placing: 'Installing' } as const;
