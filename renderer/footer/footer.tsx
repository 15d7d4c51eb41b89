import './footer.css';
import { CircleCheck, CircleSlash, History, Hourglass, KeyRound, TriangleAlert, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Activity } from '../../electron/ipc/contract.ts';
import { askToApplyBoot } from '../actions/boot.ts';
import { cancelPrompt, TOOLBAR, undo } from '../actions/changes.ts';
import { showPastChanges } from '../actions/past-changes.ts';
import { dismissResult, type ShownResult, useStore } from '../store.ts';
import { countOf } from '../view.ts';
import { ACTIVITY_ID } from '../widgets/waiting.tsx';

/** What just happened, and the way back. */
export function Footer() {
  const result = useStore((store) => store.result);
  const activity = useStore((store) => store.activity);
  const isIdle = activity.kind === 'idle';
  const failed = isIdle && result?.kind === 'failed';
  return (
    <footer className="footer">
      {/* Both regions are always there: screen readers announce what changes inside. */}
      <div role="status" className="footer-result">
        {!isIdle ? (
          <UnderWay activity={activity} />
        ) : (
          result !== null && !failed && <ResultText result={result} />
        )}
      </div>
      {result === null && isIdle && <Summary />}
      {failed && (
        <div role="alert" className="footer-result">
          <ResultText result={result} />
        </div>
      )}
      <div className="footer-buttons">
        {activity.kind === 'asking' && (
          <Button className="button button-link" onPress={cancelPrompt}>
            Cancel request
          </Button>
        )}
        {result !== null && isIdle && <ResultButtons result={result} />}
        <Button className="icon-button" aria-label="Past changes" onPress={showPastChanges}>
          <History aria-hidden />
        </Button>
      </div>
    </footer>
  );
}

/** Somebody is asked for the password, which can take as long as a person likes; or has given it, and root is at work. */
function UnderWay({
  activity: { kind, changes, waiting },
}: {
  readonly activity: Exclude<Activity, { kind: 'idle' }>;
}) {
  return (
    <>
      {kind === 'asking' ? <KeyRound aria-hidden /> : <Hourglass aria-hidden />}
      <p id={ACTIVITY_ID}>
        {kind === 'asking'
          ? 'Waiting for permission…'
          : changes === 1
            ? 'Making the change…'
            : `Making ${changes} changes…`}
        {waiting > 0 &&
          ` ${waiting} more ${waiting === 1 ? 'change waits' : 'changes wait'} for the next request.`}
      </p>
    </>
  );
}

/** Says, while nothing happens, whether all is well. */
function Summary() {
  const snapshot = useStore((store) => store.snapshot);
  if (snapshot.binfmtMisc !== 'on') return null;
  const enabled = countOf('enabled', snapshot);
  return (
    <div className="footer-result muted">
      <p>
        {enabled === 1 ? '1 target' : `${enabled} targets`} enabled,{' '}
        {problemsInWords(countOf('problems', snapshot))}
      </p>
      <BrokenBootFiles />
    </div>
  );
}

function problemsInWords(count: number): string {
  if (count === 0) return 'no problems';
  return count === 1 ? '1 problem' : `${count} problems`;
}

/** That lines of boot files register nothing; the dialog names them. */
function BrokenBootFiles() {
  const count = useStore(
    (store) => store.snapshot.findings.filter(({ id }) => id === 'boot-file-broken').length,
  );
  if (count === 0) return null;
  return (
    <Button className="button button-link" onPress={askToApplyBoot}>
      {count === 1 ? '1 boot file has' : `${count} boot files have`} refused lines
    </Button>
  );
}

const icons = {
  done: <CircleCheck aria-hidden className="state-good" />,
  failed: <TriangleAlert aria-hidden className="state-bad" />,
  dismissed: <CircleSlash aria-hidden />,
} as const;

function ResultText({ result }: { readonly result: ShownResult }) {
  return (
    <>
      {icons[result.kind]}
      <div key={result.serial} className="footer-text">
        <p>{result.message}</p>
        {result.details.length > 0 && (
          <ul className="footer-details">
            {result.details.map((detail) => (
              <li key={detail}>{detail}</li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

function ResultButtons({ result }: { readonly result: ShownResult }) {
  const isBusy = useStore((store) => store.pending.has(TOOLBAR));
  return (
    <>
      {result.isExport === true && (
        <Button className="button button-link" onPress={() => void window.binfmt.showExported()}>
          Show in folder
        </Button>
      )}
      {result.undo !== null && (
        <Button className="button button-link" isDisabled={isBusy} onPress={() => undo()}>
          Undo
        </Button>
      )}
      <Button className="icon-button" aria-label="Dismiss message" onPress={dismissResult}>
        <X aria-hidden />
      </Button>
    </>
  );
}
