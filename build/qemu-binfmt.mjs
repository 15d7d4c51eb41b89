#!/usr/bin/env node
import './setup/require-node.mjs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './setup/built-program.mjs';
import { ensurePackages } from './setup/npm-packages.mjs';
import { explain } from './setup/problem.mjs';

// `npx qemu-binfmt` in the repository: whatever is missing is installed and built first.
const root = resolve(import.meta.dirname, '..');
try {
  await ensurePackages(root);
  await ensureBuilt(root);
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}
// A process of its own would cost as much again as the command itself.
await import(pathToFileURL(resolve(root, 'out/main/terminal.js')).href);
