import { join, resolve } from 'node:path';
import { argv, env } from 'node:process';
import { runOnMachine } from '../machine.mjs';
import { runMain } from '../problem.mjs';

/**
 * Runs a command on a machine on which nothing is installed but what a package depends on, with a binfmt_misc, a
 * polkit and an ordinary user of its own. The display alone is shared. See clean-machine.sh for what it needs.
 *
 *     node build/setup/packaged/clean-machine.mjs COMMAND…
 */
await runMain(() =>
  runOnMachine(['bash', join(import.meta.dirname, 'clean-machine.sh'), ...argv.slice(2)], {
    env: { ...env, REPOSITORY: resolve(import.meta.dirname, '../../..') },
  }),
);
