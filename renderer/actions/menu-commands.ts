import type { MenuCommand } from '../../electron/ipc/contract.ts';
import { askToReset, registerAll, showPastChanges, undo } from '../store.ts';
import { explainChosenFile } from './explain.ts';
import { verifyAll } from './verify.ts';

/** What the items of the application menu do in the window. */
export const menuCommands: Readonly<Record<MenuCommand, () => void>> = {
  find: () => document.querySelector<HTMLInputElement>('input[type="search"]')?.focus(),
  'register-all': registerAll,
  'reset-all': askToReset,
  undo: () => undo(),
  'show-log': showPastChanges,
  explain: () => void explainChosenFile(),
  'verify-all': verifyAll,
};
