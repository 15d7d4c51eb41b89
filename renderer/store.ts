import { create } from 'zustand';
import type {
  Activity,
  ChangeRequest,
  ChangeResult,
  Elevation,
  Explanation,
  PastChange,
  Preview,
  PreviewedChange,
  RegistrationPreview,
  Row,
  Snapshot,
  VerifiedTarget,
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
  readonly changes: readonly PreviewedChange[] | null;
  readonly preview: Preview | null;
}

/** Targets that a person is choosing options for. */
export interface RegisteringWithOptions {
  readonly targets: readonly string[];
  readonly form: OptionsForm;
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

/** An explanation as the dialog shows it. */
export interface ShownExplanation extends Explanation {
  /** How many files were dropped with it, which are not explained. */
  readonly others: number;
}

export interface Store {
  readonly snapshot: Snapshot;
  readonly elevation: Elevation;
  /** Controls whose change is under way: see {@link controlOf}. */
  readonly pending: ReadonlySet<string>;
  readonly selection: Selection | null;
  /** The row whose menu is open. */
  readonly openMenu: { readonly table: TableName; readonly name: string } | null;
  /** The packages of interpreters that were looked at, by path: of the file that was there then. */
  readonly packages: ReadonlyMap<string, { readonly name: string; readonly changedAt: number | null }>;
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
  readonly explanation: ShownExplanation | null;
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

/** All state of the window. Components read it with a selector; what a person does to it is in actions/. */
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

/** Shows what became of a change, with the system afterwards and the way back. */
export function showChange({ snapshot, ...result }: ChangeResult): void {
  showSnapshot(snapshot);
  set({ lastUndoable: result.undo ?? get().lastUndoable });
  showResult(result);
}

export const setOpenMenu = (openMenu: Store['openMenu']): void => set({ openMenu });
export const setSearch = (search: string): void => set({ search });
export const dismissResult = (): void => set({ result: null });

export function setView(part: Partial<View>): void {
  const view = { ...get().view, ...part };
  set({ view });
  saveView(view);
}

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
