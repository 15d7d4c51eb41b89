import { create } from 'zustand';
import {
  type Action,
  type Activity,
  type ChangeRequest,
  type ChangeResult,
  type Elevation,
  type EntryChange,
  type Explanation,
  isMounted,
  type PastChange,
  type Preview,
  type RegistrationPreview,
  type Row,
  registrableTargets,
  resettableEntries,
  type Snapshot,
  type VerifiedTarget,
} from '../electron/ipc/contract.ts';
import type { AddingFormat } from './add-format/format-form.ts';
import { emptySnapshot } from './empty-snapshot.ts';
import type { Exporting } from './exchange/export-form.ts';
import type { Importing } from './exchange/importing.ts';
import { type GettingView, nothingToGet } from './getting/getting-view.ts';
import type { ImagesView } from './images/images-view.ts';
import type { OptionsForm } from './register-options/options-form.ts';
import { loadView, saveView, type View } from './view.ts';

/** Which of the two tables. */
export type TableName = 'targets' | 'formats';

/** Rows of one table, in no order. Those that a filter or the search hides stay in it, and nothing is done to them. */
export interface Selection {
  readonly table: TableName;
  /** Where it comes from the table it is react-aria's own set, which remembers where a range begins. */
  readonly names: ReadonlySet<string>;
}

/** Entries that a person is asked about before they go. */
export interface Removal {
  readonly kind: 'reset' | 'unregister';
  readonly names: readonly string[];
}

/** A change of files that are not this program's alone, which a person is shown before they agree to it. */
export interface FileQuestion {
  readonly request: BootRequest;
  readonly preview: Preview;
  readonly controls: readonly string[];
}

export type BootRequest = Extract<ChangeRequest, { kind: 'keep-at-boot' | 'not-at-boot' }>;

/** What applying the boot configuration would do, while a person is asked; `changes` null until it is known. */
export interface BootApplication {
  readonly removeOthers: boolean;
  readonly changes: readonly EntryChange[] | null;
  readonly preview: Preview | null;
}

/** Targets that a person is choosing options for. */
export interface RegisteringWithOptions {
  readonly targets: readonly string[];
  readonly form: OptionsForm;
  /** Whether also those are registered that the machine runs itself. */
  readonly ownFamily: boolean;
  /** What becomes of those that something serves already; null until a person has chosen. */
  readonly existing: 'keep' | 'replace' | null;
  /** What registering like this would do. */
  readonly preview: RegistrationPreview;
  /** Null until it is known, and when nothing would run. */
  readonly whatWillRun: Preview | null;
  /** Why the last try did not work. */
  readonly failure: ShownResult | null;
}

/** A result as the footer shows it; `serial` tells two alike apart. */
export type ShownResult = Omit<ChangeResult, 'snapshot'> & {
  readonly serial: number;
  /** Whether it is about files that the file manager can show. */
  readonly isExport?: boolean;
};

export interface Store {
  readonly snapshot: Snapshot;
  readonly elevation: Elevation;
  /** Controls whose change is under way: see {@link controlOf}. */
  readonly pending: ReadonlySet<string>;
  readonly selection: Selection | null;
  /** The row whose menu is open. */
  readonly openMenu: { readonly table: TableName; readonly name: string } | null;
  /** The packages of interpreters that were looked at, by path; null where none is known. */
  readonly packages: ReadonlyMap<string, string | null>;
  readonly search: string;
  readonly view: View;
  readonly result: ShownResult | null;
  /** The last change that can be taken back. */
  readonly lastUndoable: number | null;
  /** Null when nobody is being asked. */
  readonly asksToRemove: Removal | null;
  /** What the removal would do, while a person is asked; null until it is known. */
  readonly removalPreview: Preview | null;
  /** Null when nobody is being asked. */
  readonly fileQuestion: FileQuestion | null;
  /** Null when nobody is being asked. */
  readonly bootApplication: BootApplication | null;
  readonly activity: Activity;
  /** Why a file runs or does not, while a person looks at it. */
  readonly explanation: Explanation | null;
  /** The last verification of each target, by name. */
  readonly verified: ReadonlyMap<string, VerifiedTarget>;
  /** Targets whose verification is under way. */
  readonly verifying: ReadonlySet<string>;
  /** Null while nobody is asked for options. */
  readonly registering: RegisteringWithOptions | null;
  /** Null while nobody is asked what to export. */
  readonly exporting: Exporting | null;
  /** Null while nobody is asked about a file. */
  readonly importing: Importing | null;
  /** Null while nobody describes a format. */
  readonly addingFormat: AddingFormat | null;
  /** Null until a person asks for tarballs or images. */
  readonly images: ImagesView | null;
  readonly getting: GettingView;
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
  asksToRemove: null,
  removalPreview: null,
  fileQuestion: null,
  bootApplication: null,
  activity: { kind: 'idle' },
  explanation: null,
  verified: new Map(),
  verifying: new Set<string>(),
  registering: null,
  exporting: null,
  importing: null,
  addingFormat: null,
  images: null,
  getting: nothingToGet,
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
    showChange(await window.binfmt.change(request));
  } catch (error) {
    showResult({ kind: 'failed', message: `This did not work: ${String(error)}`, details: [], undo: null });
  } finally {
    const left = new Set(get().pending);
    for (const control of controls) left.delete(control);
    set({ pending: left });
  }
}

