import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const RECORD = '/run/qemu-binfmt-manager/system-before.json';
/**
 * What is no part of the installed system: kernel, devices, what lasts until the restart, root's own files, and what
 * package managers write to whenever they run.
 */
const others = new Set([
  ...['/dev', '/proc', '/run', '/sys', '/tmp', '/usr/local/bin', '/root'],
  ...['/var/cache', '/var/log', '/var/lib/apt'],
]);
/** Where dpkg keeps its records: what is in them changes, but no file comes or goes with a package for good. */
const RECORDS = '/var/lib/dpkg/';

/** The system's files: what each is and, where that can be compared, what is in it. */
type System = Readonly<Record<string, string>>;

/** Keeps what there is on this machine now. */
export const rememberSystem = (): void => writeFileSync(RECORD, JSON.stringify(readSystem()));

/** What is different from when it was kept: paths. */
export function changesToSystem(): readonly string[] {
  const before = JSON.parse(readFileSync(RECORD, 'utf8')) as System;
  const now = readSystem();
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (file) => before[file] !== now[file],
  );
}

function readSystem(): System {
  const system: Record<string, string> = {};
  const directories = ['/'];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const file = path.join(directory, entry.name);
      if (others.has(file)) continue;
      system[file] = describe(file);
      if (entry.isDirectory()) directories.push(file);
    }
  }
  return system;
}

function describe(file: string): string {
  const stats = lstatSync(file);
  const owner = `${stats.mode.toString(8)} ${stats.uid}:${stats.gid}`;
  if (stats.isSymbolicLink()) return `${owner} → ${readlinkSync(file)}`;
  if (!stats.isFile() || file.startsWith(RECORDS)) return owner;
  return `${owner} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`;
}
