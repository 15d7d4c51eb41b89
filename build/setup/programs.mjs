import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { env, execPath } from 'node:process';
import { Problem } from './problem.mjs';

/**
 * @typedef {object} Outcome
 * @property {number | null} code the exit status; null when a signal ended the program
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * Runs a program quietly to its end and hands back what it said. A failing exit status is the caller's to judge.
 *
 * @param {readonly string[]} command the program and its arguments
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<Outcome>}
 */
export function run([program = '', ...args], options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/**
 * Runs a program whose output a person reads as it comes.
 *
 * @param {readonly string[]} command the program and its arguments
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number | null>} the exit status; null when a signal ended it
 */
export function runVisibly([program = '', ...args], options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('close', resolve);
  });
}

/**
 * Where a program is on PATH, if it is.
 *
 * @param {string} name
 * @returns {string | undefined}
 */
export function findProgram(name) {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

/**
 * How to start npm: under npm its own copy, so that the same npm does everything; otherwise the one on PATH.
 *
 * @returns {string[]}
 */
export function npmCommand() {
  const running = env.npm_execpath;
  if (running && basename(running) === 'npm-cli.js') return [execPath, running];
  const npm = findProgram('npm');
  if (!npm) throw new Problem('npm was not found: install it (it comes with Node.js) and start again.');
  return [npm];
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // not there, or not ours to run: the search goes on
  }
}
