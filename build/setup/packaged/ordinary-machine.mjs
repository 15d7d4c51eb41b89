import { spawn } from 'node:child_process';
import { argv, env } from 'node:process';
import { makeOrdinaryUser } from '../elevated/ordinary-user.mjs';
import { startSystemBus } from '../elevated/system-bus.mjs';
import { runMain } from '../problem.mjs';

/**
 * Runs a command on the clean machine, once there are a system bus and an ordinary user.
 *
 *     node build/setup/packaged/ordinary-machine.mjs COMMAND…
 */
await runMain(async () => {
  await startSystemBus();
  const [program = '', ...args] = argv.slice(2);
  const child = spawn(program, args, { stdio: 'inherit', env: { ...env, ...makeOrdinaryUser() } });
  return await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  });
});
