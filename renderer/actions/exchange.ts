import type {
  ChangeRequest,
  ExportResult,
  ReadFile,
  Row,
  RowSelection,
} from '../../electron/ipc/contract.ts';
import { type ExportForm, wishOf } from '../exchange/export-form.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { formFor } from '../register-options/options-form.ts';
import { rowNamed } from '../selectors.ts';
import { showResult, type TableName, useStore } from '../store.ts';
import { change, TOOLBAR } from './changes.ts';
import { selectedRows } from './selection.ts';

const { getState: get, setState: set, subscribe } = useStore;

/** What was exported last, for the next time this window is asked to. */
let lastForm: ExportForm | null = null;

/** Asks a person how a row is to be exported. */
export const exportRow = (table: TableName, row: Row): void => openFor({ table, names: [row.name] });

/** Asks a person how the selected rows are to be exported, those that they see. */
export function exportSelection(): void {
  const selection = presentSelection();
  if (selection !== null) openFor(selection);
}

/** Asks a person what is to be exported: all that is registered unless they choose otherwise. */
export function exportAll(): void {
  const what = get().snapshot.entries.length > 0 ? 'registered' : 'all-targets';
  open(presentSelection(), { what, how: lastForm?.how ?? 'as-registered' });
}

function openFor(selection: RowSelection): void {
  const { snapshot } = get();
  const isRegistered = selection.names.some((name) => rowNamed(snapshot, selection.table, name)?.entry);
  open(selection, { what: 'selected', how: isRegistered ? 'as-registered' : 'with-options' });
}

function presentSelection(): RowSelection | null {
  const names = selectedRows(get()).map((row) => row.name);
  const table = get().selection?.table;
  return table === undefined || names.length === 0 ? null : { table, names };
}

function open(selection: RowSelection | null, choice: Pick<ExportForm, 'what' | 'how'>): void {
  const form: ExportForm = {
    format: 'conf',
    inOneFile: false,
    // As qemu-binfmt-conf.sh has it, until somebody chooses otherwise.
    options: { ...formFor([]), interpreter: 'directory' },
    machine: '',
    ownFamily: false,
    ...lastForm,
    ...choice,
  };
  set({ exporting: { selection, form, contents: null, asks: null, failure: null, isWriting: false } });
  void lookAtFiles();
}

export function changeExport(part: Partial<ExportForm>): void {
  const { exporting } = get();
  if (exporting === null) return;
  set({ exporting: { ...exporting, form: { ...exporting.form, ...part }, failure: null } });
  void lookAtFiles();
}

export const changeExportOptions = (part: Partial<ExportForm['options']>): void => {
  const { exporting } = get();
  if (exporting !== null) changeExport({ options: { ...exporting.form.options, ...part } });
};

/** Lets the person choose the one file that all is exported with. */
export async function chooseExportInterpreter(): Promise<void> {
  const path = await window.binfmt.chooseInterpreter();
  if (path !== null) changeExportOptions({ path });
}

export const closeExport = (): void => set({ exporting: null });

/** Lets the person choose where, and writes the files. */
export function exportFiles(): Promise<void> {
  const { exporting } = get();
  return exporting === null ? Promise.resolve() : writing(() => window.binfmt.exportFiles(wishOf(exporting)));
}

/** Writes over the files that are there, or goes back to the choices. */
export function answerReplacing(yes: boolean): void {
  const { exporting } = get();
  if (exporting === null) return;
  set({ exporting: { ...exporting, asks: null } });
  if (yes) void writing(() => window.binfmt.replaceFiles());
}

async function writing(write: () => Promise<ExportResult>): Promise<void> {
  const before = get().exporting;
  if (before === null || before.isWriting) return;
  set({ exporting: { ...before, isWriting: true, failure: null } });
  const result = await write().catch(asFailure);
  if (result.kind === 'written') {
    lastForm = before.form;
    set({ exporting: null });
    const files = result.files === 1 ? '' : `${result.files} files `;
    const message = `Exported ${files}to ${result.path}`;
    showResult({ kind: 'done', message, details: [], undo: null, isExport: true });
    return;
  }
  const { exporting } = get();
  if (exporting === null) {
    // Nobody waits for it in the dialog any more.
    if (result.kind === 'failed') showResult({ ...result, undo: null });
    return;
  }
  set({
    exporting: {
      ...exporting,
      isWriting: false,
      asks: result.kind === 'asks' ? result : null,
      failure: result.kind === 'failed' ? result : null,
    },
  });
}

const asFailure = (error: unknown): ExportResult => ({
  kind: 'failed',
  message: `This did not work: ${String(error)}`,
  details: [],
});

const lookAtFiles = oneAtATime(async () => {
  const asked = get().exporting;
  if (asked === null) return;
  const contents = await window.binfmt.previewExport(wishOf(asked));
  const { exporting } = get();
  if (exporting !== null) set({ exporting: { ...exporting, contents } });
});

/** Lets a person choose a file with registrations, and asks whether to import it. */
export const chooseImport = async (): Promise<void> => askToImport(await window.binfmt.readChosenImport());

/** Asks whether to import the file that is being explained. */
export async function importExplained(): Promise<void> {
  const file = await window.binfmt.readExplainedImport();
  set({ explanation: null });
  askToImport(file);
}

function askToImport(file: ReadFile | null): void {
  if (file === null) return;
  set({ importing: { file, removeOthers: false, changes: null, preview: null } });
  void lookAtDifference();
}

/** Whether what the file does not have goes as well. */
export function removeWhatIsNotInFile(removeOthers: boolean): void {
  const { importing } = get();
  if (importing === null) return;
  set({ importing: { ...importing, removeOthers } });
  void lookAtDifference();
}

export function answerImport(yes: boolean): void {
  const { importing } = get();
  set({ importing: null });
  if (yes && importing !== null) void change(requestOf(importing.removeOthers), TOOLBAR);
}

const requestOf = (removeOthers: boolean): ChangeRequest => ({ kind: 'import', removeOthers });

const lookAtDifference = oneAtATime(async () => {
  const asked = get().importing;
  if (asked === null || asked.file.kind === 'refused') return;
  const [changes, preview] = await Promise.all([
    window.binfmt.importDifference(asked.removeOthers),
    window.binfmt.preview(requestOf(asked.removeOthers)),
  ]);
  const { importing } = get();
  if (importing?.file === asked.file && importing.removeOthers === asked.removeOthers) {
    set({ importing: { ...importing, changes, preview } });
  }
});

// What anybody registers meanwhile changes what would be written, and what would be done.
subscribe(({ snapshot, exporting, importing }, before) => {
  if (snapshot === before.snapshot) return;
  if (exporting !== null) void lookAtFiles();
  if (importing !== null) void lookAtDifference();
});
