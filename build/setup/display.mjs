import { NotPossibleHere } from './problem.mjs';
import { findProgram } from './programs.mjs';
import { say } from './progress.mjs';
import { installSystemPackages } from './system-packages.mjs';

const programs = ['xvfb-run', 'Xvfb', 'xauth'];

/**
 * Makes sure that there is a display in memory for tests to open windows on.
 *
 * @returns {Promise<string[]>} what to put in front of a command to run it on one
 */
export async function ensureDisplay() {
  const missing = programs.filter((program) => !findProgram(program));
  if (missing.length > 0) {
    say(`The tests of the window need ${missing.join(', ')}.`);
    if (!(await installSystemPackages('display'))) {
      throw new NotPossibleHere('There is no display for the tests of the window (Xvfb is not installed).');
    }
  }
  return ['xvfb-run', '--auto-servernum', '--server-args=-screen 0 1600x1200x24'];
}
