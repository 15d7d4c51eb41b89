import { type BrowserWindow, dialog } from 'electron';
import { interpreterDirectories } from './binfmt/interpreters.ts';

/** Lets a person choose a program's file; null when none was chosen. */
export async function chooseInterpreter(window: BrowserWindow): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: 'Choose an interpreter',
    buttonLabel: 'Choose',
    defaultPath: interpreterDirectories[0],
    properties: ['openFile', 'showHiddenFiles', 'dontAddToRecent'],
  });
  return filePaths[0] ?? null;
}
