import './setup/require-node.mjs';
import { resolve } from 'node:path';
import { ensureElectron } from './setup/electron.mjs';
import { ensurePackages } from './setup/npm-packages.mjs';
import { runMain } from './setup/problem.mjs';

/** Prints the executable of the Electron that the program runs in, installed first where it is missing. */
await runMain(async () => {
  const root = resolve(import.meta.dirname, '..');
  await ensurePackages(root);
  console.log(await ensureElectron(root));
  return 0;
});
