import type { FunctionComponent } from 'react';
import type { Row } from '../../electron/ipc/contract.ts';
import { BootCell } from '../boot/boot-cell.tsx';
import type { TableName } from '../store.ts';
import { flagsOf, type SortColumn } from '../view.ts';
import { InterpreterCell } from './interpreter-cell.tsx';
import { RowMenu } from './row-menu.tsx';
import { RowSwitch } from './row-switch.tsx';
import { StateCell } from './state-cell.tsx';

/** What a part of a row is drawn from. */
export interface RowPart {
  readonly table: TableName;
  readonly row: Row;
}

/** A column of both tables; `column-ID` is the class of its cells. */
export type RowsColumn = { readonly part: FunctionComponent<RowPart> } & (
  | { readonly id: SortColumn; readonly title: string; readonly isSortable: true }
  /** Its title is for screen readers alone. */
  | { readonly id: 'switch' | 'menu'; readonly title: string; readonly isSortable: false }
);

/** In the order of the window. */
export const columns: readonly RowsColumn[] = [
  { id: 'switch', title: 'On or off', isSortable: false, part: RowSwitch },
  { id: 'name', title: 'Target', isSortable: true, part: NameAndLabel },
  { id: 'state', title: 'State', isSortable: true, part: StateCell },
  { id: 'interpreter', title: 'Interpreter', isSortable: true, part: InterpreterCell },
  { id: 'flags', title: 'Flags', isSortable: true, part: Flags },
  { id: 'boot', title: 'At boot', isSortable: true, part: BootCell },
  { id: 'menu', title: 'Actions', isSortable: false, part: RowMenu },
];

function NameAndLabel({ row }: RowPart) {
  return (
    <>
      <span className="row-name">{row.name}</span>
      <span className="row-label" title={row.label}>
        {row.label}
      </span>
    </>
  );
}

function Flags({ row }: RowPart) {
  return [...flagsOf(row)].map((flag) => (
    <span key={flag} className="flag">
      {flag}
    </span>
  ));
}
