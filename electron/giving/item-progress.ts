import path from 'node:path';
import type { Progress } from '../images/progress.ts';

/** How far one of the things that are made side by side is, in bytes. */
export interface ItemProgress {
  /** An emulator's name, `register`, or a file's name. */
  readonly name: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** How far a build is: in all and of each item, in bytes that were read. */
export interface BuildProgress {
  readonly kind: 'building';
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly items: readonly ItemProgress[];
  /** The archive that is written when all items are ready; null before, and where there is none. */
  readonly archive: ItemProgress | null;
}

/**
 * Takes the domain's reports, whose counts are of the whole, apart into what was done for each item. `sizes` are the
 * items' sizes in bytes by the names that the reports have; a report of a path is about the archive.
 */
export class ItemMeter {
  private readonly done = new Map<string, number>();
  private before = 0;
  private progress: BuildProgress;

  constructor(private readonly sizes: ReadonlyMap<string, number>) {
    const totalBytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    this.progress = { kind: 'building', doneBytes: 0, totalBytes, items: [], archive: null };
  }

  /** Counts a report in. */
  add({ name, doneBytes, totalBytes }: Progress): void {
    if (!this.sizes.has(name)) {
      this.progress = { ...this.progress, archive: { name: path.basename(name), doneBytes, totalBytes } };
      return;
    }
    this.done.set(name, (this.done.get(name) ?? 0) + doneBytes - this.before);
    this.before = doneBytes;
    this.progress = { ...this.progress, doneBytes, totalBytes };
  }

  /** How far everything is. */
  read(): BuildProgress {
    const items = [...this.sizes].map(([name, size]) => ({
      name,
      // The headers of the archive around it count as well.
      doneBytes: Math.min(size, this.done.get(name) ?? 0),
      totalBytes: size,
    }));
    return { ...this.progress, items };
  }
}
