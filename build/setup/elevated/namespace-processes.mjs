import { readdirSync, readlinkSync } from 'node:fs';
import { kill, pid as ownPid, ppid } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { Problem } from '../problem.mjs';

/** Who shares a mount namespace with us was started by us, if the namespace is ours alone. */
export function refuseSharedNamespace() {
  const ours = mountNamespace('self');
  if (ours === undefined || ours === mountNamespace(ppid) || ours === mountNamespace(1)) {
    throw new Problem('This runs in a mount namespace of its own only: start it with npm test elevated.');
  }
}

/** Ends every other process in our mount namespace: kindly, then surely. */
export async function endOtherProcesses() {
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
    const patience = Date.now() + 3000;
    while (otherProcesses().length > 0 && Date.now() < patience) {
      for (const pid of otherProcesses()) end(pid, signal);
      await wait(50);
    }
  }
}

/** @returns {number[]} what runs in our mount namespace besides us; the dead are in none */
function otherProcesses() {
  const ours = mountNamespace('self');
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== ownPid && mountNamespace(pid) === ours);
}

/**
 * @param {number | 'self'} pid
 * @returns {string | undefined} undefined when the process is gone
 */
function mountNamespace(pid) {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return undefined;
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function end(pid, signal) {
  try {
    kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
