import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { env, execPath } from 'node:process';
import { promisify } from 'node:util';
import { inTurn, median, timed } from './statistics.mjs';

const run = promisify(execFile);

/**
 * From the start of `qemu-binfmt list` to its end, with every target registered. QEMU's versions are known, as
 * they are from the second time on.
 *
 * @param {string} directory for what the command keeps
 * @returns {Promise<import('./table.mjs').Measurement[]>}
 */
export async function measureTerminal(directory) {
  const file = resolve(import.meta.dirname, '../../out/main/terminal.js');
  const options = { env: { ...env, XDG_CONFIG_HOME: directory } };
  const list = () => timed(() => run(execPath, [file, 'list'], options));
  const first = await list();
  const { ours, floor } = await inTurn(21, list, () => timed(() => run(execPath, ['-e', '0'])));
  const of = 'node -e 0';
  return [
    {
      what: 'qemu-binfmt list',
      ours: median(ours),
      floor: { value: median(floor), of },
      unit: 'ms',
      mostRatio: 3,
    },
    {
      what: 'qemu-binfmt list, the first time ever',
      ours: first,
      floor: { value: median(floor), of },
      unit: 'ms',
    },
  ];
}
