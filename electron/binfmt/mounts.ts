import { closeSync, openSync, readFileSync } from 'node:fs';

/** Opens anything without reading it, also what may not be read and what would block (open(2)); Node has no name for it. */
export const O_PATH = 0o10000000;

/** How a file system is mounted: its type, and the mount's options and its own. */
export interface Mount {
  readonly type: string;
  readonly options: ReadonlySet<string>;
}

/** The mount that holds a place; null where nothing is. An automount stays as it is. */
export function mountAt(place: string): Mount | null {
  let descriptor: number;
  try {
    descriptor = openSync(place, O_PATH);
  } catch {
    return null;
  }
  try {
    return mountOf(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The mount an opened file was reached through (proc_pid_fdinfo(5)), looked up in proc_pid_mountinfo(5). */
export function mountOf(descriptor: number): Mount | null {
  const id = /^mnt_id:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1];
  const lines = readFileSync('/proc/self/mountinfo', 'latin1').split('\n');
  const fields = lines.map((line) => line.split(' ')).find(([first]) => first === id);
  if (fields === undefined) return null;
  const [type = '', , ofFileSystem = ''] = fields.slice(fields.indexOf('-') + 1);
  return { type, options: new Set(`${fields[5]},${ofFileSystem}`.split(',')) };
}
