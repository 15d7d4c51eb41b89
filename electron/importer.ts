import { type BrowserWindow, dialog } from 'electron';
import type { ImportedRegistrations } from './binfmt/exchange/import.ts';
import { readRegistrationsFile } from './binfmt/exchange/read-registrations-file.ts';
import type { ChangeRequest } from './ipc/contract.ts';
import type { ChangeRequest as QueuedRequest } from './plan-change.ts';

/** A file with registrations, as it was read, or why it was not. */
export type ReadFile = { readonly path: string } & (
  | {
      readonly kind: 'read';
      readonly source: ImportedRegistrations['source'];
      readonly notes: readonly string[];
    }
  /** The problem is a sentence that names the place. */
  | { readonly kind: 'refused'; readonly problem: string }
);

/** Reads files with registrations that a person chose, and remembers what the last one asks for. */
export class Importer {
  private last: ImportedRegistrations | null = null;

  /** Null when no file was chosen. */
  async readChosen(window: BrowserWindow): Promise<ReadFile | null> {
    const { filePaths } = await dialog.showOpenDialog(window, {
      title: 'Import registrations',
      buttonLabel: 'Import…',
      filters: [
        { name: 'Registrations (.json, .conf)', extensions: ['json', 'conf'] },
        { name: 'All files', extensions: ['*'] },
      ],
      properties: ['openFile', 'showHiddenFiles', 'dontAddToRecent'],
    });
    const [path] = filePaths;
    return path === undefined ? null : this.read(path);
  }

  async read(path: string): Promise<ReadFile> {
    this.last = null;
    const registrations = await readRegistrationsFile(path);
    if (!registrations.ok) return { kind: 'refused', path, problem: registrations.problem.sentence };
    this.last = registrations.value;
    const { source, notes } = registrations.value;
    return { kind: 'read', path, source, notes };
  }

  /** The request with what the window does not have: the content of the file. */
  resolve(request: ChangeRequest): QueuedRequest {
    if (request.kind !== 'import') return request;
    return { kind: 'bring', entries: this.entries, removeOthers: request.removeOthers };
  }

  /** What the file that was read last asks for, in match order. */
  get entries(): ImportedRegistrations['entries'] {
    if (this.last === null) throw new Error('No file was read that could be imported.');
    return this.last.entries;
  }
}
