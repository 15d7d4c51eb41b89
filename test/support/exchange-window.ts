import { rmSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { makeOpenDirectory } from './open-directory.ts';
import { test as base, expect, type Program } from './program.ts';

/** Tests with a directory of their own for files. */
export const test = base.extend<{ readonly directory: string }>({
  // Playwright wants a pattern here, also of nothing.
  // biome-ignore lint/correctness/noEmptyPattern: see above.
  directory: async ({}, use) => {
    const directory = makeOpenDirectory();
    await use(directory);
    rmSync(directory, { recursive: true });
  },
});

export { expect };

/** Opens the dialog that exports, from the application menu. */
export async function openExport(program: Program): Promise<Locator> {
  await program.chooseInApplicationMenu('Export…');
  return exportDialog(program);
}

export const exportDialog = (program: Program): Locator =>
  program.page.getByRole('dialog', { name: 'Export registrations' });

/** Exports to that file or directory what the dialog shows. */
export async function exportTo(program: Program, place: string | null): Promise<void> {
  await program.answerFileDialogs(place);
  await exportDialog(program).getByRole('button', { name: 'Export…' }).click();
}

export const chooseRadio = (within: Locator, name: string | RegExp): Promise<void> =>
  within.getByRole('radio', { name }).check();

/**
 * Chooses a file to import, in the application menu; null: none. The menu of an installed program is out of reach: it
 * is dropped on its window.
 */
export async function chooseImport(program: Program, file: string | null): Promise<Locator> {
  if (program.isInstalled && file !== null) {
    await program.drop(file);
    await program.button('Import it…').click();
    return importDialog(program);
  }
  await program.answerFileDialogs(file);
  await program.chooseInApplicationMenu('Import…');
  return importDialog(program);
}

export const importDialog = (program: Program): Locator =>
  program.page.getByRole('dialog', { name: 'Import registrations?' });
