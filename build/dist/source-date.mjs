import { env } from 'node:process';
import { Problem } from '../setup/problem.mjs';
import { run } from '../setup/programs.mjs';

/**
 * The time that everything in the packages bears, in seconds since 1970, so that the same source makes the same
 * bytes: SOURCE_DATE_EPOCH (reproducible-builds.org) or the last commit's.
 *
 * @param {string} root
 * @returns {Promise<number>}
 */
export async function sourceDate(root) {
  const given = env.SOURCE_DATE_EPOCH;
  if (given !== undefined) {
    if (/^\d{1,10}$/.test(given)) return Number(given);
    throw new Problem(`SOURCE_DATE_EPOCH is “${given}”: give a number of seconds since 1970, or unset it.`);
  }
  const outcome = await run(['git', 'log', '-1', '--format=%ct'], { cwd: root }).catch(() => null);
  if (outcome?.code === 0) return Number(outcome.stdout);
  throw new Problem(
    'The date of the last commit, which the packages bear, could not be read with git: set SOURCE_DATE_EPOCH ' +
      'to the time in seconds since 1970 that they shall bear.',
  );
}
