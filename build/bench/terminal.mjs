import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { env, execPath } from 'node:process';
import { promisify } from 'node:util';
import { inTurn, median, timed } from './statistics.mjs';

const run = promisify(execFile);

/**
 * From the start of `qemu-binfmt list` to its end, with every target registered: with Node, and in Electron as the
 * installed command runs. QEMU's versions are known, as they are from the second time on.
 *
 * @param {string} directory for what the command keeps
 * @returns {Promise<import('./table.mjs').Measurement[]>}
 */
export async function measureTerminal(directory) {
  const file = resolve(import.meta.dirname, '../../out/main/terminal.js');
  const options = { env: { ...env, XDG_CONFIG_HOME: directory, ELECTRON_RUN_AS_NODE: '1' } };
  /** @param {string} program @param {readonly string[]} args */
  const time = (program, ...args) => timed(() => run(program, args, options));
  const first = await time(execPath, file, 'list');
  const node = await inTurn(
    21,
    () => time(execPath, file, 'list'),
    () => time(execPath, '-e', '0'),
  );
  const floor = { value: median(node.floor), of: 'node -e 0' };
  const electron = env.ELECTRON_PATH ?? 'electron';
  const installed = await inTurn(
    11,
    () => time(electron, file, 'list'),
    () => time(electron, '-e', '0'),
  );
  return [
    { what: 'qemu-binfmt list', ours: median(node.ours), floor, unit: 'ms', mostRatio: 3 },
    { what: 'qemu-binfmt list, the first time ever', ours: first, floor, unit: 'ms' },
    {
      what: 'qemu-binfmt list, as installed',
      ours: median(installed.ours),
      floor: { value: median(installed.floor), of: 'the same Electron, as node -e 0' },
      unit: 'ms',
    },
  ];
}
