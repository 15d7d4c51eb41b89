import { closeSync, fstatSync, linkSync, openSync, renameSync, rmSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { makeDirectory } from './make-directory.ts';

/** What is done under a lock takes milliseconds: one as old as this was left by a program that was killed. */
const STALE_MS = 3000;
const LONGEST_WAIT_MS = 5000;
const PAUSE_MS = 2;

/**
 * Does the work while no other process works under the same lock, a file that exists meanwhile. Where it cannot be
 * made, or somebody holds it for too long, the work is done all the same: it matters more than its turn.
 */
export function withLock<Value>(lock: string, work: () => Value): Value {
  const ours = acquire(lock);
  try {
    return work();
  } finally {
    // Whoever took ours for stale has one of their own there.
    if (ours !== null && isDeepStrictEqual(identityOf(lock), ours)) rmSync(lock, { force: true });
  }
}

/** What tells one lock from another of the same name: inode numbers are used again. */
type Identity = Pick<Stats, 'ino' | 'mtimeMs'>;

function identityOf(lock: string | number): Identity | null {
  const stats = typeof lock === 'number' ? fstatSync(lock) : statSync(lock, { throwIfNoEntry: false });
  return stats === undefined ? null : { ino: stats.ino, mtimeMs: stats.mtimeMs };
}

/** Null where it could not be had. */
function acquire(lock: string): Identity | null {
  const giveUpAt = Date.now() + LONGEST_WAIT_MS;
  try {
    makeDirectory(path.dirname(lock));
    while (Date.now() <= giveUpAt) {
      const ours = create(lock);
      if (ours !== null) return ours;
      if (isStale(lock)) removeStale(lock);
      else Atomics.wait(sleeper, 0, 0, PAUSE_MS);
    }
  } catch {
    // Nothing can be written there: the work will say so.
  }
  return null;
}

function create(lock: string): Identity | null {
  try {
    const descriptor = openSync(lock, 'wx', 0o600);
    const ours = identityOf(descriptor);
    closeSync(descriptor);
    return ours;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null;
    throw error;
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

function isStale(lock: string): boolean {
  const stats = statSync(lock, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > STALE_MS;
}

/** Others may have done so since it was looked at: what is there then is a new one, and goes back. */
export function removeStale(lock: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (!isStale(aside)) linkSync(aside, lock);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
