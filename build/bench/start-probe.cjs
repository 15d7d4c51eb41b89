/**
 * Loaded into Electron before the app (`--require`), whichever app it is: reports on file descriptor 3, in
 * milliseconds since the epoch, when the window was shown and when its content was painted. With
 * `--rows=NUMBER` the content is a table with that many rows, of which those in sight may be painted before the
 * others; otherwise it is any document.
 */
const { writeSync } = require('node:fs');
const { app } = require('electron');

const rows = Number(app.commandLine.getSwitchValue('rows'));
const loaded = Date.now();

/**
 * Runs in the page: the times right after the frames that draw what is in sight and all there is.
 *
 * @param {number} rows
 * @returns {Promise<{ inSight: number, content: number }>}
 */
async function painted(rows) {
  const count = () =>
    document.querySelectorAll('[role=grid][aria-label="QEMU targets"] [role=rowheader]').length;
  const isLoaded = () => document.readyState !== 'loading';
  // Drawn beyond the lower edge, the table fills what is in sight.
  const isFull = () => {
    const last = [...document.querySelectorAll('[role=grid] [role=rowheader]')].at(-1);
    return last !== undefined && last.getBoundingClientRect().bottom > innerHeight;
  };
  const [inSight, content] = await Promise.all([
    paintedWhen(() => isLoaded() && (count() >= rows || isFull())),
    paintedWhen(() => isLoaded() && count() >= rows),
  ]);
  return { inSight, content };

  /** @param {() => boolean} isFilled */
  function paintedWhen(isFilled) {
    return new Promise((resolve) => {
      const whenFilled = () => {
        if (!isFilled()) return;
        observer.disconnect();
        document.removeEventListener('readystatechange', whenFilled);
        // A task that a frame's callback posts runs after that frame, at this priority before anything else.
        requestAnimationFrame(() => {
          scheduler.postTask(() => resolve(Date.now()), { priority: 'user-blocking' });
        });
      };
      const observer = new MutationObserver(whenFilled);
      observer.observe(document, { childList: true, subtree: true });
      document.addEventListener('readystatechange', whenFilled);
      whenFilled();
    });
  }
}

app.on('browser-window-created', (_event, window) => {
  const created = Date.now();
  /** @type {Promise<number>} */
  const shown = new Promise((resolve) => window.once('show', () => resolve(Date.now())));
  // The frame's own method: that of webContents waits until everything has been loaded.
  window.webContents.once('did-navigate', async () => {
    const navigated = Date.now();
    const drawn = /** @type {Awaited<ReturnType<typeof painted>>} */ (
      await window.webContents.mainFrame.executeJavaScript(`(${painted})(${rows})`)
    );
    const times = { loaded, created, navigated, ...drawn, shown: await shown };
    writeSync(3, `${JSON.stringify(times)}\n`);
  });
});
