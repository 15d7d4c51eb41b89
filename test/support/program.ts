import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  test as base,
  type ElectronApplication,
  _electron as electron,
  expect,
  type Locator,
  type Page,
} from '@playwright/test';
import axe from 'axe-core';
import { clearRegistry } from './registry.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** The real program in a real window, with words for what a person does there. */
export class Program {
  protected constructor(
    private readonly inspected: ElectronApplication | null,
    readonly page: Page,
  ) {}

  static async start(userData: string): Promise<Program> {
    if (process.env.INSTALLED_PROGRAM !== undefined) {
      const { InstalledProgram } = await import('./installed-program.ts');
      return InstalledProgram.start(userData);
    }
    const app = await electron.launch({
      executablePath: process.env.ELECTRON_PATH ?? 'electron',
      args: [
        ...['-r', path.join(import.meta.dirname, 'wait-for-playwright.cjs')],
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        repository,
        `--user-data-dir=${userData}`,
      ],
    });
    return Program.of(app);
  }

  /** The program that was started as `app`, once its window shows the table. */
  static async of(app: ElectronApplication): Promise<Program> {
    const page = await app.firstWindow();
    const program = new Program(app, page);
    await expect(program.targets).toBeVisible();
    return program;
  }

  /** Whether it runs as its package has installed it: see installed-program.ts. */
  get isInstalled(): boolean {
    return this.inspected === null;
  }

  /**
   * The main process. An installed program's is out of reach: its fuses forbid to inspect it. It is not put to the
   * tests that have @main-process in their titles.
   */
  get app(): ElectronApplication {
    if (this.inspected !== null) return this.inspected;
    throw new Error('An installed program keeps its main process to itself.');
  }

  get targets(): Locator {
    return this.page.getByRole('grid', { name: 'QEMU targets' });
  }

  get formats(): Locator {
    return this.page.getByRole('grid', { name: 'Other formats' });
  }

  get status(): Locator {
    return this.page.getByRole('status');
  }

  get alert(): Locator {
    return this.page.getByRole('alert');
  }

  row(name: string): Locator {
    return this.page.getByRole('row').filter({ has: this.header(name) });
  }

  header(name: string): Locator {
    return this.page.getByRole('rowheader', { name, exact: true });
  }

  switchOf(name: string): Locator {
    return this.page.getByRole('switch', { name, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  detailsOf(name: string): Locator {
    return this.page.getByRole('region', { name: `Details of ${name}`, exact: true });
  }

  /** What can be done with several selected rows. */
  get selectionBar(): Locator {
    return this.page.getByRole('toolbar', { name: 'Selection' });
  }

  /** The names of the selected rows, those of both tables. */
  selectedRows(): Promise<readonly string[]> {
    return this.page
      .locator('[role=row][aria-selected=true] [role=rowheader]')
      .evaluateAll((headers) => headers.map((header) => header.getAttribute('aria-label') ?? ''));
  }

  /** Opens the dialog that registers with options, from a row's menu. */
  async openOptionsOf(row: string): Promise<Locator> {
    await this.chooseFromMenu(row, 'Register with options…');
    return this.page.getByRole('dialog', { name: `Register ${row} with options` });
  }

  /** What was done so far, the newest first: the messages of Past changes. */
  async pastChanges(): Promise<readonly string[]> {
    await this.button('Past changes').click();
    const dialog = this.page.getByRole('dialog', { name: 'Past changes' });
    await expect(dialog).toBeVisible();
    const messages = await dialog.locator('.past-change-head p:first-child').allTextContents();
    await this.button('Close past changes').click();
    return messages;
  }

  async chooseFromMenu(row: string, item: string): Promise<void> {
    await this.button(`Actions for ${row}`).click();
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  /** Chooses an item of the application menu, which no test can see. */
  async chooseInApplicationMenu(label: string): Promise<void> {
    await this.app.evaluate(({ Menu }, wanted) => {
      const items = Menu.getApplicationMenu()?.items.flatMap((one) => one.submenu?.items ?? []) ?? [];
      const item = items.find((one) => one.label.replace('&', '') === wanted);
      if (item === undefined) throw new Error(`There is no item ${wanted}.`);
      item.click();
    }, label);
  }

  /** From now on a person chooses this file, or directory, in the system's dialogs; null: none. */
  async answerFileDialogs(file: string | null): Promise<void> {
    await this.app.evaluate(({ dialog }, chosen) => {
      const canceled = chosen === null;
      const filePaths = canceled ? [] : [chosen];
      dialog.showOpenDialog = () => Promise.resolve({ canceled, filePaths });
      dialog.showSaveDialog = () => Promise.resolve({ canceled, filePath: chosen ?? '' });
    }, file);
  }

  /** Drops a file or a folder on the middle of the window. */
  async drop(file: string): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: [file], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 450, y: 300, data });
    }
  }

  /** Resets all and confirms. */
  async resetAll(): Promise<void> {
    await this.button('Reset all').click();
    const dialog = this.page.getByRole('dialog', { name: 'Reset all registrations?' });
    await dialog.getByRole('button', { name: 'Reset all' }).click();
  }

  /**
   * Presses a key as a keyboard does. Playwright's own keyboard speaks to the page alone, and what the page does
   * not want never reaches the menu.
   */
  async press(keyCode: string, ...modifiers: readonly ('control' | 'shift')[]): Promise<void> {
    await this.app.evaluate(
      ({ BrowserWindow }, key) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.focus();
        for (const type of ['keyDown', 'keyUp'] as const) contents?.sendInputEvent({ type, ...key });
      },
      { keyCode, modifiers: [...modifiers] },
    );
  }

  async readClipboard(): Promise<string> {
    return this.app.evaluate(({ clipboard }) => clipboard.readText());
  }

  async resize(width: number, height: number): Promise<void> {
    await this.app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
      { width, height },
    );
    await expect.poll(() => this.page.evaluate(() => window.innerWidth)).toBe(width);
  }

  /** Fails with what axe finds in the window as it is now, with the list at its top. */
  async expectNoAccessibilityViolation(): Promise<void> {
    await this.page.evaluate(axe.source);
    // To axe a button is as small as what the toolbar leaves of it, at whatever place the list has been scrolled to.
    await this.page.locator('.app-list').evaluateAll((lists) => {
      for (const list of lists) list.scrollTop = 0;
    });
    const violations = await this.page.evaluate(async () => {
      const { axe: inPage } = window as unknown as { readonly axe: typeof axe };
      const results = await inPage.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return results.violations.map(
        (one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html).join(' ')}`,
      );
    });
    expect(violations).toEqual([]);
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}

/** Tests with an empty registry and, as `program`, a program that was started on it. */
export const test = base.extend<{ readonly userData: string; readonly program: Program }>({
  // Playwright wants a pattern here, also of nothing.
  // biome-ignore lint/correctness/noEmptyPattern: see above.
  userData: async ({}, use) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-test-'));
    clearRegistry();
    await use(directory);
    clearRegistry();
    rmSync(directory, { recursive: true, force: true });
  },
  program: async ({ userData }, use) => {
    const program = await Program.start(userData);
    await use(program);
    await program.close();
  },
});

export { expect };
