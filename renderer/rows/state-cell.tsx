import { Circle, CircleAlert, Cpu, Download, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Row, RowState } from '../../electron/ipc/contract.ts';
import { controlOf } from '../actions/changes.ts';
import { verificationOf } from '../actions/verify.ts';
import { formatBriefly, formatMoment } from '../format-time.ts';
import { useStore } from '../store.ts';
import { useToday } from '../use-today.ts';
import { lookOf } from '../verification-look.ts';
import { problemOf } from '../view.ts';
import { SeverityIcon } from '../widgets/severity-icon.tsx';
import { useIsWaiting, Waiting } from '../widgets/waiting.tsx';
import type { RowPart } from './columns.tsx';

const looks: Readonly<Record<RowState, { readonly className: string; readonly icon: ReactNode }>> = {
  Enabled: { className: 'state-good', icon: <Circle aria-hidden fill="currentColor" /> },
  Disabled: { className: '', icon: <Circle aria-hidden /> },
  'Not registered': { className: '', icon: <Minus aria-hidden /> },
  Native: { className: '', icon: <Cpu aria-hidden /> },
  'Not installed': { className: '', icon: <Download aria-hidden /> },
  Broken: { className: 'state-bad', icon: <CircleAlert aria-hidden /> },
};

/** A row's state, with an icon: colour is never its only sign. */
export function StateCell({ table, row }: RowPart) {
  const isWaiting = useIsWaiting(controlOf(table, row.name));
  const { className, icon } = looks[row.state];
  if (isWaiting) return <Waiting />;
  return (
    <span className={`state ${className}`}>
      {icon}
      {row.state}
      <ProblemMark row={row} />
      <VerifiedMark row={row} />
    </span>
  );
}

/** How grave it is what is to be known about a row that looks well: its details say what. */
function ProblemMark({ row }: { readonly row: Row }) {
  const problem = useStore((store) => problemOf(store.snapshot.findings, row));
  return problem === null || row.state === 'Broken' ? null : <SeverityIcon severity={problem} />;
}

/** When what is registered now was last proven to work, or not to. */
function VerifiedMark({ row }: { readonly row: Row }) {
  const isVerifying = useStore((store) => store.verifying.has(row.name));
  const verified = useStore((store) => verificationOf(store, row));
  const today = useToday();
  if (isVerifying) return <span className="state-mark">verifying…</span>;
  if (verified === null) return null;
  const { icon: Icon, words, className } = lookOf(verified.verification);
  const says = `${words} ${formatMoment(verified.time, today)}`;
  return (
    <span className={`state-mark ${className}`} title={says}>
      <Icon role="img" aria-label={says} />
      {formatBriefly(verified.time, today)}
    </span>
  );
}
