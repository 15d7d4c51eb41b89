import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ends the pkexec that a process has started, and with it its prompt. sudo-prompt keeps the child to itself, so
 * it is looked for in /proc. While it asks, pkexec's real user is still ours and the signal is allowed; once
 * permission was given it has become root's bash, and the signal is refused, as it should be.
 */
export function endPkexec(ancestor: number): void {
  const processes = listProcesses();
  const parentOf = new Map(processes.map(({ pid, parent }) => [pid, parent]));
  const descends = (pid: number): boolean => {
    for (let one = parentOf.get(pid); one !== undefined; one = parentOf.get(one)) {
      if (one === ancestor) return true;
    }
    return false;
  };
  for (const { pid, name } of processes) {
    if (name !== 'pkexec' || !descends(pid)) continue;
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It ended, or permission was given in this moment: either way there is no prompt any more.
    }
  }
}

/** All processes, as proc_pid_stat(5) tells them. */
function listProcesses(): readonly { pid: number; parent: number; name: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const nameEnd = stat.lastIndexOf(')');
      const parent = Number(stat.slice(nameEnd + 2).split(' ')[1]);
      return [{ pid: Number(pid), parent, name: stat.slice(stat.indexOf('(') + 1, nameEnd) }];
    } catch {
      return []; // It has ended since it was listed.
    }
  });
}
