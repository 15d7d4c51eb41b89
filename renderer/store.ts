import { create } from 'zustand';
import {
  type Action,
  type Activity,
  type ChangeRequest,
  type ChangeResult,
  type Elevation,
  type Explanation,
  isMounted,
  type PastChange,
  type Preview,
  type Row,
  registrableTargets,
  resettableEntries,
  type Snapshot,
  type VerifiedTarget,
} from '../electron/ipc/contract.ts';
import { emptySnapshot } from './empty-snapshot.ts';
import { loadView, saveView, type View } from './view.ts';

/** Which of the two tables. */
export type TableName = 'targets' | 'formats';

export interface Selection {
  readonly table: TableName;
  readonly name: string;
}

/** A result as the footer shows it; `serial` tells two alike apart. */
export type ShownResult = Omit<ChangeResult, 'snapshot'> & { readonly serial: number };

export interface Store {
  readonly snapshot: Snapshot;
  readonly elevation: Elevation;
  /** Controls whose change is under way: see {@link controlOf}. */
  readonly pending: ReadonlySet<string>;
  readonly selection: Selection | null;
  /** The row whose menu is open. */
  readonly openMenu: Selection | null;
  /** The packages of interpreters that were looked at, by path; null where none is known. */
  readonly packages: ReadonlyMap<string, string | null>;
  readonly search: string;
  readonly view: View;
  readonly result: ShownResult | null;
  /** The last change that can be taken back. */
  readonly lastUndoable: number | null;
  /** The entries that a person is asked about before they go; null when nobody is being asked. */
  readonly asksToReset: readonly string[] | null;
  /** What Reset all would do, while a person is asked; null until it is known. */
  readonly resetPreview: Preview | null;
  readonly activity: Activity;
  /** Why a file runs or does not, while a person looks at it. */
  readonly explanation: Explanation | null;
  /** The last verification of each target, by name. */
  readonly verified: ReadonlyMap<string, VerifiedTarget>;
  /** Targets whose verification is under way. */
  readonly verifying: ReadonlySet<string>;
  /** What was done, while a person looks at it; null otherwise. */
  readonly pastChanges: readonly PastChange[] | null;
}

/** All state of the window. Components read it with a selector; the functions below change it. */
export const useStore = create<Store>(() => ({
  snapshot: emptySnapshot,
  elevation: { kind: 'root' },
  pending: new Set<string>(),
  selection: null,
  openMenu: null,
  packages: new Map(),
  search: '',
  view: loadView(),
  result: null,
  lastUndoable: null,
  asksToReset: null,
  resetPreview: null,
  activity: { kind: 'idle' },
  explanation: null,
  verified: new Map(),
  verifying: new Set<string>(),
  pastChanges: null,
}));

const { getState: get, setState: set } = useStore;
let serial = 0;

/** Fills the store and follows the main process from then on. Rejects when it does not answer. */
export async function openStore(): Promise<void> {
  window.binfmt.onSnapshot(showSnapshot);
  window.binfmt.onActivity((activity) => set({ activity }));
  set(await window.binfmt.overview());
}

/** Asks for a change; the controls stay pending until the system answered. */
export async function change(request: ChangeRequest, ...controls: readonly string[]): Promise<void> {
  set({ pending: new Set([...get().pending, ...controls]) });
  try {
    const { snapshot, ...result } = await window.binfmt.change(request);
    showSnapshot(snapshot);
    set({ lastUndoable: result.undo ?? get().lastUndoable });
    showResult(result);
  } catch (error) {
    showResult({ kind: 'failed', message: `This did not work: ${String(error)}`, details: [], undo: null });
  } finally {
    const left = new Set(get().pending);
    for (const control of controls) left.delete(control);
    set({ pending: left });
  }
}

/** The name under which a row's controls are pending. */
export const controlOf = (table: TableName, name: string): string => `${table}/${name}`;
export const MASTER_SWITCH = 'master';
export const TOOLBAR = 'toolbar';

export function switchRow(table: TableName, row: Row, on: boolean): void {
  const request: ChangeRequest = row.isTarget
    ? { kind: 'switch-target', target: row.name, on }
    : { kind: 'switch-entry', name: row.name, on };
  void change(request, controlOf(table, row.name));
}

