import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
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
  const isOurs = acquire(lock);
  try {
    return work();
  } finally {
    if (isOurs) rmSync(lock, { force: true });
  }
}

function acquire(lock: string): boolean {
  const giveUpAt = Date.now() + LONGEST_WAIT_MS;
  try {
    makeDirectory(path.dirname(lock));
    while (!create(lock)) {
      if (Date.now() > giveUpAt) return false;
      if (isStale(lock)) rmSync(lock, { force: true });
      else Atomics.wait(sleeper, 0, 0, PAUSE_MS);
    }
    return true;
  } catch {
    return false; // Nothing can be written there: the work will say so.
  }
}

function create(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

function isStale(lock: string): boolean {
  const stats = statSync(lock, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > STALE_MS;
}
