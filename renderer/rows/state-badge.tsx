import { Circle, Cpu, Download, Hourglass, Minus, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RowState } from '../../electron/ipc/contract.ts';

const looks: Readonly<Record<RowState, { readonly className: string; readonly icon: ReactNode }>> = {
  Enabled: { className: 'state-good', icon: <Circle aria-hidden fill="currentColor" /> },
  Disabled: { className: '', icon: <Circle aria-hidden /> },
  'Not registered': { className: '', icon: <Minus aria-hidden /> },
  Native: { className: '', icon: <Cpu aria-hidden /> },
  'Not installed': { className: '', icon: <Download aria-hidden /> },
  Broken: { className: 'state-bad', icon: <TriangleAlert aria-hidden /> },
};

/** A row's state, with an icon: colour is never its only sign. */
export function StateBadge({
  state,
  isWaiting,
}: {
  readonly state: RowState;
  /** A change of it waits for somebody's permission. */
  readonly isWaiting: boolean;
}) {
  if (isWaiting) {
    return (
      <span className="state">
        <Hourglass aria-hidden />
        Waiting…
      </span>
    );
  }
  const { className, icon } = looks[state];
  return (
    <span className={`state ${className}`}>
      {icon}
      {state}
    </span>
  );
}
