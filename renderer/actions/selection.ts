import { flushSync } from 'react-dom';
import type { Row } from '../../electron/ipc/contract.ts';
import { type Selection, type Store, type TableName, useStore } from '../store.ts';
import { shownRows } from '../view.ts';

const { getState: get, setState: set } = useStore;

export const select = (selection: Selection | null): void =>
  set({ selection: selection?.names.size === 0 ? null : selection });

/** The selected rows that a person sees, in the table's order: all that is ever acted on. */
export function selectedRows(store: Store): readonly Row[] {
  const { selection } = store;
  if (selection === null) return noRows;
  return shownRows(store, selection.table).filter((row) => selection.names.has(row.name));
}

const noRows: readonly Row[] = [];

/** Selects all rows of a table that a person sees. */
export function selectAll(table: TableName): void {
  const names = new Set(shownRows(get(), table).map((row) => row.name));
  // Drawn before the focus goes there: to a table that shows none selected, react-aria would select its first row.
  flushSync(() => select({ table, names }));
  focusTable(table);
}

/** What Select All means where the focus is: the text of a field, or the rows of the table last used. */
export function selectAllHere(): void {
  const focused = document.activeElement;
  if (isField(focused)) focused.select();
  else if (!isDialogOpen()) selectAll(get().selection?.table ?? 'targets');
}

const isDialogOpen = (): boolean => document.querySelector('[role="dialog"]') !== null;

const isField = (element: Element | null): element is HTMLInputElement | HTMLTextAreaElement =>
  element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;

// Chromium selects the page's text by itself where nothing else takes the key: it never reaches the menu.
document.addEventListener('keydown', (event) => {
  const isSelectAll = event.key === 'a' && event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!isSelectAll || event.defaultPrevented || isField(document.activeElement) || isDialogOpen()) return;
  event.preventDefault();
  selectAllHere();
});

export function clearSelection(): void {
  const table = get().selection?.table;
  select(null);
  if (table !== undefined) focusTable(table);
}

/** Puts the focus on the row that had it last, so that the keyboard goes on from there. */
export const focusTable = (table: TableName): void =>
  document.querySelector<HTMLElement>(`[data-table="${table}"]`)?.focus();
