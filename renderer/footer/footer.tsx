import './footer.css';
import { CircleCheck, CircleSlash, TriangleAlert, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { dismissResult, type ShownResult, TOOLBAR, undo, useStore } from '../store.ts';

/** What just happened, and the way back. */
export function Footer() {
  const result = useStore((store) => store.result);
  const failed = result?.kind === 'failed';
  return (
    <footer className="footer">
      {/* Both regions are always there: screen readers announce what changes inside. */}
      <div role="status" className="footer-result">
        {result !== null && !failed && <ResultText result={result} />}
      </div>
      {result === null && <Summary />}
      {failed && (
        <div role="alert" className="footer-result">
          <ResultText result={result} />
        </div>
      )}
      {result !== null && <ResultButtons result={result} />}
    </footer>
  );
}

/** Says, while nothing happens, whether all is well. */
function Summary() {
  const { targets, binfmtMisc } = useStore((store) => store.snapshot);
  if (binfmtMisc !== 'on') return null;
  const enabled = targets.filter((row) => row.state === 'Enabled').length;
  const broken = targets.filter((row) => row.state === 'Broken').length;
  return (
    <p className="footer-result muted">
      {enabled === 1 ? '1 target' : `${enabled} targets`} enabled,{' '}
      {broken === 0 ? 'no problems' : `${broken} broken`}
    </p>
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
    <div className="footer-buttons">
      {result.undo !== null && (
        <Button className="button button-link" isDisabled={isBusy} onPress={undo}>
          Undo
        </Button>
      )}
      <Button className="icon-button" aria-label="Dismiss message" onPress={dismissResult}>
        <X aria-hidden />
      </Button>
    </div>
  );
}
