/**
 * Runs inside Electron, as its resources/app/main.mjs: loads the app that the arguments name, as Electron's
 * own default app does. Electrons taken out of another product have no default app, hence this one.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { argv, exit } from 'node:process';
import { pathToFileURL } from 'node:url';
import * as electron from 'electron';

/** What Electron's own default app uses too, though its types leave it out. */
const app =
  /** @type {Electron.App & { setAppPath: (path: string) => void, setVersion: (version: string) => void }} */ (
    electron.app
  );

const { appPath, modules } = readArguments(argv.slice(1));
if (!appPath) {
  console.error('Name the app to run: electron PATH');
  exit(1);
}
for (const module of modules) createRequire(resolve('argument'))(module);

Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
// Electron waits with its `ready` event until this module, and so the app's, has been evaluated.
await import(pathToFileURL(adopt(resolve(appPath))).href);

/**
 * Electron's own switches come before the app's path; of these only --require takes a word of its own.
 *
 * @param {string[]} args
 */
function readArguments(args) {
  /** @type {string[]} */
  const modules = [];
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (argument === '-r' || argument === '--require') {
      index += 1;
      modules.push(args[index] ?? '');
    } else if (!argument.startsWith('-')) {
      return { appPath: argument, modules };
    }
  }
  return { appPath: undefined, modules };
}

/**
 * Takes on the app's name, version and path, before anything of it runs.
 *
 * @param {string} path
 * @returns {string} the file to run
 */
function adopt(path) {
  const manifest = join(path, 'package.json');
  if (!existsSync(manifest)) {
    const isFile = statSync(path).isFile();
    app.setAppPath(isFile ? dirname(path) : path);
    return isFile ? path : join(path, 'index.js');
  }
  /** @type {{ name?: string, productName?: string, version?: string, desktopName?: string, main?: string }} */
  const { name, productName, version, desktopName, main } = JSON.parse(readFileSync(manifest, 'utf8'));
  if (version) app.setVersion(version);
  app.setName(productName ?? name ?? 'Electron');
  app.setDesktopName(desktopName ?? `${app.getName()}.desktop`);
  app.setAppPath(path);
  return join(path, main ?? 'index.js');
}
