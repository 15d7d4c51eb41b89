/**
 * Loaded into Electron before the program: its window waits until Playwright is there. Attached to in the middle
 * of its first navigation, which the sandbox makes likely, a page stays paused for good.
 */
const { promiseHooks } = require('node:v8');
const { app } = require('electron');

const ready = app.whenReady();
const attached = new Promise((resolve) => {
  // Playwright calls it when it has attached.
  Object.assign(globalThis, { __playwright_run: resolve });
});
app.whenReady = () => attached.then(() => ready);

/**
 * What Playwright evaluates in the main process is answered through a promise that V8's inspector holds by a weak
 * reference only. Where garbage is collected before it is looked at, the answer is that the promise “was
 * collected”: so the last ones are kept.
 */
const kept = new Array(1000);
let created = 0;
promiseHooks.onInit((promise) => {
  kept[created % kept.length] = promise;
  created += 1;
});
