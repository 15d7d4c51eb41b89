import type { Action } from '../../electron/ipc/contract.ts';
import { showResult, useStore } from '../store.ts';
import { act } from './act.ts';

const { setState: set } = useStore;

export async function explainChosenFile(): Promise<void> {
  const explanation = await window.binfmt.explainChosenFile();
  if (explanation !== null) set({ explanation });
}

export async function explainDroppedFile(file: File): Promise<void> {
  try {
    set({ explanation: await window.binfmt.explainDroppedFile(file) });
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
  set({ explanation: await window.binfmt.explainAgain() });
}

export const closeExplanation = (): void => set({ explanation: null });
