import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { thisSystem } from '../../electron/install/distribution/system.ts';
import type { ThrowawayRoot } from './archives-root.ts';

/**
 * The machine itself with file systems of our own on top of what a package manager changes, for as long as this
 * namespace lives or until it is removed: for tests of what runs package managers at their own places.
 */
export function coverSystem(directory: string): ThrowawayRoot {
  const mounted: string[] = [];
  const mount = (place: string, ...args: readonly string[]): void => {
    execFileSync('mount', [...args, place]);
    mounted.push(place);
  };
  const layers = path.join(directory, 'layers');
  mkdirSync(layers);
  mount(layers, '-t', 'tmpfs', 'tmpfs');
  for (const place of ['/usr', '/etc', '/var', '/bin', '/sbin', '/lib']) {
    if (!existsSync(place) || lstatSync(place).isSymbolicLink()) continue;
    const [upper, work] = [`${layers}${place}.upper`, `${layers}${place}.work`];
    for (const layer of [upper, work]) mkdirSync(layer);
    // userxattr: a user namespace may set no others, and without any no directory can be renamed.
    const options = `lowerdir=${place},upperdir=${upper},workdir=${work},userxattr`;
    mount(place, '-t', 'overlay', 'overlay', '-o', options);
  }
  // Those of the machine belong to apt's own user, whom a user namespace does not know.
  for (const place of ['/var/lib/apt/lists', '/var/cache/apt', '/run']) mount(place, '-t', 'tmpfs', 'tmpfs');
  const run = async (...[command = '', ...args]: readonly string[]): Promise<string> => {
    const { ok, stdout, stderr } = await thisSystem.ask(command, args);
    if (!ok) throw new Error(stderr);
    return stdout;
  };
  const system = {
    ...thisSystem,
    machine: os.machine(),
    osRelease: () => readFileSync('/etc/os-release', 'utf8'),
  };
  const remove = (): void => {
    for (const place of mounted.reverse()) execFileSync('umount', ['--lazy', place]);
  };
  return { root: '/', system, run, remove };
}
