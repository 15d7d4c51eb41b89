import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeBytes, encodeBytes } from '../../electron/binfmt/bytes.ts';
import type { BootFileContent } from '../../electron/binfmt/operations.ts';

export const BOOT_FILES = '/etc/binfmt.d';

/** Gives this namespace an /etc of its own, and returns how to take it away again. */
export function coverEtc(): () => void {
  const place = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-etc-'));
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place]);
  for (const name of ['upper', 'work']) mkdirSync(path.join(place, name));
  const layers = `lowerdir=/etc,upperdir=${place}/upper,workdir=${place}/work,userxattr`;
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', layers, '/etc']);
  clearBootFiles();
  return () => {
    execFileSync('umount', ['/etc']);
    execFileSync('umount', [place]);
    rmSync(place, { recursive: true });
  };
}

/** Removes the directory with all that is in it. */
export const clearBootFiles = (): void => rmSync(BOOT_FILES, { recursive: true, force: true });

/** What the directory has under that name, looked at without the program's help. */
export function readBootFile(name: string): BootFileContent | null {
  const file = encodeBytes(path.join(BOOT_FILES, name));
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return { kind: 'absent' };
  if (stats.isSymbolicLink()) {
    const target = decodeBytes(readlinkSync(file, { encoding: 'buffer' }));
    return target === '/dev/null' ? { kind: 'masked' } : { kind: 'link', target };
  }
  return stats.isFile() ? { kind: 'text', text: decodeBytes(readFileSync(file)) } : null;
}

/** The names in it, in no particular order; none when it does not exist. */
export function listBootFiles(): readonly string[] {
  try {
    return readdirSync(BOOT_FILES);
  } catch {
    return [];
  }
}
