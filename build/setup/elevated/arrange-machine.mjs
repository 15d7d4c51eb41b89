import { execFileSync, spawn } from 'node:child_process';
import { argv, env } from 'node:process';
import { runMain } from '../problem.mjs';
import { makeOrdinaryUser } from './ordinary-user.mjs';
import { coverSystem, PLACE, REPOSITORY } from './private-mounts.mjs';
import { startSystemBus } from './system-bus.mjs';

/**
 * What private-machine.mjs runs on the machine it makes: arranges it, then runs the command.
 *
 *     node build/setup/elevated/arrange-machine.mjs COMMAND…
 */
await runMain(async () => {
  execFileSync('mount', ['-t', 'proc', 'proc', '/proc']);
  // Playwright speaks to Electron through it.
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  const electron = coverSystem(env.ELECTRON_PATH ?? '', env.TEST_PROGRAMS ?? '');
  await startSystemBus();
  const [program = '', ...args] = argv.slice(2);
  const child = spawn(program, args, {
    cwd: REPOSITORY,
    env: { ...env, ...makeOrdinaryUser(), ELECTRON_PATH: electron, TMPDIR: `${PLACE}/tmp` },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  });
});
