/**
 * Loaded into Electron before the program: its window waits until Playwright is there. Attached to in the middle
 * of its first navigation, which the sandbox makes likely, a page stays paused for good.
 */
const { app } = require('electron');

const ready = app.whenReady();
const attached = new Promise((resolve) => {
  // Playwright calls it when it has attached.
  Object.assign(globalThis, { __playwright_run: resolve });
});
app.whenReady = () => attached.then(() => ready);
