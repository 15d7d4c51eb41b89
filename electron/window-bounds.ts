import { readFileSync, writeFileSync } from 'node:fs';
import { type BrowserWindow, type Rectangle, screen } from 'electron';
import * as v from 'valibot';
import log from './log.ts';

const coordinate = v.pipe(v.number(), v.safeInteger());
const remembered = v.strictObject({
  x: coordinate,
  y: coordinate,
  width: coordinate,
  height: coordinate,
  isMaximized: v.boolean(),
});

/** The window's last size and place, if they are still on a screen, and how to go on remembering them. */
export function rememberBounds(file: string): {
  readonly bounds: Partial<Rectangle>;
  readonly keepRemembering: (window: BrowserWindow) => void;
} {
  const last = read(file);
  const isVisible =
    last !== null && screen.getAllDisplays().some((display) => overlaps(display.workArea, last));
  const { isMaximized = false, ...bounds } = last ?? {};
  return {
    bounds: isVisible ? bounds : {},
    keepRemembering: (window) => {
      if (isMaximized) window.maximize();
      window.on('close', () => {
        const text = JSON.stringify({ ...window.getNormalBounds(), isMaximized: window.isMaximized() });
        try {
          writeFileSync(file, text);
        } catch (error) {
          log.warn(`The window's place could not be remembered in ${file}:`, error);
        }
      });
    },
  };
}

function read(file: string): v.InferOutput<typeof remembered> | null {
  try {
    return v.parse(remembered, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null; // The first start, or a file that is not ours any more: the default size will do.
  }
}

const overlaps = (one: Rectangle, other: Rectangle): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;
