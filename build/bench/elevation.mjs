import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath, platform } from 'node:process';
import { ensureElectron } from '../setup/electron.mjs';
import { ensureElevation } from '../setup/elevated/elevation.mjs';
import { NotPossibleHere, Problem } from '../setup/problem.mjs';
import { runVisibly } from '../setup/programs.mjs';
import { say } from '../setup/progress.mjs';
import { ensureSystemLibraries } from '../setup/system-libraries.mjs';
import { ensureTestPrograms } from '../setup/test-programs.mjs';

/**
 * What the way of ordinary users, through pkexec and polkitd, costs over root's own, on a machine arranged for
 * it as for the tests of elevation.
 *
 * @param {string} root
 * @returns {Promise<import('./table.mjs').Measurement[]>} throws NotPossibleHere where there is no such way
 */
export async function measureElevation(root) {
  if (platform !== 'linux') throw new NotPossibleHere('polkit is Linux’s.');
  const machine = await ensureElevation();
  const electron = await ensureElectron(root);
  await ensureSystemLibraries(electron);
  const environment = { ...env, ELECTRON_PATH: electron, TEST_PROGRAMS: await ensureTestPrograms() };

  say('Elevating…');
  const directory = await mkdtemp(join(tmpdir(), 'qemu-binfmt-manager-bench-'));
  try {
    const file = join(directory, 'measurements.json');
    const command = [...machine, execPath, 'build/bench/elevation/measure.mjs', file];
    const code = await runVisibly(command, { cwd: root, env: environment });
    if (code !== 0) throw new Problem('What elevation costs could not be measured; why is said above.');
    return JSON.parse(await readFile(file, 'utf8'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