/** Shows what became of a change, with the system afterwards and the way back. */
export function showChange({ snapshot, ...result }: ChangeResult): void {
  showSnapshot(snapshot);
  set({ lastUndoable: result.undo ?? get().lastUndoable });
  showResult(result);
}

/** Changes what the next start of the machine registers; shows first what that does to files of others. */
export async function changeAtBoot(request: BootRequest, ...controls: readonly string[]): Promise<void> {
  const preview = await window.binfmt.preview(request);
  const { problem } = preview;
  if (problem !== null) showResult({ kind: 'failed', message: problem, details: [], undo: null });
  else if (preview.shows.length > 0) set({ fileQuestion: { request, preview, controls } });
  else await change(request, ...controls);
}

/** The name under which a row's controls are pending. */
export const controlOf = (table: TableName, name: string): string => `${table}/${name}`;
export const MASTER_SWITCH = 'master';
export const TOOLBAR = 'toolbar';

export function switchRow(table: TableName, row: Row, on: boolean): void {
  const request: ChangeRequest = row.isTarget
    ? { kind: 'switch-target', target: row.name, on }
    : { kind: 'switch-entries', names: [row.name], on };
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
  if (names.length > 0) askToRemove({ kind: 'reset', names });
}

/** Unregisters entries; asks first where one of them could not be put back. */
export function unregister(names: readonly string[], ...controls: readonly string[]): void {
  if (get().snapshot.losses.some((loss) => names.includes(loss.name))) {
    askToRemove({ kind: 'unregister', names });
  } else void change({ kind: 'unregister', names }, ...controls);
}

function askToRemove(asksToRemove: Removal): void {
  set({ asksToRemove, removalPreview: null });
  void window.binfmt.preview(asksToRemove).then((removalPreview) => set({ removalPreview }));
}

export function answerRemoval(yes: boolean): void {
  const removal = get().asksToRemove;
  set({ asksToRemove: null });
  if (yes && removal !== null) void change(removal, TOOLBAR);
}

/** Takes back a change, the last one unless another is named. */
export function undo(number: number | null = get().lastUndoable): void {
  if (number !== null) void change({ kind: 'undo', change: number }, TOOLBAR);
}

/** Does what a finding or an explanation offers, each request once the one before was carried out. */
export async function act(action: Action): Promise<void> {
  for (const request of action.requests) {
    await ('agreed' in request ? changeAtBoot(request, TOOLBAR) : change(request, TOOLBAR));
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
  set({ selection: selection?.names.size === 0 ? null : selection });
  const path = selectedRow(get())?.interpreter?.path;
  if (path !== undefined && !get().packages.has(path)) void learnPackage(path);
}

async function learnPackage(path: string): Promise<void> {
  const name = await window.binfmt.packageOf(path);
  set({ packages: new Map([...get().packages, [path, name]]) });
}

export const setOpenMenu = (openMenu: Store['openMenu']): void => set({ openMenu });
export const setSearch = (search: string): void => set({ search });
export const dismissResult = (): void => set({ result: null });

export function setView(part: Partial<View>): void {
  const view = { ...get().view, ...part };
  set({ view });
  saveView(view);
}

/** The one row that is selected, as it is now; null when it is gone, and when it is not one. */
export function selectedRow({ snapshot, selection }: Pick<Store, 'snapshot' | 'selection'>): Row | null {
  const [name, ...others] = selection?.names ?? [];
  if (selection === null || name === undefined || others.length > 0) return null;
  return rowNamed(snapshot, selection.table, name) ?? null;
}

export const rowNamed = (snapshot: Snapshot, table: TableName, name: string): Row | undefined =>
  snapshot[table].find((row) => row.name === name);

/** Whether this machine has none of QEMU's emulators, registered or not. */
export const hasNoQemu = ({ snapshot }: Store): boolean =>
  snapshot.targets.every((row) => row.state === 'Not installed' || row.state === 'Native');

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
