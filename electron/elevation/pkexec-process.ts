import { readdirSync, readFileSync, statSync } from 'node:fs';

/**
 * The pkexec that a process has started, and root's bash that it becomes when permission is given. sudo-prompt keeps
 * the child to itself, so it is looked for in /proc.
 */
export class PkexecProcess {
  private pid: number | null = null;

  constructor(private readonly ancestor: number) {}

  /**
   * Ends it, and with it its prompt. While it asks, its real user is still ours and the signal is allowed; once
   * permission was given the signal is refused, as it should be.
   */
  end(): void {
    const pid = this.find();
    if (pid === null || nameOf(pid) !== 'pkexec') return;
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It ended, or permission was given in this moment: either way there is no prompt any more.
    }
  }

  /** Whether permission was given. */
  hasBecomeRoot(): boolean {
    const pid = this.find();
    return pid !== null && nameOf(pid) === 'bash';
  }

  /** Null when it is not there yet. Once it was found it is not looked for any more: there are many processes. */
  private find(): number | null {
    this.pid ??= findPkexec(this.ancestor);
    return this.pid;
  }
}

function findPkexec(ancestor: number): number | null {
  const processes = listProcesses();
  const parentOf = new Map(processes.map(({ pid, parent }) => [pid, parent]));
  const descends = (pid: number): boolean => {
    for (let one = parentOf.get(pid); one !== undefined; one = parentOf.get(one)) {
      if (one === ancestor) return true;
    }
    return false;
  };
  const found = processes.find(
    ({ pid, name }) => (name === 'pkexec' || (name === 'bash' && isRoots(pid))) && descends(pid),
  );
  return found?.pid ?? null;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

const listProcesses = (): readonly Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readProcess(Number(pid)) ?? []);

/** As proc_pid_stat(5) tells it; null when it has ended. */
function readProcess(pid: number): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const nameEnd = stat.lastIndexOf(')');
    const parent = Number(stat.slice(nameEnd + 2).split(' ')[1]);
    return { pid, parent, name: stat.slice(stat.indexOf('(') + 1, nameEnd) };
  } catch {
    return null;
  }
}

const nameOf = (pid: number): string | null => readProcess(pid)?.name ?? null;

const isRoots = (pid: number): boolean => statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === 0;
