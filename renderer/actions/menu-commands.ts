import type { MenuCommand } from '../../electron/ipc/contract.ts';
import { openAddFormat } from './add-format.ts';
import { askToApplyBoot } from './boot.ts';
import { registerAll, undo } from './changes.ts';
import { chooseImport, exportAll } from './exchange.ts';
import { explainChosenFile } from './explain.ts';
import { openArchive, openInstall } from './getting.ts';
import { openImages } from './images.ts';
import { showPastChanges } from './past-changes.ts';
import { askToReset } from './removal.ts';
import { selectAllHere } from './selection.ts';
import { verifyAll } from './verify.ts';

/** What the items of the application menu do in the window. */
export const menuCommands: Readonly<Record<MenuCommand, () => void>> = {
  find: () => document.querySelector<HTMLInputElement>('input[type="search"]')?.focus(),
  'select-all': selectAllHere,
  'register-all': registerAll,
  'reset-all': askToReset,
  'apply-boot': askToApplyBoot,
  export: exportAll,
  import: () => void chooseImport(),
  'add-format': openAddFormat,
  undo: () => undo(),
  'show-log': showPastChanges,
  explain: () => void explainChosenFile(),
  'verify-all': verifyAll,
  'install-qemu': openInstall,
  'interpreters-from-file': openArchive,
  'container-images': () => void openImages(null),
};
