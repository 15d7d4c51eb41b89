import { join } from 'node:path';
import { argv, execPath } from 'node:process';
import { runOnMachine } from '../machine.mjs';
import { runMain } from '../problem.mjs';

/** The first process of a machine takes care of those that lost their parents: Node.js does not. */
const asFirstProcess = ['bash', '-c', '"$@"; exit', 'machine'];

/**
 * Runs a command on a machine that has this one's programs, and a binfmt_misc, an ordinary user, an /etc, a /run and a
 * system bus of its own, so that polkit's rules are the command's to make. Nothing of it outlives the command, and
 * nothing that happens there is seen here.
 *
 *     node build/setup/elevated/private-machine.mjs COMMAND…
 */
await runMain(() =>
  runOnMachine([
    ...asFirstProcess,
    ...[execPath, join(import.meta.dirname, 'arrange-machine.mjs')],
    ...argv.slice(2),
  ]),
);
