import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Product what every kind of package says of the program
 * @property {string} id the name of the package, the command that opens the window, the icon and the desktop entry
 * @property {string} executable the name of Electron’s own, which that command and `qemu-binfmt` start
 * @property {string} name
 * @property {string} version
 * @property {string} summary one line, without a full stop
 * @property {readonly string[]} description paragraphs; those that begin with `- ` are items of a list
 * @property {string} license by its SPDX identifier
 * @property {string} vendor
 * @property {string} maintainer with an address, as packages must have one
 * @property {readonly (readonly [key: string, value: string])[]} desktopEntry
 */

/** The name of the AppStream component; also that of its file. */
export const COMPONENT = 'io.github.qemu_binfmt_manager';

/**
 * Reads it where it is said first: in package.json, the desktop entry and the AppStream metainfo.
 *
 * @param {string} root
 * @returns {Product}
 */
export function readProduct(root) {
  /** @param {string[]} path */
  const read = (...path) => readFileSync(join(root, ...path), 'utf8');
  /** @type {Record<'name' | 'productName' | 'version' | 'description' | 'license' | 'author', string>} */
  const manifest = JSON.parse(read('package.json'));
  return {
    id: manifest.name,
    executable: `${manifest.name}.bin`,
    name: manifest.productName,
    version: manifest.version,
    summary: manifest.description,
    description: readDescription(read('assets', `${COMPONENT}.metainfo.xml`)),
    license: manifest.license,
    vendor: manifest.author,
    // Of a domain that never exists (RFC 2606): where the program is published says how to reach its authors.
    maintainer: `${manifest.author} <contributors@${manifest.name}.invalid>`,
    desktopEntry: readDesktopEntry(read('assets', `${manifest.name}.desktop`)),
  };
}

/**
 * @param {string} metainfo
 * @returns {string[]}
 */
function readDescription(metainfo) {
  const [, text = ''] = /<description>(.*?)<\/description>/s.exec(metainfo) ?? [];
  return [...text.matchAll(/<(p|li)>(.*?)<\/\1>/gs)].map(([, tag, content = '']) => {
    const line = content.trim().replace(/\s+/g, ' ');
    return tag === 'li' ? `- ${line}` : line;
  });
}

/**
 * @param {string} text
 * @returns {(readonly [string, string])[]}
 */
function readDesktopEntry(text) {
  return [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value]);
}
