import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { Problem } from '../setup/problem.mjs';
import { run } from '../setup/programs.mjs';
import { ensureSystemLibraries } from '../setup/system-libraries.mjs';

/** The sizes that desktops look for in the hicolor theme, in pixels. */
export const iconSizes = [16, 22, 24, 32, 48, 64, 128, 256, 512];

/**
 * Draws assets/icon.svg in all sizes. It needs no display.
 *
 * @param {string} root
 * @param {string} work
 * @param {string} electron the executable that draws
 * @returns {Promise<string>} a directory with SIZExSIZE.png, the names that electron-builder expects
 */
export async function renderIcons(root, work, electron) {
  const icons = join(work, 'icons');
  await mkdir(icons, { recursive: true });
  await ensureSystemLibraries(electron);
  const script = join(import.meta.dirname, 'render-icons.cjs');
  const svg = join(root, 'assets', 'icon.svg');
  // The one picture it loads is our own, so that it may do without a sandbox, which not every builder's user has.
  const switches = [
    '--no-sandbox',
    '--ozone-platform=headless',
    `--user-data-dir=${join(work, 'icons-data')}`,
  ];
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = env;
  const { code, stderr } = await run([electron, ...switches, script, svg, icons, ...iconSizes.map(String)], {
    env: environment,
  });
  const missing = iconSizes.filter((size) => !existsSync(join(icons, `${size}x${size}.png`)));
  if (code === 0 && missing.length === 0) return icons;
  throw new Problem(`The icons could not be drawn with ${electron}:\n${stderr.trim()}`);
}
