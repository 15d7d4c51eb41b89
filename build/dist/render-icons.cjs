/**
 * Runs inside Electron, which can draw an SVG like no other program that is here anyway:
 *
 *     electron render-icons.cjs SVG DIRECTORY SIZE…
 */
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { app, BrowserWindow } = require('electron');

const [svg = '', directory = '', ...sizes] = process.argv.slice(process.argv.indexOf(__filename) + 1);

// Drawn by the processor, the picture is the same everywhere.
app.disableHardwareAcceleration();
app
  .whenReady()
  .then(render)
  .then(
    () => app.quit(),
    (error) => {
      console.error(error);
      app.exit(1);
    },
  );

async function render() {
  // Without a display a window can only be one that is drawn off the screen.
  const window = new BrowserWindow({ show: false, webPreferences: { offscreen: true, sandbox: true } });
  await window.loadURL('data:text/html,');
  const text = readFileSync(svg, 'utf8');
  for (const size of sizes) {
    const call = `(${draw})(${JSON.stringify(text)}, ${Number(size)})`;
    /** @type {string} */
    const png = await window.webContents.executeJavaScript(call);
    writeFileSync(join(directory, `${size}x${size}.png`), Buffer.from(png, 'base64'));
  }
}

/**
 * Runs in the page.
 *
 * @param {string} text
 * @param {number} size in pixels
 * @returns {Promise<string>} a PNG, as base64
 */
async function draw(text, size) {
  const sized = text.replace('<svg', `<svg width="${size}" height="${size}"`);
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(sized)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  canvas.getContext('2d')?.drawImage(image, 0, 0, size, size);
  return canvas.toDataURL('image/png').replace(/^.*,/, '');
}
