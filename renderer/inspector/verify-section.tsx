import { Button } from 'react-aria-components';
import type { Row, VerifiedTarget } from '../../electron/ipc/contract.ts';
import { verificationOf, verify } from '../actions/verify.ts';
import { formatMoment } from '../format-time.ts';
import { useStore } from '../store.ts';
import { useToday } from '../use-today.ts';
import { lookOf } from '../verification-look.ts';
import { Section } from './section.tsx';

/** Whether a program of the target was seen to run, and a way to see it. */
export function VerifySection({ row }: { readonly row: Row }) {
  const isVerifying = useStore((store) => store.verifying.has(row.name));
  const verified = useStore((store) => verificationOf(store, row));
  const caption = verified === null ? 'Verify' : 'Verify again';
  return (
    <Section
      title="Verified"
      action={
        <Button
          className="button button-link"
          aria-label={`${caption} ${row.name}`}
          isDisabled={isVerifying}
          onPress={() => void verify([row.name])}
        >
          {caption}
        </Button>
      }
    >
      {isVerifying ? (
        <p className="muted">The kernel is running a program of {row.name}…</p>
      ) : verified === null ? (
        <p className="muted">
          Not yet: nobody has seen a program of {row.name} run with what is registered now.
        </p>
      ) : (
        <Result verified={verified} />
      )}
    </Section>
  );
}

function Result({ verified: { verification, time } }: { readonly verified: VerifiedTarget }) {
  const moment = formatMoment(time, useToday());
  const { icon: Icon, className } = lookOf(verification);
  return (
    <div className="verify-result">
      <Icon aria-hidden className={className} />
      {verification.verdict === 'passed' ? (
        <p>
          A program of {verification.target} ran {moment}, in {Math.round(verification.milliseconds)} ms.
        </p>
      ) : (
        <div>
          <p>{verification.explanation}</p>
          <p className="muted">Tried {moment}.</p>
        </div>
      )}
    </div>
  );
}
