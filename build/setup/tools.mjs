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
  const missing = missingOf(tools);
  if (missing.length === 0) return;
  say(`${tests} need ${missing.join(', ')}.`);
  if (await installTools(tools)) return;
  const packages = missing.map((program) => tools.get(program)).join(', ');
  throw new NotPossibleHere(`${tests} need ${packages} (names of Debian’s packages): install them.`);
}

/**
 * Installs programs that a few tests need, where that is possible; where it is not, those tests skip themselves.
 *
 * @param {ReadonlyMap<string, string>} tools
 * @returns {Promise<boolean>} whether all are there
 */
export async function installTools(tools) {
  const missing = missingOf(tools);
  if (missing.length === 0) return true;
  if (getuid?.() !== 0 || !findProgram('apt-get')) return false;
  return await aptInstall(missing.map((program) => tools.get(program) ?? program));
}

/** @type {(tools: ReadonlyMap<string, string>) => string[]} */
const missingOf = (tools) => [...tools.keys()].filter((program) => !findProgram(program));
