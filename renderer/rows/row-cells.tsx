import type { FunctionComponent } from 'react';
import { Cell } from 'react-aria-components';
import { rowNamed } from '../selectors.ts';
import { type TableName, useStore } from '../store.ts';
import { columns, type RowPart } from './columns.tsx';

/** The cells of a row, in the order of the columns. */
export function rowCells(place: { readonly table: TableName; readonly name: string }) {
  return columns.map(({ id, part }) => (
    <Cell
      key={id}
      className={`cell column-${id}`}
      {...(id === 'name' && {
        textValue: place.name,
        ref: (cell: HTMLElement | null) => nameCell(cell, place),
      })}
    >
      <Live {...place} part={part} />
    </Cell>
  ));
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
