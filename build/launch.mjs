import { resolve } from 'node:path';
import { env } from 'node:process';
import { _electron } from '@playwright/test';

/**
 * Starts the built program for Playwright to drive, inside a private namespace.
 *
 * @param {string} userData
 * @param {{ colorScheme?: 'light' | 'dark' }} [options]
 */
export async function launch(userData, options = {}) {
  const root = resolve(import.meta.dirname, '..');
  const app = await _electron.launch({
    ...options,
    executablePath: env.ELECTRON_PATH ?? 'electron',
    // In the namespace everybody is root, for whom Chromium has no sandbox.
    args: ['--no-sandbox', root, `--user-data-dir=${userData}`],
  });
  return { app, page: await app.firstWindow() };
}
