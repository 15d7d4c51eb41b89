import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cover, coverFile, type PutBack } from './polkit-mounts.ts';

const PKEXEC = '/usr/bin/pkexec';

/** Takes pkexec away, in our mount namespace. */
export function removePkexec(): PutBack {
  const directory = mkdtempSync(path.join(tmpdir(), 'without-pkexec-'));
  const upper = path.join(directory, 'upper');
  const work = path.join(directory, 'work');
  for (const one of [upper, work]) mkdirSync(one);
  // How overlay writes down that a file is gone.
  execFileSync('mknod', [`${upper}/pkexec`, 'c', '0', '0']);
  const options = `lowerdir=/usr/bin,upperdir=${upper},workdir=${work}`;
  return cover('/usr/bin', '-t', 'overlay', '-o', options, 'overlay');
}

/** Makes pkexec an ordinary program, as in containers that drop set-uid. */
export function stripSetuid(): PutBack {
  const copy = path.join(mkdtempSync(path.join(tmpdir(), 'powerless-')), 'pkexec');
  copyFileSync(PKEXEC, copy);
  chmodSync(copy, 0o755);
  return coverFile(PKEXEC, copy);
}

/** Mounts the file system that pkexec lies on with nosuid. */
export function mountNosuid(): PutBack {
  const putBack = coverFile(PKEXEC, PKEXEC);
  execFileSync('mount', ['-o', 'remount,bind,nosuid', PKEXEC]);
  return putBack;
}

/** Leaves no shell that pkexec would take. */
export const emptyShells = (): PutBack => coverFile('/etc/shells', '/dev/null');

/** Leaves no way to polkit, as if neither it nor the system bus was running. */
export const coverPolkit = (): PutBack => cover('/run/dbus', '-t', 'tmpfs', 'tmpfs');
