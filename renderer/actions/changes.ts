import {
  type ChangeRequest,
  isNameTaken,
  type Row,
  registrableTargets,
} from '../../electron/ipc/contract.ts';
import { showChange, showResult, type TableName, useStore } from '../store.ts';

const { getState: get, setState: set } = useStore;

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

/** The name under which a row's controls are pending. */
export const controlOf = (table: TableName, name: string): string => `${table}/${name}`;
export const MASTER_SWITCH = 'master';
export const TOOLBAR = 'toolbar';
export const REGISTER_ALL = 'register-all';
export const RESET_ALL = 'reset-all';

export function switchRow(table: TableName, row: Row, on: boolean): void {
  const request: ChangeRequest = row.isTarget
    ? { kind: 'switch-target', target: row.name, on }
    : { kind: 'switch-entries', names: [row.name], on };
  void change(request, controlOf(table, row.name));
}

export function registerAll(): void {
  const { snapshot } = get();
  const registrable = registrableTargets(snapshot);
  if (registrable.length === 0) return;
  // Those whose name is taken stay as they are, and the result says so.
  const rows = snapshot.targets.filter((row) => registrable.includes(row) || isNameTaken(row, snapshot));
  const targets = rows.map((row) => row.name);
  const controls = targets.map((name) => controlOf('targets', name));
  void change({ kind: 'register', targets, existing: 'keep' }, TOOLBAR, REGISTER_ALL, ...controls);
}

/** Takes back a change, the last one unless another is named. */
export function undo(number: number | null = get().lastUndoable): void {
  if (number !== null) void change({ kind: 'undo', change: number }, TOOLBAR);
}

export const cancelPrompt = (): void => void window.binfmt.cancelPrompt();
