import { watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from '../launch.mjs';
import { clockOffset } from './clock.mjs';
import { median } from './statistics.mjs';

const TARGET = 'aarch64';
const ENTRY = `qemu-${TARGET}`;
const RUNS = 20;

/**
 * @typedef {import('@playwright/test').Page} Page
 * @typedef {import('./domain.mjs').Domain['registry']} Registry
 */

/**
 * One switch in the real window, there and back, by a click and by another program in turn.
 *
 * @param {Registry} registry
 * @param {import('./windows.mjs').App} program
 * @returns {Promise<import('./table.mjs').Measurement[]>}
 */
export async function measureSwitching(registry, program) {
  const { app, page } = await launch(program.userData);
  /** @type {{ pending: number, kernel: number, screen: number, outside: number }[]} */
  const results = [];
  try {
    const toggle = page.getByRole('switch', { name: TARGET, exact: true });
    await toggle.waitFor();
    const box = await page.getByRole('row').filter({ has: toggle }).locator('.switch-track').boundingBox();
    if (!box) throw new Error(`The switch ${TARGET} is not to be seen.`);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    for (let run = 0; run < RUNS; run += 1) {
      const clicked = await clickOnce(registry, page);
      results.push({ ...clicked, outside: await changeOutside(registry, page) });
    }
  } finally {
    await app.close();
  }
  /** @param {keyof typeof results[number]} what */
  const of = (what) => median(results.map((result) => result[what]));
  return [
    { what: 'click → switch says pending', ours: of('pending'), unit: 'ms' },
    { what: 'click → kernel', ours: of('kernel'), unit: 'ms' },
    { what: 'click → screen', ours: of('screen'), unit: 'ms', most: 50 },
    { what: 'change by another program → screen', ours: of('outside'), unit: 'ms' },
  ];
}

/**
 * @param {Registry} registry
 * @param {Page} page
 */
async function clickOnce(registry, page) {
  const on = !isEnabled(registry);
  const screen = await watchScreen(page, on);
  const kernel = kernelSays(registry, on);
  await page.mouse.down();
  await page.mouse.up();
  const { clicked, pending, changed } = await screen();
  return {
    pending: pending - clicked,
    kernel: (await kernel) - clicked,
    screen: changed - clicked,
  };
}

/**
 * @param {Registry} registry
 * @param {Page} page
 */
async function changeOutside(registry, page) {
  const on = !isEnabled(registry);
  const screen = await watchScreen(page, on);
  const start = clockOffset() + performance.now();
  registry.writeToEntry(ENTRY, on ? '1' : '0');
  const { changed } = await screen();
  return changed - start;
}

/** @param {Registry} registry */
const isEnabled = (registry) => registry.readEntry(ENTRY)?.startsWith('enabled') === true;

/**
 * When the entry's file says so.
 *
 * @param {Registry} registry
 * @param {boolean} on
 * @returns {Promise<number>} since the epoch
 */
function kernelSays(registry, on) {
  const offset = clockOffset();
  return new Promise((resolve) => {
    const watcher = watch(registry.BINFMT_MISC, () => {
      const now = performance.now();
      if (isEnabled(registry) !== on) return;
      watcher.close();
      resolve(offset + now);
    });
  });
}

/**
 * Begins to watch the row.
 *
 * @param {Page} page
 * @param {boolean} on what it will say
 */
async function watchScreen(page, on) {
  // What an earlier change set off in the window is over.
  await sleep(150);
  const watching = await page.evaluateHandle(watchRow, { target: TARGET, on });
  const offset = await page.evaluate(clockOffset);
  return async () => {
    const { clicked, pending, changed } = await watching.evaluate((promised) => promised.times);
    return { clicked: clicked + offset, pending: pending + offset, changed: changed + offset };
  };
}

/**
 * Runs in the page: when a button of the mouse was let go, when the frame was drawn that shows the change as
 * pending, and when the one that shows its result.
 *
 * @param {{ target: string, on: boolean }} what
 * @returns {{ times: Promise<{ clicked: number, pending: number, changed: number }> }}
 */
function watchRow({ target, on }) {
  const toggle = /** @type {HTMLInputElement} */ (
    document.querySelector(`[role=switch][aria-label=${target}]`)
  );
  const row = /** @type {Element} */ (toggle.closest('[role=row]'));
  /** @param {(time: number) => void} callBack */
  const afterFrame = (callBack) => {
    // A task that a frame's callback posts runs after that frame, at this priority before anything else.
    requestAnimationFrame(() => {
      scheduler.postTask(() => callBack(performance.now()), { priority: 'user-blocking' });
    });
  };
  const times = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`The row ${target} did not change.`)), 10_000);
    let clicked = Number.NaN;
    let pending = Number.NaN;
    let isPending = false;
    /** @param {PointerEvent} event */
    const onRelease = (event) => {
      clicked = event.timeStamp;
    };
    addEventListener('pointerup', onRelease, { capture: true, once: true });
    const observer = new MutationObserver(() => {
      if (!isPending && row.querySelector('[data-pending]')) {
        isPending = true;
        afterFrame((time) => {
          pending = time;
        });
      }
      const says = [...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent);
      if (!says.includes(on ? 'Enabled' : 'Disabled')) return;
      observer.disconnect();
      removeEventListener('pointerup', onRelease, { capture: true });
      afterFrame((changed) => resolve({ clicked, pending, changed }));
    });
    observer.observe(row, { attributes: true, childList: true, characterData: true, subtree: true });
  });
  // The promise by itself would be waited for at once.
  return { times };
}
