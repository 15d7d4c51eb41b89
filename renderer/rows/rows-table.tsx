import './rows.css';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import type { Row as RowData } from '../../electron/ipc/contract.ts';
import { controlOf, select, setView, type TableName, useStore } from '../store.ts';
import { flagsOf, type SortColumn } from '../view.ts';
import { InterpreterCell } from './interpreter-cell.tsx';
import { NameCell } from './name-cell.tsx';
import { RowMenu } from './row-menu.tsx';
import { RowSwitch } from './row-switch.tsx';
import { StateBadge } from './state-badge.tsx';

/** One of the two tables: a row for each target or format, with its switch and its menu. */
export function RowsTable({
  label,
  table,
  heading,
  rows,
  emptyText,
}: {
  readonly label: string;
  readonly table: TableName;
  readonly heading: string;
  readonly rows: readonly RowData[];
  readonly emptyText: ReactNode;
}) {
  const view = useStore((store) => store.view);
  const selected = useStore((store) => (store.selection?.table === table ? store.selection.name : null));
  // Only what a row is drawn from makes it draw again.
  const pending = useStore((store) => store.pending);
  const isAsking = useStore((store) => store.activity.kind === 'asking');
  const sortable = table === 'targets';
  return (
    <Table
      aria-label={label}
      className="rows"
      selectionMode="single"
      selectionBehavior="replace"
      selectedKeys={selected === null ? [] : [selected]}
      onSelectionChange={(keys) => {
        const [name] = keys === 'all' ? [] : keys;
        if (name !== undefined) select({ table, name: String(name) });
        else if (selected !== null) select(null);
      }}
      {...(sortable && {
        sortDescriptor: { column: view.sortBy, direction: view.sortDirection },
        onSortChange: ({ column, direction }) =>
          setView({ sortBy: column as SortColumn, sortDirection: direction }),
      })}
    >
      <TableHeader>
        <Column id="switch" className="column column-switch">
          <span className="visually-hidden">On or off</span>
        </Column>
        <SortableColumn id="name" className="column-name" sortable={sortable} isRowHeader>
          {heading}
        </SortableColumn>
        <SortableColumn id="state" className="column-state" sortable={sortable}>
          State
        </SortableColumn>
        <SortableColumn id="interpreter" className="column-interpreter" sortable={sortable}>
          Interpreter
        </SortableColumn>
        <SortableColumn id="flags" className="column-flags" sortable={sortable}>
          Flags
        </SortableColumn>
        <Column id="menu" className="column column-menu">
          <span className="visually-hidden">Actions</span>
        </Column>
      </TableHeader>
      <TableBody
        items={rows}
        dependencies={[pending, isAsking]}
        renderEmptyState={() => <div className="rows-empty">{emptyText}</div>}
      >
        {(row) => (
          <Row id={row.name} className="row" textValue={row.name}>
            <Cell className="cell column-switch">
              <RowSwitch table={table} row={row} isPending={pending.has(controlOf(table, row.name))} />
            </Cell>
            <NameCell row={row} />
            <Cell className="cell column-state">
              <StateBadge state={row.state} isWaiting={isAsking && pending.has(controlOf(table, row.name))} />
            </Cell>
            <Cell className="cell column-interpreter">
              <InterpreterCell row={row} />
            </Cell>
            <Cell className="cell column-flags">
              <Flags flags={flagsOf(row)} />
            </Cell>
            <Cell className="cell column-menu">
              <RowMenu table={table} row={row} />
            </Cell>
          </Row>
        )}
      </TableBody>
    </Table>
  );
}

function SortableColumn({
  id,
  className,
  sortable,
  isRowHeader = false,
  children,
}: {
  readonly id: SortColumn;
  readonly className: string;
  readonly sortable: boolean;
  readonly isRowHeader?: boolean;
  readonly children: string;
}) {
  return (
    <Column id={id} className={`column ${className}`} allowsSorting={sortable} isRowHeader={isRowHeader}>
      {({ sortDirection }) => (
        <span className="column-content">
          {children}
          {sortDirection === 'ascending' && <ArrowUp aria-hidden />}
          {sortDirection === 'descending' && <ArrowDown aria-hidden />}
        </span>
      )}
    </Column>
  );
}

function Flags({ flags }: { readonly flags: string }) {
  return [...flags].map((flag) => (
    <span key={flag} className="flag">
      {flag}
    </span>
  ));
}
