import type { Action } from '../../electron/ipc/contract.ts';
import { showResult, useStore } from '../store.ts';
import { act } from './act.ts';

const { getState: get, setState: set } = useStore;

export async function explainChosenFile(): Promise<void> {
  const explanation = await window.binfmt.explainChosenFile();
  if (explanation !== null) set({ explanation: { ...explanation, others: 0 } });
}

/** Explains a file that was dropped with some others: one at a time. */
export async function explainDroppedFiles(file: File, others: number): Promise<void> {
  try {
    set({ explanation: { ...(await window.binfmt.explainDroppedFile(file)), others } });
  } catch {
    showResult({
      kind: 'failed',
      message: 'What was dropped is no file on this machine. Drop one from the file manager.',
      details: [],
      undo: null,
    });
  }
}

/** Does what the explanation offers, and explains the file anew. */
export async function actOnExplanation(action: Action): Promise<void> {
  await act(action);
  const explanation = await window.binfmt.explainAgain();
  const others = get().explanation?.others ?? 0;
  set({ explanation: explanation && { ...explanation, others } });
}

export const closeExplanation = (): void => set({ explanation: null });
