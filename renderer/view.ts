import { compareAtBoot, type Finding, type Row, type Snapshot, worstOf } from '../electron/ipc/contract.ts';
import { isOneOf, recall, remember } from './remembered.ts';

export type Filter = 'all' | 'enabled' | 'registered' | 'problems';
export type SortColumn = 'name' | 'state' | 'interpreter' | 'flags' | 'boot';

/** How a person likes to look at the targets; remembered. */
export interface View {
  readonly filter: Filter;
  readonly sortBy: SortColumn;
  readonly sortDirection: 'ascending' | 'descending';
}

const defaultView: View = { filter: 'all', sortBy: 'name', sortDirection: 'ascending' };
const STORAGE_KEY = 'view';
const collator = new Intl.Collator('en', { numeric: true });

/** The way the targets were looked at last; the filter is each time's own. */
export const loadView = (): View => ({
  ...defaultView,
  ...recall<Omit<View, 'filter'>>(STORAGE_KEY, {
    sortBy: isOneOf(sortColumns),
    sortDirection: isOneOf(['ascending', 'descending']),
  }),
});

export const saveView = (view: View): void => remember(STORAGE_KEY, view);

/** How grave it is what does not work about a row, or may not everywhere; null when nothing is known against it. */
export function problemOf(findings: readonly Finding[], row: Row): 'error' | 'warning' | null {
  const worst = row.state === 'Broken' ? 'error' : worstOf(findings, row);
  return worst === 'info' ? null : worst;
}

const isProblem = (findings: readonly Finding[], row: Row): boolean => problemOf(findings, row) !== null;

/** Whether a row passes a filter. */
export const passes: Readonly<Record<Filter, (row: Row, findings: readonly Finding[]) => boolean>> = {
  all: () => true,
  enabled: (row) => row.state === 'Enabled',
  registered: (row) => row.entry !== null,
  problems: (row, findings) => isProblem(findings, row),
};

/**
 * How many there are of what a filter is for. A filter is for the targets, but that of the problems: theirs
 * are counted with those of the other formats and of the system as a whole, so that none means that all is well.
 */
export function countOf(filter: Filter, { targets, formats, findings }: Snapshot): number {
  const rows = filter === 'problems' ? [...targets, ...formats] : targets;
  const count = rows.filter((row) => passes[filter](row, findings)).length;
  return filter === 'problems' ? count + findings.filter(isProblemOfSystem).length : count;
}

const isProblemOfSystem = ({ subject, target, severity }: Finding): boolean =>
  subject.kind === 'system' && target === undefined && severity !== 'info';

/** The rows to show, in the order to show them in: those that pass the filter and hold every word searched for. */
export function arrangeRows(
  rows: readonly Row[],
  findings: readonly Finding[],
  view: View,
  search: string,
): readonly Row[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const sign = view.sortDirection === 'ascending' ? 1 : -1;
  return rows
    .filter(
      (row) => passes[view.filter](row, findings) && words.every((word) => searchedText(row).includes(word)),
    )
    .sort((one, other) => sign * compareBy[view.sortBy](one, other) || compareNames(one, other));
}

/** The rows of a table that a person sees. The filter and the search are for the targets, but that of the problems. */
export function shownRows(
  { snapshot, view, search }: { readonly snapshot: Snapshot; readonly view: View; readonly search: string },
  table: 'targets' | 'formats',
): readonly Row[] {
  const { targets, formats, findings } = snapshot;
  if (table === 'targets') return arrangeRows(targets, findings, view, search);
  return view.filter === 'problems' ? formats.filter((row) => isProblem(findings, row)) : formats;
}

/** The letters of the entry's flags; empty when nothing is registered. */
export const flagsOf = (row: Row): string =>
  row.entry !== null && row.entry.kind !== 'unreadable' ? row.entry.flags : '';

const sortColumns: readonly SortColumn[] = ['name', 'state', 'interpreter', 'flags', 'boot'];
const stateOrder: readonly Row['state'][] = [
  'Broken',
  'Enabled',
  'Disabled',
  'Not registered',
  'Native',
  'Not installed',
];

const compareNames = (one: Row, other: Row): number => collator.compare(one.name, other.name);
const compareBy: Readonly<Record<SortColumn, (one: Row, other: Row) => number>> = {
  name: compareNames,
  state: (one, other) => stateOrder.indexOf(one.state) - stateOrder.indexOf(other.state),
  interpreter: (one, other) =>
    collator.compare(one.interpreter?.path ?? '\uffff', other.interpreter?.path ?? '\uffff'),
  flags: (one, other) => collator.compare(flagsOf(one) || '\uffff', flagsOf(other) || '\uffff'),
  boot: compareAtBoot,
};

const searchedText = (row: Row): string =>
  `${row.name} ${row.label} ${row.interpreter?.path ?? ''} ${row.entryNames.join(' ')}`.toLowerCase();
