import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { env } from 'node:process';
import { createInterface } from 'node:readline';

/**
 * @typedef {object} App
 * @property {string} path what Electron is told to run
 * @property {string} userData kept between starts, as a person's is
 * @property {number} rows that its table has once it is filled
 *
 * @typedef {object} Times since the process was started, in milliseconds
 * @property {number} loaded Electron runs, the app's own code comes next
 * @property {number} created there is a window
 * @property {number} navigated the page begins to load
 * @property {number} content the page's content is painted
 * @property {number} shown the window is shown
 *
 * @typedef {object} OpenWindow
 * @property {number} pid
 * @property {Times} times
 * @property {() => Promise<void>} close
 */

const probe = resolve(import.meta.dirname, 'start-probe.cjs');

/**
 * The least that an Electron program with a window can be.
 *
 * @param {string} directory
 * @returns {App}
 */
export function makeEmptyApp(directory) {
  const path = join(directory, 'empty-app');
  mkdirSync(path);
  const main = `
const { app, BrowserWindow } = require('electron');
app.on('window-all-closed', () => app.quit());
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1240, height: 820, show: false });
  window.once('ready-to-show', () => window.show());
  window.loadFile('index.html');
});
`;
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name: 'empty', main: 'main.js' }));
  writeFileSync(join(path, 'main.js'), main);
  writeFileSync(join(path, 'index.html'), '<!doctype html><title>Empty</title>');
  return { path, userData: join(directory, 'empty-data'), rows: 0 };
}

/**
 * Starts an app and waits until its window shows what it is there to show.
 *
 * @param {App} app
 * @returns {Promise<OpenWindow>}
 */
export async function openWindow({ path, userData, rows }) {
  // In the namespace everybody is root, for whom Chromium has no sandbox.
  const args = ['--no-sandbox', '--require', probe, path, `--user-data-dir=${userData}`, `--rows=${rows}`];
  const start = Date.now();
  const child = spawn(env.ELECTRON_PATH ?? 'electron', args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const gone = once(child, 'exit');
  const report = /** @type {import('node:stream').Readable} */ (child.stdio[3]);
  const [line] = await Promise.race([
    once(createInterface(report), 'line'),
    gone.then(() => Promise.reject(new Error(`${path} ended before it showed its window.`))),
  ]);
  /** @type {Times} */
  const times = JSON.parse(line);
  return {
    pid: child.pid ?? 0,
    times: /** @type {Times} */ (
      Object.fromEntries(Object.entries(times).map(([what, time]) => [what, time - start]))
    ),
    close: async () => {
      child.kill(); // Electron takes SIGTERM for the wish to quit, and saves its caches.
      await gone;
    },
  };
}
