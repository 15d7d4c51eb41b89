import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import type { ImageRequest } from '../../electron/images/build-images.ts';
import { test as base, expect, type Program } from './program.ts';

/** Words for what a person does in the dialog Container images. */
export class ImagesDialog {
  constructor(
    readonly program: Program,
    readonly dialog: Locator,
  ) {}

  /** Opens it from the application menu. */
  static async open(program: Program): Promise<ImagesDialog> {
    await program.chooseInApplicationMenu('Container Images…');
    return ImagesDialog.of(program);
  }

  /** The one that is open. */
  static async of(program: Program): Promise<ImagesDialog> {
    const dialog = program.page.getByRole('dialog', { name: 'Container images' });
    await expect(dialog).toBeVisible();
    return new ImagesDialog(program, dialog);
  }

  button = (name: string): Locator => this.dialog.getByRole('button', { name, exact: true });
  radio = (name: RegExp): Locator => this.dialog.getByRole('radio', { name });
  checkBox = (name: string | RegExp): Locator => this.dialog.getByRole('checkbox', { name });
  field = (name: string): Locator => this.dialog.getByRole('textbox', { name, exact: true });
  target = (name: string): Locator => this.dialog.getByRole('option', { name, exact: true });
  tab = (name: string): Locator => this.dialog.getByRole('tab', { name });

  get status(): Locator {
    return this.dialog.getByRole('status');
  }

  get alert(): Locator {
    return this.dialog.getByRole('alert');
  }

  async chooseTargets(...names: readonly string[]): Promise<void> {
    await this.button('None').click();
    for (const name of names) await this.target(name).click();
  }

  /** Chooses where it goes, as a person does in the system's dialog, which no test can see. */
  async choosePlace(place: string): Promise<void> {
    await chooseInSystemDialog(this.program, place);
    await this.button('Choose…').click();
  }

  /** Builds, and waits until it is done. */
  async build(): Promise<void> {
    await this.button('Build').click();
    await expect(this.status).toContainText('Built', { timeout: 60_000 });
  }

  /** The tags of each image that was built, with its digest. */
  async built(): Promise<Readonly<Record<string, string>>> {
    const items = this.dialog.getByRole('list', { name: 'Tags and digests' }).getByRole('listitem');
    const texts = await items.evaluateAll((all) =>
      all.map((item) => [
        [...item.querySelectorAll('code')].map((tag) => tag.textContent).join(' '),
        item.querySelector('.images-digest')?.textContent ?? '',
      ]),
    );
    return Object.fromEntries(texts);
  }
}

/** Answers the system's dialogs from now on. */
export const chooseInSystemDialog = (program: Program, place: string): Promise<void> =>
  program.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
  }, place);

/** What the window asks the domain for, of the emulators that the tests' namespace has. */
export const requestFor = (...targets: readonly string[]): ImageRequest => ({
  machine: os.machine(),
  emulators: targets.map((target) => ({ target, path: `/usr/local/bin/qemu-${target}-static` })),
  sourceDateEpoch: null,
  images: ['emulators', 'register', 'latest'],
  busybox: null,
  repository: 'localhost/qemu-user-static',
});

/** Whether these programs are there. */
export const isInstalled = (...programs: readonly string[]): boolean =>
  programs.every((program) =>
    (process.env.PATH ?? '').split(':').some((directory) => existsSync(path.join(directory, program))),
  );

/** A port of this machine's own that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What lies over files and directories of the tests' own namespace until the test ends. */
export class Covers {
  private readonly covered: string[] = [];

  /** Mounts something there; `args` are mount's. */
  cover(place: string, ...args: readonly string[]): void {
    execFileSync('mount', [...args, place]);
    this.covered.unshift(place);
  }

  remove(): void {
    for (const place of this.covered) execFileSync('umount', [place]);
  }
}

/** Tests with, as `place`, a directory that is empty. */
export const test = base.extend<{ readonly place: string; readonly covers: Covers }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern here, also of nothing.
  place: async ({}, use) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-test-'));
    await use(directory);
    rmSync(directory, { recursive: true });
  },
  // biome-ignore lint/correctness/noEmptyPattern: see above.
  covers: async ({}, use) => {
    const covers = new Covers();
    await use(covers);
    covers.remove();
  },
});

export { expect };
