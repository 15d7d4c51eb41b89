import { stderr } from 'node:process';

/**
 * Shows in percent how far a long step is: one line rewritten on a terminal, a new line every 10 % elsewhere.
 * Everything goes to stderr, for stdout belongs to what the command was asked for.
 *
 * @template T
 * @param {string} title
 * @param {(report: (fraction: number) => void) => Promise<T>} step reports from 0 to 1
 * @returns {Promise<T>}
 */
export async function withProgress(title, step) {
  const onTerminal = stderr.isTTY === true;
  let shown = -1;
  /** @param {number} fraction */
  const report = (fraction) => {
    const exact = Math.floor(Math.min(Math.max(fraction, 0), 1) * 100);
    const percent = onTerminal ? exact : exact - (exact % 10);
    if (percent <= shown) return;
    shown = percent;
    stderr.write(onTerminal ? `\r${title}: ${percent} %` : `${title}: ${percent} %\n`);
  };

  report(0);
  try {
    const result = await step(report);
    report(1);
    return result;
  } finally {
    if (onTerminal) stderr.write('\n');
  }
}

/**
 * Says on stderr what is being done.
 *
 * @param {string} sentence
 */
export function say(sentence) {
  stderr.write(`${sentence}\n`);
}
