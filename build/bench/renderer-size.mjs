import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * What the window loads.
 *
 * @returns {import('./table.mjs').Measurement[]}
 */
export function measureRendererSize() {
  const directory = resolve(import.meta.dirname, '../../out/renderer/assets');
  const files = readdirSync(directory).map((name) => readFileSync(join(directory, name)));
  /** @param {(file: Buffer) => number} sizeOf */
  const sum = (sizeOf) => files.reduce((total, file) => total + sizeOf(file), 0) / 1000;
  return [
    { what: 'scripts and styles of the window', ours: sum((file) => file.length), unit: 'kB' },
    { what: 'the same, gzipped', ours: sum((file) => gzipSync(file, { level: 9 }).length), unit: 'kB' },
  ];
}
