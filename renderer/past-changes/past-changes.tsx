import './past-changes.css';
import { X } from 'lucide-react';
import { Button, Heading } from 'react-aria-components';
import type { PastChange } from '../../electron/ipc/contract.ts';
import { TOOLBAR, undo } from '../actions/changes.ts';
import { closePastChanges } from '../actions/past-changes.ts';
import { formatTime } from '../format-time.ts';
import { useStore } from '../store.ts';
import { Overlay } from '../widgets/overlay.tsx';
import { Script } from '../widgets/script.tsx';

/** What was done, by whom and with what result; what can still be taken back has its Undo. */
export function PastChanges() {
  const changes = useStore((store) => store.pastChanges);
  if (changes === null) return null;
  return (
    <Overlay isWide onClose={closePastChanges}>
      <header className="dialog-header">
        <Heading slot="title">Past changes</Heading>
        <Button className="icon-button" aria-label="Close past changes" onPress={closePastChanges}>
          <X aria-hidden />
        </Button>
      </header>
      {changes.length === 0 ? (
        <p className="muted">Nothing was changed with this program yet.</p>
      ) : (
        <ol className="past-changes">
          {changes.map((change) => (
            <PastChangeItem key={change.id} change={change} />
          ))}
        </ol>
      )}
    </Overlay>
  );
}

function PastChangeItem({ change }: { readonly change: PastChange }) {
  const isBusy = useStore((store) => store.pending.has(TOOLBAR));
  const takeBack = (): void => {
    closePastChanges();
    undo(change.id);
  };
  return (
    <li className="past-change">
      <div className="past-change-head">
        <div>
          <p className={change.kind === 'failed' ? 'state-bad' : ''}>{change.message}</p>
          <p className="muted">
            <time dateTime={change.time}>{formatTime(change.time)}</time> · {change.who} ·{' '}
            {kindWords[change.kind]}
          </p>
        </div>
        {change.canUndo && (
          <Button
            className="button"
            aria-label={`Undo: ${change.message}`}
            isDisabled={isBusy}
            onPress={takeBack}
          >
            Undo
          </Button>
        )}
      </div>
      {change.details.length > 0 && (
        <ul className="past-change-details">
          {change.details.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
      )}
      <details className="disclosure">
        <summary>What ran</summary>
        <Script operations={change.operations} script={change.script} />
      </details>
    </li>
  );
}

const kindWords: Readonly<Record<PastChange['kind'], string>> = {
  done: 'done',
  failed: 'failed',
  dismissed: 'not permitted',
  unknown: 'result unknown',
};
