import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../setup/problem.mjs';

/** Licences that ask for no more than to be passed on with the program. */
const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

/**
 * Texts that a package brings along, by its name, of what does not ship: of xz the library alone does, which is under
 * the 0BSD; its programs are under the others.
 *
 * @type {ReadonlyMap<string, readonly string[]>}
 */
const notShipped = new Map([['libarchive', ['COPYING.GPLv2', 'COPYING.GPLv3', 'COPYING.LGPLv2.1']]]);

const line = '-'.repeat(78);

/**
 * The licences of all that ships, in one text.
 *
 * @param {string} root
 * @param {import('./product.mjs').Product} product
 * @param {readonly string[]} packages directories of the npm packages in the bundle
 * @param {string} electronLicence the text of Electron's own
 * @returns {Promise<string>}
 */
export async function collectLicences(root, product, packages, electronLicence) {
  const own = await readFile(join(root, 'LICENSE'), 'utf8');
  const parts = [
    `${product.name} ${product.version}\n\n${own.trim()}`,
    `Electron\n\n${electronLicence.trim()}`,
    'Chromium and all it consists of: see LICENSES.chromium.html.gz beside this file.',
    ...(await Promise.all(packages.map(packagePart))),
  ];
  return `The licences of ${product.name}, of Electron, which it runs in, and of the npm packages that are part of it.\n\n${parts
    .map((part) => `${line}\n${part}\n`)
    .join('\n')}`;
}

/**
 * @param {string} directory
 * @returns {Promise<string>}
 */
async function packagePart(directory) {
  /** @type {{ name: string, version: string, license?: string }} */
  const { name, version, license = '' } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  if (!accepted.has(license)) {
    throw new Problem(
      `The npm package ${name} is part of the program, and its licence is “${license}”: see whether it may be ` +
        `passed on, and with what, before adding that to ${import.meta.filename ?? import.meta.url}.`,
    );
  }
  const texts = await licenceTexts(directory, notShipped.get(name) ?? []);
  if (texts.length === 0) {
    throw new Problem(
      `The npm package ${name} is part of the program and brings no text of its licence along.`,
    );
  }
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

/**
 * @param {string} directory
 * @param {readonly string[]} leftOut
 * @returns {Promise<string[]>}
 */
async function licenceTexts(directory, leftOut) {
  const names = await readdir(directory);
  const files = names.filter((name) => /^(licen[cs]e|copying|notice)(\W|$)/i.test(name));
  // Of what a package contains that was not written by its authors.
  const more = names.includes('licenses') ? await readdir(join(directory, 'licenses')) : [];
  const shipped = more.filter((name) => !leftOut.includes(name));
  const paths = [...files, ...shipped.map((name) => join('licenses', name))];
  const texts = await Promise.all(paths.sort().map((path) => readFile(join(directory, path), 'utf8')));
  return texts.map((text) => text.replaceAll('\r\n', '\n').trim());
}
