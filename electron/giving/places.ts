import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { app, type BrowserWindow, dialog, type SaveDialogOptions } from 'electron';
import { encodeBytes } from '../binfmt/bytes.ts';
import type { ImageDestination } from '../images/build-images.ts';
import { isLayout } from '../images/layout.ts';
import type { BuildWish } from './builder.ts';

/** What goes to a place of its own. */
export type PlaceKind = 'tarballs' | ImageDestination['form'];

export const placeKindOf = (wish: BuildWish): PlaceKind =>
  wish.kind === 'tarballs' ? 'tarballs' : wish.form;

/** The directory made in one that holds other files: a layout is a directory of its own. */
const LAYOUT_NAME = 'qemu-user-static';

/** What archives are called unless a person calls them otherwise. */
const archiveNames = {
  'oci-archive': 'qemu-user-static.oci.tar',
  'docker-archive': 'qemu-user-static.docker.tar',
} as const;

/** Where a person wants things to be written, and which images to be published. The window never names a path. */
export class Places {
  private readonly chosen = new Map<PlaceKind, string>();
  private layout: string | null = null;

  /** The place chosen last; null when none was. */
  placeFor(kind: PlaceKind): string | null {
    return this.chosen.get(kind) ?? null;
  }

  /** The image layout to publish: the one chosen or built last; null when there is none. */
  get layoutToPublish(): string | null {
    return this.layout;
  }

  /** Has that layout published next. */
  offerLayout(layout: string): void {
    this.layout = layout;
  }

  /** Lets a person choose a place; null when none was chosen. */
  async choosePlace(kind: PlaceKind, window: BrowserWindow): Promise<string | null> {
    const place =
      kind === 'oci-archive' || kind === 'docker-archive'
        ? await this.chooseFile(kind, window)
        : await this.chooseDirectory(kind, window);
    if (place !== null) this.chosen.set(kind, place);
    return place;
  }

  /** Lets a person choose images to publish; null when none were chosen. */
  async chooseLayout(window: BrowserWindow): Promise<string | null> {
    const { filePaths } = await dialog.showOpenDialog(window, {
      title: 'Choose an image layout',
      buttonLabel: 'Choose',
      defaultPath: this.layout ?? this.directoryNear('oci-layout'),
      properties: ['openDirectory', 'showHiddenFiles', 'dontAddToRecent'],
    });
    const [layout] = filePaths;
    if (layout === undefined) return null;
    this.layout = layout;
    return layout;
  }

  private async chooseFile(kind: keyof typeof archiveNames, window: BrowserWindow): Promise<string | null> {
    const options: SaveDialogOptions = {
      title: 'Where to write the archive',
      buttonLabel: 'Choose',
      defaultPath: this.placeFor(kind) ?? path.join(this.directoryNear(kind), archiveNames[kind]),
      properties: ['showOverwriteConfirmation', 'showHiddenFiles', 'createDirectory', 'dontAddToRecent'],
    };
    const { filePath } = await dialog.showSaveDialog(window, options);
    return filePath === '' ? null : filePath;
  }

  private async chooseDirectory(
    kind: 'tarballs' | 'oci-layout',
    window: BrowserWindow,
  ): Promise<string | null> {
    const { filePaths } = await dialog.showOpenDialog(window, {
      title: kind === 'tarballs' ? 'Where to write the tarballs' : 'Where to write the images',
      buttonLabel: 'Choose',
      defaultPath: this.directoryNear(kind),
      properties: ['openDirectory', 'createDirectory', 'showHiddenFiles', 'dontAddToRecent'],
    });
    const [directory] = filePaths;
    if (directory === undefined) return null;
    return kind === 'tarballs' ? directory : layoutPlaceIn(directory);
  }

  /** A directory to begin with. */
  private directoryNear(kind: PlaceKind): string {
    const place = this.placeFor(kind);
    if (place !== null) return kind === 'tarballs' ? place : path.dirname(place);
    const [other] = this.chosen.values();
    return other === undefined ? app.getPath('home') : path.dirname(other);
  }
}

/** The directory itself where a layout can be written there, or one inside. */
async function layoutPlaceIn(directory: string): Promise<string> {
  let names: readonly string[];
  try {
    names = await readdir(encodeBytes(directory));
  } catch {
    return directory; // Writing there says why.
  }
  return names.length === 0 || isLayout(names) ? directory : path.join(directory, LAYOUT_NAME);
}
