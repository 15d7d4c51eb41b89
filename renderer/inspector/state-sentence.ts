import {
  describeState,
  isNameTaken,
  type Row,
  type RowState,
  type Snapshot,
} from '../../electron/ipc/contract.ts';

/** What a row's state means in practice and what to do about it, in one or two sentences. */
export const stateSentence = (row: Row, snapshot: Snapshot): string =>
  [describeState(row, snapshot), isNameTaken(row, snapshot) ? '' : adviceFor(row)].join(' ').trimEnd();

function adviceFor({ state, isTarget }: Row): string {
  const advice: Readonly<Partial<Record<RowState, string>>> = {
    Disabled: isTarget ? 'Switch it on to run them.' : 'Switch it on to use it.',
    'Not registered': 'Switch it on to register it.',
    'Not installed': 'Install QEMU’s user-mode emulators, then switch it on.',
  };
  return advice[state] ?? '';
}
