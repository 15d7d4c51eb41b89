import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { readProduct } from '../../../build/dist/product.mjs';
import { work } from '../../support/packages.ts';

const product = readProduct('.');
const executable = work('prefix/lib', product.id, product.id);
let data = '';
let program: ChildProcess | null = null;

afterEach(async () => {
  if (program?.kill() === true) await once(program, 'exit');
  rmSync(data, { recursive: true, force: true, maxRetries: 5 });
});

it('desktops know the window by what the desktop entry says', async () => {
  data = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-window-'));
  program = spawn(executable, [`--user-data-dir=${data}`], { stdio: 'ignore' });
  await expect.poll(windowClass, { timeout: 30_000 }).toBe(product.id);
  expect(product.desktopEntry).toContainEqual(['StartupWMClass', product.id]);
});

/**
 * The class of the window with the program's name, as desktops compare it. Until 41.6 Electron makes it of the
 * name, with capitals and blanks, and later of the desktop entry.
 */
async function windowClass(): Promise<string> {
  await wait(100);
  const { stdout } = spawnSync('xwininfo', ['-root', '-tree'], { encoding: 'utf8' });
  const [, found = ''] = new RegExp(`"${product.name}": \\("[^"]*" "([^"]*)"\\)`).exec(stdout) ?? [];
  return found.toLowerCase().replaceAll(' ', '-');
}
