import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath, getuid } from 'node:process';
import { ensureDisplay } from '../display.mjs';
import { NotPossibleHere, Problem } from '../problem.mjs';
import { run, runVisibly } from '../programs.mjs';
import { ensureTestPrograms } from '../test-programs.mjs';
import { readPlaywright, readReport, readVitest, sum } from '../test-report.mjs';
import { ensureTools } from '../tools.mjs';
import { ensureCleanRoot } from './clean-root.mjs';

/** @typedef {import('../test-report.mjs').Counts} Counts */

/** What looks into packages, and what makes a clean system to install them on. */
const tools = new Map([
  ['dpkg-deb', 'dpkg'],
  ['rpmbuild', 'rpm'],
  ['mksquashfs', 'squashfs-tools'],
  ['lintian', 'lintian'],
  ['desktop-file-validate', 'desktop-file-utils'],
  ['appstreamcli', 'appstream'],
  ['man', 'man-db'],
  ['xwininfo', 'x11-utils'],
  ['debootstrap', 'debootstrap'],
  ['ip', 'iproute2'],
  ['unshare', 'util-linux'],
]);

/**
 * The tests of the packages: of what is in them, and of the .deb as people install it, on a clean machine.
 *
 * @param {string} root
 * @returns {Promise<Counts>}
 */
export async function packaged(root) {
  if (getuid?.() !== 0) {
    throw new NotPossibleHere('Only root can make a clean machine to install the package on.');
  }
  await ensureTools('The tests of the packages', tools);
  const { ensureMade, findPackage } = await import('../../dist/ensure-made.mjs');
  const packages = await ensureMade(root);
  const deb = await findPackage(packages, 'deb');
  if (!deb) throw new Problem(`There is no .deb in ${packages}: npm run dist says why.`);
  const report = await mkdtemp(join(tmpdir(), 'qemu-binfmt-manager-report-'));
  try {
    return sum([await contents(root, report), await installed(root, deb, report)]);
  } finally {
    await rm(report, { recursive: true });
  }
}

/**
 * @param {string} root
 * @param {string} directory for the report
 * @returns {Promise<Counts>}
 */
async function contents(root, directory) {
  const report = join(directory, 'contents.json');
  const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run'];
  const options = ['--config', 'test/packaged/vitest.config.ts', '--reporter=default', '--reporter=json'];
  const command = [
    ...(await ensureDisplay()),
    execPath,
    ...vitest,
    ...options,
    `--outputFile.json=${report}`,
  ];
  return readReport(await runVisibly(command, { cwd: root }), report, readVitest);
}

/**
 * @param {string} root
 * @param {string} deb
 * @param {string} directory for the report
 * @returns {Promise<Counts>}
 */
async function installed(root, deb, directory) {
  const environment = {
    ...env,
    PACKAGE: deb,
    CLEAN_ROOT: await ensureCleanRoot(deb),
    TEST_PROGRAMS: await ensureTestPrograms(),
    NODE: execPath,
    REPORT: directory,
  };
  const machine = [...(await ensureDisplay()), execPath, join(import.meta.dirname, 'clean-machine.mjs')];
  const { code, stderr } = await run([...machine, 'true'], { cwd: root, env: environment });
  if (code !== 0) {
    throw new NotPossibleHere(`No clean machine could be made (${stderr.trim()}); it needs Linux 6.7.`);
  }
  const config = ['-c', 'test/packaged/playwright.config.ts', '--reporter=list,json'];
  const playwright = [join('node_modules', '@playwright', 'test', 'cli.js'), 'test', ...config];
  // Where the machine has its Node.js: see clean-machine.sh.
  const command = [...machine, '/run/qemu-binfmt-manager/node', ...playwright];
  const status = await runVisibly(command, { cwd: root, env: environment });
  return readReport(status, join(directory, 'report.json'), readPlaywright);
}
