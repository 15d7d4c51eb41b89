import './rows.css';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo, type ReactNode, useMemo } from 'react';
import { Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { select, setView, type TableName, useStore } from '../store.ts';
import type { SortColumn } from '../view.ts';
import { rowCells } from './row-cells.tsx';

/**
 * One of the two tables: a row for each name, with its switch and its menu. The table itself depends on the
 * names and their order only; what a row shows, its cells look up, so that a change draws the cells it changes.
 */
export const RowsTable = memo(function RowsTable({
  label,
  table,
  heading,
  names,
  emptyText,
}: {
  readonly label: string;
  readonly table: TableName;
  readonly heading: string;
  /** The same array as long as it holds the same. */
  readonly names: readonly string[];
  readonly emptyText: ReactNode;
}) {
  const sortBy = useStore((store) => store.view.sortBy);
  const direction = useStore((store) => store.view.sortDirection);
  const selected = useStore((store) => (store.selection?.table === table ? store.selection.name : null));
  const items = useMemo(() => names.map((name) => ({ name })), [names]);
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
        sortDescriptor: { column: sortBy, direction },
        onSortChange: (sort) => setView({ sortBy: sort.column as SortColumn, sortDirection: sort.direction }),
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
      <TableBody items={items} renderEmptyState={() => <div className="rows-empty">{emptyText}</div>}>
        {({ name }) => (
          <Row id={name} className="row" textValue={name}>
            {rowCells({ table, name })}
          </Row>
        )}
      </TableBody>
    </Table>
  );
});

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
