import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath, getuid } from 'node:process';
import { NotPossibleHere } from '../problem.mjs';
import { findProgram, run, runVisibly } from '../programs.mjs';
import { ensureTestPrograms } from '../test-programs.mjs';
import { readReport, readVitest } from '../test-report.mjs';
import { ensureContainerTools, ensureS390xProgram } from './container-tools.mjs';

/**
 * The tests of images with real engines and a real registry, on a machine of their own.
 *
 * @param {string} root
 * @returns {Promise<import('../test-report.mjs').Counts>}
 */
export async function images(root) {
  if (getuid?.() !== 0 || !findProgram('unshare')) {
    throw new NotPossibleHere('Running containers for tests needs root, and unshare (package util-linux).');
  }
  await ensureContainerTools();
  const environment = {
    ...env,
    TEST_PROGRAMS: await ensureTestPrograms(),
    S390X_BUSYBOX: await ensureS390xProgram(),
  };
  const machine = [execPath, join(import.meta.dirname, 'container-machine.mjs')];
  const { code, stderr } = await run([...machine, 'true'], { env: environment });
  if (code !== 0) {
    throw new NotPossibleHere(
      `No machine for containers could be made (${stderr.trim()}); it needs Linux 6.7.`,
    );
  }

  const directory = await mkdtemp(join(tmpdir(), 'qemu-binfmt-manager-report-'));
  try {
    const report = join(directory, 'report.json');
    const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run'];
    const options = ['--config', 'test/images/vitest.config.ts', '--reporter=default', '--reporter=json'];
    const command = [...machine, execPath, ...vitest, ...options, `--outputFile.json=${report}`];
    const status = await runVisibly(command, { cwd: root, env: environment });
    return readReport(status, report, readVitest);
  } finally {
    await rm(directory, { recursive: true });
  }
}
