import './setup/require-node.mjs';
import { resolve } from 'node:path';
import { env, execPath } from 'node:process';
import { runWithPrivateWindow } from './private-window.mjs';
import { ensurePackages } from './setup/npm-packages.mjs';
import { NotPossibleHere, Problem, runMain } from './setup/problem.mjs';
import { runVisibly } from './setup/programs.mjs';
import { say } from './setup/progress.mjs';

const root = resolve(import.meta.dirname, '..');

/** `npm run bench`: how fast the program is, against the floor of what any program would need. */
await runMain(async () => {
  await ensurePackages(root);
  // In a process of its own: what packaging leaves in one slows down whatever it starts.
  const code = await runVisibly([execPath, resolve(import.meta.dirname, 'dist/make.mjs')], { cwd: root });
  if (code !== 0)
    throw new Problem('The packages could not be made, and so not be measured; why is said above.');
  // In the user namespace of all the rest pkexec does not work.
  env.ELEVATION_MEASURED = JSON.stringify(await elevation());
  return await runWithPrivateWindow('bench/measure-all.mjs');
});

/** @returns {Promise<import('./bench/table.mjs').Measurement[]>} none where this machine cannot do it */
async function elevation() {
  // What it needs is a package that may have been installed only just now.
  const { measureElevation } = await import('./bench/elevation.mjs');
  try {
    return await measureElevation(root);
  } catch (error) {
    if (!(error instanceof NotPossibleHere)) throw error;
    say(`What the way through polkit costs is not measured. ${error.message}`);
    return [];
  }
}
