import { type BrowserWindow, dialog } from 'electron';
import { explainFile } from './binfmt/explain/explain-file.ts';
import type { Explanation } from './binfmt/explain/explanation.ts';
import type { Snapshot } from './binfmt/snapshot.ts';

/** Explains files that a person chose or dropped, and remembers the last one for when the system has changed. */
export class Explainer {
  private last: string | null = null;

  constructor(private readonly snapshot: () => Promise<Snapshot>) {}

  /** The path of the file that was explained last; null when there is none. */
  get path(): string | null {
    return this.last;
  }

  async explain(path: string): Promise<Explanation> {
    this.last = path;
    return explainFile(path, await this.snapshot());
  }

  /** Null when no file was chosen. */
  async explainChosen(window: BrowserWindow): Promise<Explanation | null> {
    const { filePaths } = await dialog.showOpenDialog(window, {
      title: 'Explain a file',
      buttonLabel: 'Explain',
      properties: ['openFile', 'showHiddenFiles', 'dontAddToRecent'],
    });
    const [path] = filePaths;
    return path === undefined ? null : this.explain(path);
  }

  /** Null when nothing was explained yet. */
  async explainAgain(): Promise<Explanation | null> {
    return this.last === null ? null : this.explain(this.last);
  }
}
