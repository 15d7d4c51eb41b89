import { spawn } from 'node:child_process';
import { argv, env, stderr, stdin, stdout } from 'node:process';
import { Problem, runMain } from '../problem.mjs';
import { endOtherProcesses, refuseSharedNamespace } from './namespace-processes.mjs';
import { makeOrdinaryUser } from './ordinary-user.mjs';
import { coverSystem, PLACE, REPOSITORY } from './private-mounts.mjs';
import { differences, harmlessTargets, readRegistry, removeOwnEntries } from './registry-guard.mjs';
import { startSystemBus } from './system-bus.mjs';
import { takeTurn } from './turn.mjs';

/**
 * Runs a command on a machine that is this one with an ordinary user, an /etc, a /run and a system bus of its
 * own, so that polkit's rules are the command's to make. All of it is gone with the mount namespace:
 *
 *     unshare --mount --propagation private node build/setup/elevated/private-machine.mjs COMMAND…
 *
 * The kernel's binfmt_misc alone is the machine's. The command may register TEST_TARGETS in it; they are removed
 * when it ends, and when whoever holds the other end of standard input is gone.
 */
await runMain(() => runPrivately(argv.slice(2)));

/**
 * @param {string[]} command
 * @returns {Promise<number>} the exit status
 */
async function runPrivately(command) {
  refuseSharedNamespace();
  // What is said when nobody listens any more must not keep anything from being put back.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  // One private machine may contain another: that one's turn is ours.
  if (env.TEST_TARGETS === undefined) await takeTurn();
  const { electron, kernel } = coverSystem(env.ELECTRON_PATH ?? '', env.TEST_PROGRAMS ?? '');
  const before = readRegistry(kernel);
  const targets = harmlessTargets(before);
  try {
    await startSystemBus();
    const environment = { ...env, ...makeOrdinaryUser(), ELECTRON_PATH: electron, TMPDIR: `${PLACE}/tmp` };
    return await runToEnd(command, { ...environment, TEST_TARGETS: targets.join(' ') });
  } finally {
    await endOtherProcesses();
    removeOwnEntries(kernel, targets);
    const changes = differences(before, readRegistry(kernel));
    // biome-ignore lint/correctness/noUnsafeFinally: whatever else went wrong, this is worse.
    if (changes !== '') throw new Problem(`The machine’s binfmt_misc is not as it was before:\n${changes}`);
  }
}

/**
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<number>} the exit status; 1 also when the command was abandoned
 */
function runToEnd([program = '', ...args], environment) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: REPOSITORY,
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
    const abandon = () => resolve(1);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, abandon);
    stdin.on('end', abandon).on('error', abandon).resume();
  });
}
