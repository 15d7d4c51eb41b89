import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launch } from '../launch.mjs';
import { runMain } from '../setup/problem.mjs';
import { say } from '../setup/progress.mjs';
import { arrangeSystem } from './example-system.mjs';

const assets = resolve(import.meta.dirname, '../../assets');
const size = { width: 1240, height: 820 };
const pictures = /** @type {const} */ ([
  { colorScheme: 'light', file: 'screenshot.png' },
  { colorScheme: 'dark', file: 'screenshot-dark.png' },
]);

await runMain(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'qemu-binfmt-manager-screenshot-'));
  try {
    await arrangeSystem(directory);
    for (const { colorScheme, file } of pictures) {
      await takePicture(join(directory, colorScheme), colorScheme, join(assets, file));
      say(`Wrote assets/${file}.`);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return 0;
});

/**
 * Pictures the window as it is with aarch64 selected.
 *
 * @param {string} userData
 * @param {'light' | 'dark'} colorScheme
 * @param {string} path
 */
async function takePicture(userData, colorScheme, path) {
  const { app, page } = await launch(userData, { colorScheme });
  try {
    await app.evaluate(({ BrowserWindow }, { width, height }) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.setMenuBarVisibility(false); // it is not in the picture, but takes its height away
      window?.setContentSize(width, height);
    }, size);
    await page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, size);
    const header = page.getByRole('rowheader', { name: 'aarch64', exact: true });
    // Versions are read in the background, all before any is shown.
    await page
      .getByRole('row')
      .filter({ has: header })
      .getByText(/^\d+\.\d+/)
      .waitFor();
    // The rest of the targets would push the other formats out of the picture.
    await page.getByRole('radio', { name: /^Registered/ }).click();
    await header.click();
    await page.getByRole('region', { name: 'Details of aarch64', exact: true }).waitFor();
    // Neither the pointer nor the focus it left shall mark anything that the picture is not about.
    await page.mouse.move(size.width - 1, size.height - 1);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  } finally {
    await app.close();
  }
}
