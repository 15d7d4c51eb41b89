import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const dist = path.resolve(import.meta.dirname, '../../dist');

/** What the packages were made of: the directories app, icons and prefix. */
export const work = (...parts: readonly string[]): string => path.join(dist, 'work', ...parts);

/** What a program says, run to its end; throws when it fails. */
export const outputOf = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 });

/** The package of a format that `npm run dist` has made. */
export function packageOfFormat(format: 'deb' | 'rpm' | 'tar.gz'): string {
  const [name] = existsSync(dist) ? readdirSync(dist).filter((one) => one.endsWith(`.${format}`)) : [];
  if (name === undefined) throw new Error(`There is no .${format}: run these tests with npm test packaged`);
  return path.join(dist, name);
}

/** A file in a package: its path from the root, what its mode is (`-rwxr-xr-x`), and whose it is. */
export interface PackagedFile {
  readonly path: string;
  readonly mode: string;
  readonly owner: string;
  /** In bytes. */
  readonly size: number;
}

/** The files of the .deb, without directories. */
export const filesOfDeb = (): readonly PackagedFile[] =>
  outputOf('dpkg-deb', '--contents', packageOfFormat('deb'))
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/))
    .map(([mode = '', owner = '', size = '', _day, _time, name = '']) => ({
      path: name.replace(/^\./, ''),
      mode,
      owner,
      size: Number(size),
    }))
    .filter(({ mode }) => !mode.startsWith('d'));
