import { sep } from 'node:path';

/**
 * A plugin that notes which npm packages really went into the bundle: the directory of each module of which
 * something is left after tree-shaking, and of each file that was inlined.
 *
 * @param {Set<string>} packages
 * @returns {import('vite').Plugin}
 */
export const collectPackages = (packages) => ({
  name: 'collect-packages',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      for (const [id, { renderedLength }] of Object.entries(chunk.modules)) {
        const directory = renderedLength > 0 ? packageDirectory(id) : undefined;
        if (directory) packages.add(directory);
      }
    }
  },
});

/**
 * @param {string} id a module's, which may begin with a NUL and end in a query
 * @returns {string | undefined} the directory of the npm package it is of, if it is of one
 */
function packageDirectory(id) {
  const [path = ''] = id.replace(/^\0/, '').split('?');
  const marker = `${sep}node_modules${sep}`;
  const start = path.lastIndexOf(marker);
  if (start === -1) return undefined;
  const [first = '', second = ''] = path.slice(start + marker.length).split(sep);
  return path.slice(0, start + marker.length) + (first.startsWith('@') ? `${first}${sep}${second}` : first);
}
