/**
 * The middle value: one run that the machine disturbed does not move it.
 *
 * @param {readonly number[]} values
 */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = Number.isInteger(middle)
    ? sorted.slice(middle - 1, middle + 1)
    : sorted.slice(Math.floor(middle), Math.floor(middle) + 1);
  return (low + high) / 2;
}

/**
 * Measures two things in turn, so that what else the machine does slows both alike.
 *
 * @template T
 * @param {number} times
 * @param {() => Promise<T>} ours
 * @param {() => Promise<T>} floor
 * @returns {Promise<{ ours: T[], floor: T[] }>}
 */
export async function inTurn(times, ours, floor) {
  /** @type {{ ours: T[], floor: T[] }} */
  const results = { ours: [], floor: [] };
  for (let run = 0; run < times; run += 1) {
    results.ours.push(await ours());
    results.floor.push(await floor());
  }
  return results;
}

/**
 * How long something takes, in milliseconds.
 *
 * @param {() => unknown} work
 */
export async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
