import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeBytes, encodeBytes } from '../../electron/binfmt/bytes.ts';
import type { BootFileContent } from '../../electron/binfmt/operations.ts';

export const BOOT_FILES = '/etc/binfmt.d';
/** binfmt-support's database. */
export const FORMATS = '/var/lib/binfmts';

/** Gives this namespace an /etc and a /var/lib of its own, without boot files, and returns how to take them away again. */
export function coverEtc(): () => void {
  const undo = ['/etc', '/var/lib'].map(cover);
  clearBootFiles();
  return () => {
    for (const uncover of undo) uncover();
  };
}

function cover(directory: string): () => void {
  const place = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-cover-'));
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place]);
  for (const name of ['upper', 'work']) mkdirSync(path.join(place, name));
  const layers = `lowerdir=${directory},upperdir=${place}/upper,workdir=${place}/work,userxattr`;
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', layers, directory]);
  return () => {
    execFileSync('umount', [directory]);
    execFileSync('umount', [place]);
    rmSync(place, { recursive: true });
  };
}

/** Removes both directories with all that is in them. */
export function clearBootFiles(): void {
  for (const place of [BOOT_FILES, FORMATS]) rmSync(place, { recursive: true, force: true });
}

/** What a directory has under that name, looked at without the program's help. */
export function readBootFile(name: string, directory = BOOT_FILES): BootFileContent | null {
  const file = encodeBytes(path.join(directory, name));
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return { kind: 'absent' };
  if (stats.isSymbolicLink()) {
    const target = decodeBytes(readlinkSync(file, { encoding: 'buffer' }));
    return target === '/dev/null' ? { kind: 'masked' } : { kind: 'link', target };
  }
  return stats.isFile() ? { kind: 'text', text: decodeBytes(readFileSync(file)) } : null;
}

/** The names in it, in no particular order; none when it does not exist. */
export function listBootFiles(directory = BOOT_FILES): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
