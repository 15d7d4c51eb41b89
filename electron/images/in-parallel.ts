import os from 'node:os';

/** libuv's pool has four threads unless UV_THREADPOOL_SIZE says otherwise (its guide “Thread pool work scheduling”). */
const POOL_THREADS = 4;

/**
 * How many works that keep a thread of the pool busy run side by side: one for each CPU, and one thread is left to
 * those who read files meanwhile, a window's process among them.
 */
export const busyThreads = (): number => Math.min(os.availableParallelism(), POOL_THREADS - 1);

/**
 * What `work` makes of each item, in the order of the items, no more than `limit` at a time. When one fails the
 * others are told to stop through the signal they were given, and the first failure is thrown when all have ended.
 */
export async function inParallel<Item, Value>(
  items: readonly Item[],
  limit: number,
  signal: AbortSignal | undefined,
  work: (item: Item, signal: AbortSignal) => Promise<Value>,
): Promise<readonly Value[]> {
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const values: Value[] = new Array(items.length);
  const failures: unknown[] = [];
  const waiting = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && failures.length === 0; next = waiting.shift()) {
      const [index, item] = next;
      try {
        both.throwIfAborted();
        values[index] = await work(item, both);
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return values;
}
