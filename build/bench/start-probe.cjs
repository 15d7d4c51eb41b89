/**
 * Loaded into Electron before the app (`--require`), whichever app it is: reports on file descriptor 3, in
 * milliseconds since the epoch, when the window was shown and when its content was painted. With
 * `--rows=NUMBER` the content is a table with that many rows, otherwise any document.
 */
const { writeSync } = require('node:fs');
const { app } = require('electron');

const rows = Number(app.commandLine.getSwitchValue('rows'));
const loaded = Date.now();

/**
 * Runs in the page: the time right after the frame that draws the filled document.
 *
 * @param {number} rows
 * @returns {Promise<number>}
 */
function painted(rows) {
  return new Promise((resolve) => {
    const isFilled = () =>
      document.readyState !== 'loading' &&
      document.querySelectorAll('[role=grid][aria-label="QEMU targets"] [role=rowheader]').length >= rows;
    const whenFilled = () => {
      if (!isFilled()) return false;
      // A task that a frame's callback posts runs after that frame, at this priority before anything else.
      requestAnimationFrame(() => {
        scheduler.postTask(() => resolve(Date.now()), { priority: 'user-blocking' });
      });
      return true;
    };
    if (whenFilled()) return;
    const observer = new MutationObserver(() => whenFilled() && stop());
    const onReady = () => whenFilled() && stop();
    const stop = () => {
      observer.disconnect();
      document.removeEventListener('readystatechange', onReady);
    };
    observer.observe(document, { childList: true, subtree: true });
    document.addEventListener('readystatechange', onReady);
  });
}

app.on('browser-window-created', (_event, window) => {
  const created = Date.now();
  /** @type {Promise<number>} */
  const shown = new Promise((resolve) => window.once('show', () => resolve(Date.now())));
  // The frame's own method: that of webContents waits until everything has been loaded.
  window.webContents.once('did-navigate', async () => {
    const navigated = Date.now();
    const content = await window.webContents.mainFrame.executeJavaScript(`(${painted})(${rows})`);
    const times = { loaded, created, navigated, content, shown: await shown };
    writeSync(3, `${JSON.stringify(times)}\n`);
  });
});
