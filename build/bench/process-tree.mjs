import { readdirSync, readFileSync } from 'node:fs';

/**
 * A process and all it has started.
 *
 * @param {number} pid
 * @returns {readonly number[]}
 */
export function processTree(pid) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    const parent = Number(statOf(Number(name))[1]);
    if (parent > 0) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  /** @param {number} one @returns {number[]} */
  const withChildren = (one) => [one, ...(children.get(one) ?? []).flatMap(withChildren)];
  return withChildren(pid);
}

/**
 * The CPU time that each thread of these processes has used so far, in nanoseconds: utime and stime of proc(5)'s
 * stat count in hundredths of a second, which is more than a window at rest uses in five.
 *
 * @param {readonly number[]} pids
 * @returns {ReadonlyMap<string, number>} empty where the kernel does not count (CONFIG_SCHED_INFO)
 */
export function cpuTimes(pids) {
  const threads = pids.flatMap((pid) => list(`/proc/${pid}/task`).map((thread) => `${pid}/task/${thread}`));
  return new Map(
    threads
      .map((thread) => /** @type {const} */ ([thread, read(`/proc/${thread}/schedstat`)]))
      .filter(([, text]) => text !== '')
      .map(([thread, text]) => [thread, Number(text.split(' ')[0])]),
  );
}

/**
 * What was used between two readings, in milliseconds. What a thread used before it ended is not in it.
 *
 * @param {ReadonlyMap<string, number>} before
 * @param {ReadonlyMap<string, number>} after
 */
export function cpuTimeBetween(before, after) {
  if (after.size === 0) return Number.NaN;
  return [...after].reduce((sum, [thread, time]) => sum + time - (before.get(thread) ?? 0), 0) / 1e6;
}

/**
 * The memory of these processes in MB, what several share divided among them.
 *
 * @param {readonly number[]} pids
 */
export function memoryOf(pids) {
  const kilobytes = pids.map((pid) => {
    const found = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`));
    return Number(found?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

/**
 * The fields of proc(5)'s stat from the third on: the second, the name, may hold anything.
 *
 * @param {number} pid
 */
function statOf(pid) {
  const text = Number.isInteger(pid) ? read(`/proc/${pid}/stat`) : '';
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // The process is gone since it was listed.
  }
}

/** @param {string} directory */
function list(directory) {
  try {
    return readdirSync(directory);
  } catch {
    return []; // The same.
  }
}
