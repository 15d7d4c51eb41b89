import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { ensureBootOracles } from './boot-oracles.mjs';
import { ensureBuilt } from './built-program.mjs';
import { ensureDisplay } from './display.mjs';
import { ensureElectron } from './electron.mjs';
import { ensureElevation } from './elevated/elevation.mjs';
import { ensureContainerTools } from './images/container-tools.mjs';
import { images } from './images/runner.mjs';
import { packaged } from './packaged/runner.mjs';
import { ensureNamespace } from './private-namespace.mjs';
import { explain, NotPossibleHere } from './problem.mjs';
import { npmCommand, runVisibly } from './programs.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';
import { ensureDynamicProgram, ensureTestPrograms } from './test-programs.mjs';
import { readPlaywright, readReport, readVitest } from './test-report.mjs';
import { ensureTools, installTools } from './tools.mjs';

/**
 * @typedef {import('./test-report.mjs').Counts} Counts
 * @typedef {(root: string) => Promise<Counts>} Runner throws NotPossibleHere where this machine cannot run it
 */

/**
 * The kinds of tests, in the order they run: the quickest to find something first.
 *
 * @type {Record<string, Runner>}
 */
export const testRunners = { check, unit, kernel, install, images, e2e, elevated, packaged };

/** @type {Runner} Formatting, lint and types, as one test. */
async function check(root) {
  const code = await runVisibly([...npmCommand(), 'run', '--silent', 'check'], { cwd: root });
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** Readers of manuals, and shells that complete words, each with the Debian package it comes from. */
const readersAndShells = new Map([
  ['mandoc', 'mandoc'],
  ['groff', 'groff-base'],
  ['zsh', 'zsh'],
  ['fish', 'fish'],
]);

/** @type {Runner} */
async function unit(root) {
  await installTools(readersAndShells);
  return await vitest(root, 'unit', [], env);
}

/** @type {Runner} */
async function kernel(root) {
  await installTools(readersAndShells);
  const environment = {
    ...env,
    TEST_PROGRAMS: await ensureTestPrograms(),
    DYNAMIC_PROGRAM: await ensureDynamicProgram(),
    BOOT_ORACLES: await ensureBootOracles(),
  };
  return await vitest(root, 'kernel', await ensureNamespace(root, environment), environment);
}

/** Makers and readers of archives and packages, each with the Debian package it comes from. */
const packagers = new Map([
  ['rpmbuild', 'rpm'],
  ['xz', 'xz-utils'],
  ['zstd', 'zstd'],
  ['bzip2', 'bzip2'],
  ['createrepo_c', 'createrepo-c'],
  ['dnf', 'dnf'],
  ['zypper', 'zypper'],
  ['pacman', 'pacman-package-manager'],
]);

/** @type {Runner} QEMU from archives and from distributions, into places of the tests' own. */
async function install(root) {
  await ensureTools('The tests of installing QEMU', packagers);
  const environment = { ...env, TEST_PROGRAMS: await ensureTestPrograms() };
  return await vitest(root, 'install', await ensureNamespace(root, environment), environment);
}

/** @type {Runner} */
async function e2e(root) {
  const environment = { ...(await ensureWindow(root)), BOOT_ORACLES: await ensureBootOracles() };
  await wantContainerTools();
  const display = await ensureDisplay();
  const namespace = await ensureNamespace(root, environment);
  return await playwright('test/playwright.config.ts', (command, report) =>
    runVisibly([...display, ...namespace, ...command], { cwd: root, env: { ...environment, ...report } }),
  );
}

/** Some tests publish images, and are skipped where that cannot be tried; CI has everything. */
async function wantContainerTools() {
  try {
    await ensureContainerTools();
  } catch (error) {
    if (!(error instanceof NotPossibleHere) || env.CI) throw error;
    console.log(explain(error));
  }
}

/** @type {Runner} The way of ordinary users: through pkexec, on a machine arranged for it by root. */
async function elevated(root) {
  const machine = await ensureElevation();
  const environment = await ensureWindow(root);
  const display = await ensureDisplay();
  return await playwright('test/playwright.elevated.config.ts', (command, report) =>
    runVisibly([...machine, ...display, ...command], { cwd: root, env: { ...environment, ...report } }),
  );
}

/**
 * Makes sure that the program's window can be opened.
 *
 * @param {string} root
 * @returns {Promise<NodeJS.ProcessEnv>} the environment for tests that do
 */
async function ensureWindow(root) {
  const electron = await ensureElectron(root);
  await ensureSystemLibraries(electron);
  await ensureBuilt(root);
  return {
    ...env,
    TEST_PROGRAMS: await ensureTestPrograms(),
    ELECTRON_PATH: electron,
    // Playwright's own place is named after the user id, which in a namespace is root's for everybody.
    PWTEST_CACHE_DIR: join(root, 'node_modules', '.cache', 'playwright'),
  };
}

/**
 * @param {string} config
 * @param {(command: string[], report: NodeJS.ProcessEnv) => Promise<number | null>} runCommand runs it in the
 *   repository, with these variables that say where the report goes
 */
async function playwright(config, runCommand) {
  const program = join('node_modules', '@playwright', 'test', 'cli.js');
  const command = [execPath, program, 'test', '-c', config, '--reporter=list,json'];
  return await withReport(async (report) => {
    const code = await runCommand(command, { PLAYWRIGHT_JSON_OUTPUT_NAME: report });
    return readReport(code, report, readPlaywright);
  });
}

/**
 * @param {string} root
 * @param {string} project
 * @param {readonly string[]} namespace what to put in front to run it in a private namespace
 * @param {NodeJS.ProcessEnv} environment
 */
async function vitest(root, project, namespace, environment) {
  const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = ['run', '--config', 'test/vitest.config.ts', '--project', project];
  return await withReport(async (report) => {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await runVisibly([...namespace, execPath, program, ...args, ...reporters], {
      cwd: root,
      env: environment,
    });
    return readReport(code, report, readVitest);
  });
}

/**
 * @param {(report: string) => Promise<Counts>} runTests
 * @returns {Promise<Counts>}
 */
async function withReport(runTests) {
  const directory = await mkdtemp(join(tmpdir(), 'qemu-binfmt-manager-report-'));
  try {
    return await runTests(join(directory, 'report.json'));
  } finally {
    await rm(directory, { recursive: true });
  }
}
