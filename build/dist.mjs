import './setup/require-node.mjs';
import { relative, resolve } from 'node:path';
import { cwd, platform } from 'node:process';
import { parseArgs } from 'node:util';
import { ensurePackages } from './setup/npm-packages.mjs';
import { Problem, runMain } from './setup/problem.mjs';

const root = resolve(import.meta.dirname, '..');

/**
 * `npm run dist`: the packages, all kinds or those that are named: `npm run dist deb`. With `--for-release` it fails
 * where one cannot be made, or not as it is to be published.
 */
await runMain(async () => {
  if (platform !== 'linux') throw new Problem('The packages are for Linux: make them on Linux.');
  await ensurePackages(root);
  // What it needs are packages that may have been installed only just now.
  const { formats } = await import('./dist/formats.mjs');
  const { dist } = await import('./dist/dist.mjs');
  const { values, positionals: names } = readArguments();
  const unknown = names.filter((name) => !(name in formats));
  if (unknown.length > 0) {
    throw new Problem(
      `There are no packages called ${unknown.join(', ')}; there are ${Object.keys(formats).join(', ')}.`,
    );
  }
  const made = await dist(root, names.length > 0 ? names : Object.keys(formats), resolve(root, 'dist'), {
    forRelease: values['for-release'],
  });
  for (const file of made) console.log(relative(cwd(), file));
  return 0;
});

function readArguments() {
  try {
    return parseArgs({
      options: { 'for-release': { type: 'boolean', default: false } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Problem(error instanceof Error ? error.message : String(error));
  }
}
