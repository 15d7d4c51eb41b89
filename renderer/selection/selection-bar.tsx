import './selection.css';
import { Ellipsis, ListChecks } from 'lucide-react';
import { useId } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover, Toolbar } from 'react-aria-components';
import { useShallow } from 'zustand/react/shallow';
import type { Row } from '../../electron/ipc/contract.ts';
import { TOOLBAR } from '../actions/changes.ts';
import { clearSelection, focusTable, selectAll, selectedRows } from '../actions/selection.ts';
import { type Selection, type TableName, useStore } from '../store.ts';
import { shownRows } from '../view.ts';
import { controlsOf, type SelectionAction, selectionActions } from './selection-actions.tsx';

/** Whether so many rows are selected that there is a bar for them. */
export const useHasSelectionBar = (): boolean => useStore((store) => selectedRows(store).length > 1);

/** What can be done with the selected rows that a person sees. */
export function SelectionBar() {
  const selection = useStore((store) => store.selection);
  const rows = useStore(useShallow(selectedRows));
  return selection === null ? null : <Bar selection={selection} rows={rows} />;
}

function Bar({ selection, rows }: { readonly selection: Selection; readonly rows: readonly Row[] }) {
  const { table, names } = selection;
  const shown = useStore((store) => shownRows(store, table).length);
  const present = useStore(({ snapshot }) => snapshot[table].filter((row) => names.has(row.name)).length);
  const actions = selectionActions.filter((action) => action.tables.some((one) => one === table));
  return (
    <Toolbar aria-label="Selection" className="selection-bar">
      <span className="selection-count">
        {rows.length} selected
        {present > rows.length && <span className="selection-hidden">, {present - rows.length} hidden</span>}
      </span>
      {actions.map((action) => (
        <ActionButton key={action.label} action={action} table={table} rows={rows} />
      ))}
      <MoreActions
        actions={actions.filter(({ room }) => room !== 'any')}
        table={table}
        rows={rows}
        shown={shown}
      />
      <span className="selection-end">
        {rows.length < shown && (
          <Button className="button button-link selection-from-medium" onPress={() => selectAll(table)}>
            Select all {shown} shown
          </Button>
        )}
        <Button className="button button-link" onPress={clearSelection}>
          Clear
        </Button>
      </span>
    </Toolbar>
  );
}

interface BarPart {
  readonly table: TableName;
  /** The selected ones. */
  readonly rows: readonly Row[];
}

/** What the action affects, whether it can be done, and doing it. */
function useAction(action: SelectionAction, { table, rows }: BarPart) {
  const snapshot = useStore((store) => store.snapshot);
  const isPossible = useStore((store) => action.isPossible(store) && !store.pending.has(TOOLBAR));
  const affected = action.affects(rows, snapshot);
  const act = async (): Promise<void> => {
    await action.act(affected, { snapshot, controls: controlsOf(table, affected) });
    // A button that nothing is left for loses the focus.
    if (document.activeElement === document.body) focusTable(table);
  };
  return { affected: affected.length, isDisabled: !isPossible || affected.length === 0, act };
}

function ActionButton({ action, ...part }: BarPart & { readonly action: SelectionAction }) {
  const { affected, isDisabled, act } = useAction(action, part);
  const description = useId();
  const isPart = affected > 0 && affected < part.rows.length;
  return (
    <Button
      className={`selection-action selection-from-${action.room}`}
      isDisabled={isDisabled}
      {...(isPart && { 'aria-describedby': description })}
      onPress={() => void act()}
    >
      {action.label}
      {isPart && (
        <>
          <span aria-hidden className="selection-part">
            {affected}
          </span>
          <span hidden id={description}>
            {affected} of the {part.rows.length} selected
          </span>
        </>
      )}
    </Button>
  );
}

/** What has no room in the bar. */
function MoreActions({
  actions,
  shown,
  ...part
}: BarPart & { readonly actions: readonly SelectionAction[]; readonly shown: number }) {
  const fits = actions.some(({ room }) => room === 'wide') ? 'wide' : 'medium';
  return (
    <MenuTrigger>
      <Button className={`icon-button selection-below-${fits}`} aria-label="More actions for the selection">
        <Ellipsis aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label="More actions for the selection">
          {actions.map((action) => (
            <MoreAction key={action.label} action={action} {...part} />
          ))}
          <MenuItem
            className="menu-item"
            isDisabled={part.rows.length === shown}
            onAction={() => selectAll(part.table)}
          >
            <ListChecks aria-hidden />
            Select all {shown} shown
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function MoreAction({ action, ...part }: BarPart & { readonly action: SelectionAction }) {
  const { isDisabled, act } = useAction(action, part);
  return (
    <MenuItem className="menu-item" isDisabled={isDisabled} onAction={() => void act()}>
      {action.icon}
      {action.label}
    </MenuItem>
  );
}
