import path from 'node:path';
import { app, type BrowserWindow, dialog, shell } from 'electron';
import { encodeBytes } from './binfmt/bytes.ts';
import type { ExportedFile } from './binfmt/exchange/exported.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { type ExportContents, type ExportWish, exportContents } from './export-contents.ts';
import { isThere, writeWhole } from './write-whole.ts';

/** What became of an export. */
export type ExportResult =
  | { readonly kind: 'cancelled' }
  /** These files are there already, and a person decides; {@link Exporter.replace} goes on. */
  | { readonly kind: 'asks'; readonly directory: string; readonly present: readonly string[] }
  /** `path`: of the file, or of the directory where they are several. */
  | { readonly kind: 'written'; readonly path: string; readonly files: number }
  | { readonly kind: 'failed'; readonly message: string; readonly details: readonly string[] };

interface Directory {
  readonly path: string;
  readonly files: readonly ExportedFile[];
  /** The names of those that are there already. */
  readonly present: ReadonlySet<string>;
}

/** Writes registrations into files where a person chooses; as that person, never as root. */
export class Exporter {
  private asksAbout: Directory | null = null;
  /** The path of the file that was written last, the first of several. */
  private lastWritten: string | null = null;

  constructor(private readonly snapshot: () => Promise<Snapshot>) {}

  /** The files as they would be written now. */
  async preview(wish: ExportWish): Promise<ExportContents> {
    return exportContents(wish, await this.snapshot());
  }

  /** Lets a person choose where, and writes one file there, or several into a directory. */
  async export(wish: ExportWish, window: BrowserWindow): Promise<ExportResult> {
    this.asksAbout = null;
    const { files, problem } = await this.preview(wish);
    if (problem !== null) return { kind: 'failed', message: problem, details: [] };
    const [only, ...others] = files;
    return only !== undefined && others.length === 0
      ? this.exportOne(only, window)
      : this.exportSeveral(files, window);
  }

  /** Writes what was asked about, over what a person was told of. */
  async replace(): Promise<ExportResult> {
    const directory = this.asksAbout;
    this.asksAbout = null;
    return directory === null ? { kind: 'cancelled' } : this.write(directory);
  }

  /** Shows the file that was written last in the file manager. */
  show(): void {
    if (this.lastWritten !== null) shell.showItemInFolder(this.lastWritten);
  }

  private async exportOne({ name, text }: ExportedFile, window: BrowserWindow): Promise<ExportResult> {
    const { filePath } = await dialog.showSaveDialog(window, {
      title: 'Export registrations',
      buttonLabel: 'Export',
      defaultPath: path.join(this.defaultDirectory(), name),
      // No filters: Electron would append their extension to what the person was asked about.
      properties: ['showOverwriteConfirmation', 'showHiddenFiles', 'createDirectory', 'dontAddToRecent'],
    });
    if (filePath === '') return { kind: 'cancelled' };
    const written = await writeWhole({
      path: filePath,
      text,
      isExecutable: isProgram(text),
      mayReplace: true,
    });
    if (!written.ok) {
      return { kind: 'failed', message: `${filePath} was not written: ${written.problem}.`, details: [] };
    }
    this.lastWritten = filePath;
    return { kind: 'written', path: filePath, files: 1 };
  }

  private async exportSeveral(files: readonly ExportedFile[], window: BrowserWindow): Promise<ExportResult> {
    const { filePaths } = await dialog.showOpenDialog(window, {
      title: `Choose a folder for ${files.length} files`,
      buttonLabel: 'Export here',
      defaultPath: this.defaultDirectory(),
      properties: ['openDirectory', 'createDirectory', 'showHiddenFiles', 'dontAddToRecent'],
    });
    const [chosen] = filePaths;
    if (chosen === undefined) return { kind: 'cancelled' };
    const present = new Set<string>();
    for (const { name } of files) {
      if (await isThere(encodeBytes(path.join(chosen, name)))) present.add(name);
    }
    const directory = { path: chosen, files, present };
    if (present.size === 0) return this.write(directory);
    this.asksAbout = directory;
    return { kind: 'asks', directory: chosen, present: [...present] };
  }

  private async write(directory: Directory): Promise<ExportResult> {
    const details: string[] = [];
    for (const { name, text } of directory.files) {
      const written = await writeWhole({
        path: path.join(directory.path, name),
        text,
        isExecutable: isProgram(text),
        mayReplace: directory.present.has(name),
      });
      if (!written.ok) details.push(`${name} was not written: ${written.problem}.`);
    }
    const { length } = directory.files;
    if (details.length > 0) {
      const message = `${details.length} of ${length} files could not be written to ${directory.path}.`;
      return { kind: 'failed', message, details };
    }
    this.lastWritten = path.join(directory.path, directory.files[0]?.name ?? '');
    return { kind: 'written', path: directory.path, files: length };
  }

  private defaultDirectory(): string {
    return this.lastWritten === null ? app.getPath('home') : path.dirname(this.lastWritten);
  }
}

const isProgram = (text: string): boolean => text.startsWith('#!');