export function registerAll(): void {
  const targets = registrableTargets(get().snapshot).map((row) => row.name);
  if (targets.length > 0) {
    void change({ kind: 'register', targets }, TOOLBAR, ...targets.map((name) => controlOf('targets', name)));
  }
}

export function askToReset(): void {
  const names = resettableEntries(get().snapshot);
  if (names.length === 0) return;
  set({ asksToReset: names, resetPreview: null });
  void window.binfmt.preview({ kind: 'reset', names }).then((resetPreview) => set({ resetPreview }));
}

export function answerReset(yes: boolean): void {
  const names = get().asksToReset;
  set({ asksToReset: null });
  if (yes && names !== null) void change({ kind: 'reset', names }, TOOLBAR);
}

/** Takes back a change, the last one unless another is named. */
export function undo(number: number | null = get().lastUndoable): void {
  if (number !== null) void change({ kind: 'undo', change: number }, TOOLBAR);
}

/** Does what a finding or an explanation offers, each request once the one before was carried out. */
export async function act(action: Action): Promise<void> {
  for (const request of action.requests) {
    await change(request, TOOLBAR);
    if (get().result?.kind !== 'done') return;
  }
}

export const cancelPrompt = (): void => void window.binfmt.cancelPrompt();

export function showPastChanges(): void {
  void window.binfmt.pastChanges().then((pastChanges) => set({ pastChanges }));
}

export const closePastChanges = (): void => set({ pastChanges: null });

export async function copyText(text: string, what: string): Promise<void> {
  await window.binfmt.copyText(text);
  showResult({ kind: 'done', message: `Copied ${what}`, details: [], undo: null });
}

export function select(selection: Selection | null): void {
  set({ selection });
  const path = selectedRow(get())?.interpreter?.path;
  if (path !== undefined && !get().packages.has(path)) void learnPackage(path);
}

async function learnPackage(path: string): Promise<void> {
  const name = await window.binfmt.packageOf(path);
  set({ packages: new Map([...get().packages, [path, name]]) });
}

export const setOpenMenu = (openMenu: Selection | null): void => set({ openMenu });
export const setSearch = (search: string): void => set({ search });
export const dismissResult = (): void => set({ result: null });

export function setView(part: Partial<View>): void {
  const view = { ...get().view, ...part };
  set({ view });
  saveView(view);
}

/** The selected row as it is now; null when nothing is selected or it is gone. */
export function selectedRow({ snapshot, selection }: Pick<Store, 'snapshot' | 'selection'>): Row | null {
  if (selection === null) return null;
  return rowNamed(snapshot, selection.table, selection.name) ?? null;
}

export const rowNamed = (snapshot: Snapshot, table: TableName, name: string): Row | undefined =>
  snapshot[table].find((row) => row.name === name);

/** Whether anything can be changed at all: there is a way to root, and a place to write to. */
export const canChange = ({ elevation, snapshot }: Store): boolean =>
  elevation.kind !== 'unavailable' && isMounted(snapshot);

function showSnapshot(next: Snapshot): void {
  const { snapshot } = get();
  set({
    snapshot: {
      ...next,
      targets: keepUnchanged(snapshot.targets, next.targets),
      formats: keepUnchanged(snapshot.formats, next.formats),
      findings:
        JSON.stringify(snapshot.findings) === JSON.stringify(next.findings)
          ? snapshot.findings
          : next.findings,
    },
  });
}

/** The rows of `next`, those that say what they said before as the same objects: they are not drawn again. */
function keepUnchanged(before: readonly Row[], next: readonly Row[]): readonly Row[] {
  const known = new Map(before.map((row) => [row.name, row]));
  const rows = next.map((row) => {
    const same = known.get(row.name);
    return same !== undefined && JSON.stringify(same) === JSON.stringify(row) ? same : row;
  });
  return rows.length === before.length && rows.every((row, index) => row === before[index]) ? before : rows;
}

export function showResult(result: Omit<ShownResult, 'serial'>): void {
  serial += 1;
  set({ result: { ...result, serial } });
}
