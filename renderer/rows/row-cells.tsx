import type { FunctionComponent } from 'react';
import { Cell } from 'react-aria-components';
import type { Row } from '../../electron/ipc/contract.ts';
import { rowNamed, type TableName, useStore } from '../store.ts';
import { flagsOf } from '../view.ts';
import { InterpreterCell } from './interpreter-cell.tsx';
import { RowMenu } from './row-menu.tsx';
import { RowSwitch } from './row-switch.tsx';
import { StateCell } from './state-cell.tsx';

/** What a part of a row is drawn from. */
export interface RowPart {
  readonly table: TableName;
  readonly row: Row;
}

/** The cells of a row, in the order of the columns. */
export function rowCells(place: { readonly table: TableName; readonly name: string }) {
  return [
    <Cell key="switch" className="cell column-switch">
      <Live {...place} part={RowSwitch} />
    </Cell>,
    <Cell
      key="name"
      className="cell column-name"
      textValue={place.name}
      ref={(cell) => nameCell(cell, place)}
    >
      <Live {...place} part={NameAndLabel} />
    </Cell>,
    <Cell key="state" className="cell column-state">
      <Live {...place} part={StateCell} />
    </Cell>,
    <Cell key="interpreter" className="cell column-interpreter">
      <Live {...place} part={InterpreterCell} />
    </Cell>,
    <Cell key="flags" className="cell column-flags">
      <Live {...place} part={Flags} />
    </Cell>,
    <Cell key="menu" className="cell column-menu">
      <Live {...place} part={RowMenu} />
    </Cell>,
  ];
}

/** Draws a part of a row anew when that row changes, and only then. */
function Live({
  table,
  name,
  part: Part,
}: {
  readonly table: TableName;
  readonly name: string;
  readonly part: FunctionComponent<RowPart>;
}) {
  const row = useStore((store) => rowNamed(store.snapshot, table, name));
  return row === undefined ? null : <Part table={table} row={row} />;
}

/** A row is called by its name alone and described by its label; react-aria gives a cell no name to set. */
function nameCell(cell: HTMLElement | null, { table, name }: { table: TableName; name: string }): void {
  cell?.setAttribute('aria-label', name);
  cell?.setAttribute('aria-description', rowNamed(useStore.getState().snapshot, table, name)?.label ?? '');
}

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
