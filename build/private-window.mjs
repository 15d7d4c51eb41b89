import { resolve } from 'node:path';
import { env, execPath, platform } from 'node:process';
import { ensurePackages } from './setup/npm-packages.mjs';
import { Problem } from './setup/problem.mjs';
import { runVisibly } from './setup/programs.mjs';

const root = resolve(import.meta.dirname, '..');

/**
 * Runs one of our own scripts where it may open the program's window and change registrations: everything is
 * installed and built, the display is in memory, and binfmt_misc is a private one.
 *
 * @param {string} script relative to this directory
 * @returns {Promise<number>} the exit status
 */
export async function runWithPrivateWindow(script) {
  if (platform !== 'linux') throw new Problem('This needs a feature of the Linux kernel: run it on Linux.');
  await ensurePackages(root);
  // What these need is a package that may have been installed only just now.
  const [built, display, electron, libraries, namespace, programs] = await Promise.all([
    import('./setup/built-program.mjs'),
    import('./setup/display.mjs'),
    import('./setup/electron.mjs'),
    import('./setup/system-libraries.mjs'),
    import('./setup/private-namespace.mjs'),
    import('./setup/test-programs.mjs'),
  ]);
  const executable = await electron.ensureElectron(root);
  await libraries.ensureSystemLibraries(executable);
  await built.ensureBuilt(root);
  const environment = {
    ...env,
    TEST_PROGRAMS: await programs.ensureTestPrograms(),
    ELECTRON_PATH: executable,
  };
  const command = [
    ...(await display.ensureDisplay()),
    ...(await namespace.ensureNamespace(root, environment)),
    ...[execPath, resolve(import.meta.dirname, script)],
  ];
  return (await runVisibly(command, { cwd: root, env: environment })) ?? 1;
}
