import { opendirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {readonly (readonly [name: string, text: string])[]} Registry `status` and every entry, in the
 *   kernel's order; strings of bytes
 */

/** CPUs whose programs hardly anybody keeps, and that Node.js does not run on: registering them disturbs nothing. */
const candidates = ['hppa', 'alpha', 'sh4eb', 'xtensaeb', 'microblaze', 'or1k'];

/**
 * @param {string} directory where binfmt_misc is mounted
 * @returns {Registry}
 */
export function readRegistry(directory) {
  // latin1 keeps every byte; utf8 would not.
  const opened = opendirSync(directory, { encoding: 'latin1' });
  /** @type {[string, string][]} */
  const registry = [];
  for (let file = opened.readSync(); file !== null; file = opened.readSync()) {
    if (file.name === 'register') continue;
    const path = Buffer.from(`${directory}/${file.name}`, 'latin1');
    registry.push([file.name, readFileSync(path, 'latin1')]);
  }
  opened.closeSync();
  return registry;
}

/**
 * The targets whose entries the tests may make and remove.
 *
 * @param {Registry} before
 * @returns {string[]}
 */
export function harmlessTargets(before) {
  const taken = new Set(before.map(([name]) => name));
  return candidates.filter((target) => !taken.has(`qemu-${target}`));
}

/**
 * @param {string} directory
 * @param {readonly string[]} targets
 */
export function removeOwnEntries(directory, targets) {
  const own = new Set(targets.map((target) => `qemu-${target}`));
  for (const [name] of readRegistry(directory)) {
    if (own.has(name)) writeFileSync(join(directory, name), '-1');
  }
}

/**
 * @param {Registry} before
 * @param {Registry} after
 * @returns {string} empty when there are none
 */
export function differences(before, after) {
  const [was, is] = [before, after].map((registry) =>
    registry.map(([name, text]) => `${name}:\n${text}`).join('\n'),
  );
  return was === is ? '' : `It was:\n${was}\nIt is:\n${is}`;
}
