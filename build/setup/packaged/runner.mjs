import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath, getuid } from 'node:process';
import { ensureDisplay } from '../display.mjs';
import { NotPossibleHere } from '../problem.mjs';
import { run, runVisibly } from '../programs.mjs';
import { ensureTestPrograms } from '../test-programs.mjs';
import { readPlaywright, readReport } from '../test-report.mjs';
import { ensureTools } from '../tools.mjs';
import { ensureCleanRoot } from './clean-root.mjs';

const tools = new Map([
  ['dpkg-deb', 'dpkg'],
  ['debootstrap', 'debootstrap'],
  ['unshare', 'util-linux'],
  ['ip', 'iproute2'],
  ['desktop-file-validate', 'desktop-file-utils'],
  ['appstreamcli', 'appstream'],
  ['lintian', 'lintian'],
  ['man', 'man-db'],
]);

/**
 * The tests of the package as people install it: on a clean machine, and of what is in it.
 *
 * @param {string} root
 * @returns {Promise<import('../test-report.mjs').Counts>}
 */
export async function packaged(root) {
  if (getuid?.() !== 0) {
    throw new NotPossibleHere('Only root can make a clean machine to install the package on.');
  }
  await ensureTools('The tests of the package', tools);
  const { ensureDeb } = await import('../../dist/ensure-deb.mjs');
  const deb = await ensureDeb(root);
  const environment = {
    ...env,
    PACKAGE: deb,
    CLEAN_ROOT: await ensureCleanRoot(deb),
    TEST_PROGRAMS: await ensureTestPrograms(),
    NODE: execPath,
  };
  const machine = [...(await ensureDisplay()), execPath, join(import.meta.dirname, 'clean-machine.mjs')];
  const { code, stderr } = await run([...machine, 'true'], { cwd: root, env: environment });
  if (code !== 0) {
    throw new NotPossibleHere(`No clean machine could be made (${stderr.trim()}); it needs Linux 6.7.`);
  }
}
