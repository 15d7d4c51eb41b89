import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browser, chromium, type Page } from '@playwright/test';
import { debuggingAddress } from './debugging-address.ts';
import { admitToDisplay, user } from './ordinary-user.ts';
import { expect, Program } from './program.ts';

/**
 * The program as the package installs it, started by an ordinary user. Its fuses keep Playwright out of the main
 * process, so that it is driven through its window alone, over the DevTools protocol that Chromium speaks on request.
 */
export class InstalledProgram extends Program {
  private constructor(
    private readonly child: ChildProcess,
    private readonly browser: Browser,
    page: Page,
    /** Where it speaks the protocol. */
    readonly port: number,
    /** What it said in its terminal before. */
    readonly said: string,
  ) {
    super(null, page);
  }

  static override async start(
    userData: string,
    switches: readonly string[] = [],
    startAs = startAsUser,
  ): Promise<InstalledProgram> {
    if (existsSync(userData)) chownSync(userData, user.uid, user.gid);
    const child = startAs(['--remote-debugging-port=0', `--user-data-dir=${userData}`, ...switches]);
    const { address, said } = await debuggingAddress(child);
    // In the middle of its first navigation a page cannot be attached to.
    await pageIsLoaded(address);
    const browser = await chromium.connectOverCDP(`http://${address}`);
    const page = browser.contexts().flatMap((context) => context.pages())[0];
    if (page === undefined) throw new Error('The installed program has no window.');
    const program = new InstalledProgram(child, browser, page, Number(address.split(':')[1]), said);
    await expect(program.targets).toBeVisible();
    return program;
  }

  /** Pastes it into a field of our own. */
  override async readClipboard(): Promise<string> {
    await this.page.evaluate(() => {
      const field = document.createElement('textarea');
      field.id = 'clipboard';
      document.body.append(field);
      field.focus();
    });
    await this.page.keyboard.press('Control+V');
    return this.page.locator('#clipboard').evaluate((field: HTMLTextAreaElement) => {
      field.remove();
      return field.value;
    });
  }

  override async resize(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  override async close(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill();
      await ended;
    }
    // Before, it would wait for an answer that Chromium owes to who attached early.
    await this.browser.close();
  }
}

/** Starts the installed program as a person's desktop does. */
export function startAsUser(args: readonly string[]): ChildProcess {
  admitToDisplay();
  return spawn(path.join(import.meta.dirname, 'ordinary-user.sh'), args, {
    env: { ...process.env, ELECTRON_PATH: process.env.INSTALLED_PROGRAM },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Starts it as root does on a machine without another user. */
export const startAsRoot = (args: readonly string[]): ChildProcess =>
  spawn(process.env.INSTALLED_PROGRAM ?? '', args, { stdio: ['ignore', 'ignore', 'pipe'] });

async function pageIsLoaded(address: string): Promise<void> {
  const patience = Date.now() + 20_000;
  while (Date.now() < patience) {
    const targets = (await (await fetch(`http://${address}/json/list`)).json()) as readonly DebuggingTarget[];
    if (targets.some(({ type, title }) => type === 'page' && title === 'QEMU Binfmt Manager')) return;
    await wait(50);
  }
  throw new Error('The installed program opened no window in 20 s.');
}

interface DebuggingTarget {
  readonly type: string;
  readonly title: string;
}
