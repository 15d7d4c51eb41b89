import { getuid } from 'node:process';
import { aptInstall } from './apt.mjs';
import { NotPossibleHere } from './problem.mjs';
import { findProgram } from './programs.mjs';
import { say } from './progress.mjs';

/**
 * Makes sure that programs are there which some tests need: installs them as root on an apt system.
 *
 * @param {string} tests which: `The tests of images`
 * @param {ReadonlyMap<string, string>} tools programs, each with the Debian package it comes from
 */
export async function ensureTools(tests, tools) {
  const missing = [...tools.keys()].filter((program) => !findProgram(program));
  if (missing.length === 0) return;
  say(`${tests} need ${missing.join(', ')}.`);
  const packages = missing.map((program) => tools.get(program) ?? program);
  if (getuid?.() !== 0 || !findProgram('apt-get')) {
    throw new NotPossibleHere(
      `${tests} need ${packages.join(', ')} (names of Debian’s packages): install them.`,
    );
  }
  if (!(await aptInstall(packages))) throw new NotPossibleHere(`${tests} need ${missing.join(', ')}.`);
}
