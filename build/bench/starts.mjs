import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTimeBetween, cpuTimes, memoryOf, processTree } from './process-tree.mjs';
import { inTurn, median } from './statistics.mjs';
import { openWindow } from './windows.mjs';

/** Chromium keeps compiled scripts from the second or third start on. */
const WARM_UPS = 3;
/** Until everything that a start sets off has come to rest. */
const SETTLE_MS = 5000;
const REST_MS = 5000;

/** @typedef {import('./windows.mjs').App} App */

/**
 * From the start of the process to a window that shows what it is there to show.
 *
 * @param {App} program
 * @param {App} empty
 * @returns {Promise<import('./table.mjs').Measurement[]>}
 */
export async function measureStarts(program, empty) {
  await inTurn(
    WARM_UPS,
    () => startOnce(program),
    () => startOnce(empty),
  );
  const { ours, floor } = await inTurn(
    11,
    () => startOnce(program),
    () => startOnce(empty),
  );
  return [
    {
      what: 'start to filled table',
      ours: median(ours),
      floor: { value: median(floor), of: 'an empty Electron window' },
      unit: 'ms',
      mostRatio: 1.3,
    },
  ];
}

/** @param {App} app */
async function startOnce(app) {
  const { times, close } = await openWindow(app);
  // Quit at once, it would not yet have saved what makes the next start quick.
  await sleep(200);
  await close();
  return Math.max(times.content, times.shown);
}

/**
 * What an open window costs while nothing changes.
 *
 * @param {App} program
 * @param {App} empty
 * @returns {Promise<import('./table.mjs').Measurement[]>}
 */
export async function measureRest(program, empty) {
  const { ours, floor } = await inTurn(
    3,
    () => rest(program),
    () => rest(empty),
  );
  const of = 'an empty Electron window';
  return [
    {
      what: 'CPU while nothing changes',
      ours: median(ours.map(({ cpu }) => cpu)),
      floor: { value: median(floor.map(({ cpu }) => cpu)), of },
      unit: 'ms/s',
      // Electron itself does not come to rest.
      mostAbove: 0.5,
    },
    {
      what: 'memory',
      ours: median(ours.map(({ memory }) => memory)),
      floor: { value: median(floor.map(({ memory }) => memory)), of },
      unit: 'MB',
      mostRatio: 1.25,
    },
  ];
}

/** @param {App} app */
async function rest(app) {
  const { pid, close } = await openWindow(app);
  await sleep(SETTLE_MS);
  const start = performance.now();
  const before = cpuTimes(processTree(pid));
  await sleep(REST_MS);
  const used = cpuTimeBetween(before, cpuTimes(processTree(pid)));
  const seconds = (performance.now() - start) / 1000;
  const memory = memoryOf(processTree(pid));
  await close();
  return { cpu: used / seconds, memory };
}
