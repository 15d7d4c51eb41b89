import './setup/require-node.mjs';
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { argv, env, execPath, getuid, platform } from 'node:process';
import { ensureBuilt } from './setup/built-program.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensurePackages } from './setup/npm-packages.mjs';
import { Problem, runMain } from './setup/problem.mjs';
import { say } from './setup/progress.mjs';
import { explainSandbox } from './setup/sandbox.mjs';
import { ensureSystemLibraries } from './setup/system-libraries.mjs';

const root = resolve(import.meta.dirname, '..');
const isRoot = getuid?.() === 0;

await runMain(() => start(argv.slice(2)));

/**
 * `npm start`: whatever is missing is installed and built first; with nothing missing that takes no time.
 *
 * @param {string[]} args
 * @returns {Promise<number>} the exit status
 */
async function start(args) {
  if (platform !== 'linux')
    throw new Problem('QEMU Binfmt Manager changes a setting of the Linux kernel: run it on Linux.');
  await ensurePackages(root);
  // The window takes switches alone; a word is for the command `qemu-binfmt`.
  const [first = ''] = args;
  if (first !== '' && !first.startsWith('-')) return await startInTerminal(args);
  if (env.DISPLAY || env.WAYLAND_DISPLAY) return await startWindow(args);
  say(
    'There is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set), so here is the table alone.',
  );
  return await startInTerminal(['list', ...args]);
}

/** @param {string[]} args */
async function startWindow(args) {
  const electron = await ensureElectron(root);
  await ensureSystemLibraries(electron);
  await ensureBuilt(root);
  explainSandbox(electron);
  if (isRoot) {
    say(
      'For root Chromium has no sandbox: start the window as an ordinary user, and it asks when it needs root.',
    );
  }
  return await run([electron, ...switches(), root, ...args]);
}

/**
 * The command `qemu-binfmt`; for it Electron is neither of use nor installed.
 *
 * @param {string[]} args
 */
async function startInTerminal(args) {
  await ensureBuilt(root);
  return await run([execPath, join(root, 'out', 'main', 'terminal.js'), ...args]);
}

function switches() {
  return [
    // Chromium refuses to sandbox for root; for ordinary users the sandbox stays on.
    ...(isRoot ? ['--no-sandbox'] : []),
    // Older Electrons look for an X server unless told to look around.
    ...(env.DISPLAY ? [] : ['--ozone-platform-hint=auto']),
  ];
}

/**
 * Runs the program in the foreground: its terminal is ours, our signals and its exit status are passed on.
 *
 * @param {readonly string[]} command
 * @returns {Promise<number>}
 */
function run([program = '', ...args]) {
  // Set in the terminals of some editors, it would make Electron an ordinary Node.
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = env;
  const child = spawn(program, args, { stdio: 'inherit', env: environment });
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (!signal) return resolve(code ?? 1);
      // Whoever started us learns of the signal too.
      for (const ours of signals) process.removeAllListeners(ours);
      process.kill(process.pid, signal);
    });
  });
}
