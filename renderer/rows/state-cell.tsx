import { Circle, Cpu, Download, Hourglass, Minus, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RowState } from '../../electron/ipc/contract.ts';
import { controlOf, useStore } from '../store.ts';
import type { RowPart } from './row-cells.tsx';

const looks: Readonly<Record<RowState, { readonly className: string; readonly icon: ReactNode }>> = {
  Enabled: { className: 'state-good', icon: <Circle aria-hidden fill="currentColor" /> },
  Disabled: { className: '', icon: <Circle aria-hidden /> },
  'Not registered': { className: '', icon: <Minus aria-hidden /> },
  Native: { className: '', icon: <Cpu aria-hidden /> },
  'Not installed': { className: '', icon: <Download aria-hidden /> },
  Broken: { className: 'state-bad', icon: <TriangleAlert aria-hidden /> },
};

/** A row's state, with an icon: colour is never its only sign. */
export function StateCell({ table, row }: RowPart) {
  const isWaiting = useStore(
    (store) => store.activity.kind === 'asking' && store.pending.has(controlOf(table, row.name)),
  );
  const { className, icon } = looks[row.state];
  if (isWaiting) {
    return (
      <span className="state">
        <Hourglass aria-hidden />
        Waiting…
      </span>
    );
  }
  return (
    <span className={`state ${className}`}>
      {icon}
      {row.state}
    </span>
  );
}
