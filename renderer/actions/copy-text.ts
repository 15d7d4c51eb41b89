import { showResult } from '../store.ts';

export async function copyText(text: string, what: string): Promise<void> {
  await window.binfmt.copyText(text);
  showResult({ kind: 'done', message: `Copied ${what}`, details: [], undo: null });
}
