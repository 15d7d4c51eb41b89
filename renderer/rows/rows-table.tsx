import './rows.css';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo, type ReactNode, useMemo } from 'react';
import { Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { select } from '../actions/selection.ts';
import { setView, type TableName, useStore } from '../store.ts';
import type { SortColumn } from '../view.ts';
import { columns, type RowsColumn } from './columns.tsx';
import { rowCells } from './row-cells.tsx';

interface RowsTableProps {
  readonly label: string;
  readonly table: TableName;
  readonly heading: string;
  /** The same array as long as it holds the same. */
  readonly names: readonly string[];
  readonly emptyText: ReactNode;
}

/**
 * One of the two tables: a row for each name, with its switch and its menu. The table itself depends on the
 * names and their order only; what a row shows, its cells look up, so that a change draws the cells it changes.
 */
export const RowsTable = memo(function RowsTable(props: RowsTableProps) {
  const { label, table, heading, names, emptyText } = props;
  const sortBy = useStore((store) => store.view.sortBy);
  const direction = useStore((store) => store.view.sortDirection);
  const selected = useStore((store) => (store.selection?.table === table ? store.selection.names : none));
  const isSortable = table === 'targets';
  // The same elements as before: what is selected does not change what react-aria collects.
  const content = useMemo(
    () => tableContent({ table, heading, names, emptyText, isSortable }),
    [table, heading, names, emptyText, isSortable],
  );
  return (
    <Table
      aria-label={label}
      data-table={table}
      className="rows"
      selectionMode="multiple"
      selectionBehavior="replace"
      selectedKeys={selected}
      // Rows are called by strings alone.
      onSelectionChange={(keys) =>
        select({ table, names: keys === 'all' ? new Set(names) : (keys as Set<string>) })
      }
      {...(isSortable && {
        sortDescriptor: { column: sortBy, direction },
        onSortChange: (sort) => setView({ sortBy: sort.column as SortColumn, sortDirection: sort.direction }),
      })}
    >
      {content}
    </Table>
  );
});

const none: ReadonlySet<string> = new Set();

function tableContent({
  table,
  heading,
  names,
  emptyText,
  isSortable,
}: Omit<RowsTableProps, 'label'> & { readonly isSortable: boolean }) {
  return (
    <>
      <TableHeader>
        {columns.map((column) => (
          <HeaderColumn
            key={column.id}
            column={column}
            title={column.id === 'name' ? heading : column.title}
            isSortable={isSortable && column.isSortable}
          />
        ))}
      </TableHeader>
      <TableBody
        items={names.map((name) => ({ name }))}
        renderEmptyState={() => <div className="rows-empty">{emptyText}</div>}
      >
        {({ name }) => (
          <Row id={name} className="row" textValue={name}>
            {rowCells({ table, name })}
          </Row>
        )}
      </TableBody>
    </>
  );
}

function HeaderColumn({
  column: { id, isSortable: hasTitle },
  title,
  isSortable,
}: {
  readonly column: RowsColumn;
  readonly title: string;
  readonly isSortable: boolean;
}) {
  return (
    <Column id={id} className={`column column-${id}`} allowsSorting={isSortable} isRowHeader={id === 'name'}>
      {({ sortDirection }) => (
        <span className={hasTitle ? 'column-content' : 'visually-hidden'}>
          {title}
          {sortDirection === 'ascending' && <ArrowUp aria-hidden />}
          {sortDirection === 'descending' && <ArrowDown aria-hidden />}
        </span>
      )}
    </Column>
  );
}
