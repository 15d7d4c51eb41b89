import './setup/require-node.mjs';
import { resolve } from 'node:path';
import { argv, env, platform } from 'node:process';
import { ensurePackages } from './setup/npm-packages.mjs';
import { explain, NotPossibleHere, Problem, runMain } from './setup/problem.mjs';
import { sum } from './setup/test-report.mjs';

/** @typedef {import('./setup/test-report.mjs').Counts} Counts */

const root = resolve(import.meta.dirname, '..');

await runMain(() => test(argv.slice(2)));

/**
 * `npm test`, all of it or the kinds that are named: `npm test unit kernel`.
 *
 * @param {string[]} names
 * @returns {Promise<number>} the exit status
 */
async function test(names) {
  if (platform !== 'linux')
    throw new Problem('The tests try a feature of the Linux kernel: run them on Linux.');
  await ensurePackages(root);
  const { testRunners } = await import('./setup/test-runners.mjs');
  const unknown = names.filter((name) => !(name in testRunners));
  if (unknown.length > 0) {
    throw new Problem(
      `There are no tests called ${unknown.join(', ')}; there are ${Object.keys(testRunners).join(', ')}.`,
    );
  }

  /** @type {Counts[]} */
  const results = [];
  for (const [name, runner] of Object.entries(testRunners)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n— ${name}`);
    results.push(await runner(root).catch((error) => notRun(name, error)));
  }
  const { passed, failed, skipped } = sum(results);
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed > 0 ? 1 : 0;
}

/**
 * Tests that this machine cannot run are skipped. CI has everything, so there it would hide something.
 *
 * @param {string} name
 * @param {unknown} error
 * @returns {Counts}
 */
function notRun(name, error) {
  const skipped = error instanceof NotPossibleHere && !env.CI;
  console.log(`${name}: ${skipped ? 'skipped' : 'not run'}. ${explain(error)}`);
  return skipped ? { passed: 0, failed: 0, skipped: 1 } : { passed: 0, failed: 1, skipped: 0 };
}
