import './setup/require-node.mjs';
import { relative, resolve } from 'node:path';
import { argv, cwd, platform } from 'node:process';
import { ensurePackages } from './setup/npm-packages.mjs';
import { Problem, runMain } from './setup/problem.mjs';

const root = resolve(import.meta.dirname, '..');

/** `npm run dist`: the packages, all kinds or those that are named: `npm run dist deb`. */
await runMain(async () => {
  if (platform !== 'linux') throw new Problem('The packages are for Linux: make them on Linux.');
  await ensurePackages(root);
  // What it needs are packages that may have been installed only just now.
  const { formats } = await import('./dist/formats.mjs');
  const { dist } = await import('./dist/dist.mjs');
  const names = argv.slice(2);
  const unknown = names.filter((name) => !(name in formats));
  if (unknown.length > 0) {
    throw new Problem(
      `There are no packages called ${unknown.join(', ')}; there are ${Object.keys(formats).join(', ')}.`,
    );
  }
  const made = await dist(root, names.length > 0 ? names : Object.keys(formats), resolve(root, 'dist'));
  for (const file of made) console.log(relative(cwd(), file));
  return 0;
});
