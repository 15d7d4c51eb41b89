import { spawn } from 'node:child_process';
import { readlinkSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, getuid } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { NotPossibleHere, runMain } from '../problem.mjs';
import { podmanControlGroups, subdirectories } from './container-tools.mjs';

const namespaces = ['--user', '--mount', '--pid', '--net', '--uts', '--ipc', '--propagation', 'private'];
/** Every user and group that packages know, each as itself. */
const ALL_IDS = '0 0 65536\n';

/**
 * Runs a command on a machine of its own, in which containers can be run as root: with users, processes, mounts, a
 * loopback network and a binfmt_misc of its own. When it ends nothing of all that is left.
 *
 *     node build/setup/images/container-machine.mjs COMMAND…
 *
 * It needs root: a container's root file system belongs to several users, and only root can hand out more than one.
 */
await runMain(() => runInContainerMachine(argv.slice(2)));

/**
 * @param {string[]} command
 * @returns {Promise<number>} the exit status
 */
async function runInContainerMachine(command) {
  if (getuid?.() !== 0) throw new NotPossibleHere('Only root can make a machine to run containers on.');
  const groupsBefore = new Set(podmanControlGroups());
  const setUp = join(import.meta.dirname, 'container-machine.sh');
  const child = spawn('unshare', [...namespaces, '--fork', '--kill-child', 'bash', setUp, ...command], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  });
  // Its first process ends with it, and everything else on it with that.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGKILL'));
  try {
    await Promise.race([handOutIds(child.pid), ended]);
    // It waits for its users before it makes anything.
    child.stdin.on('error', () => {}).end('\n');
    return await ended;
  } finally {
    for (const group of podmanControlGroups()) {
      if (!groupsBefore.has(group)) removeControlGroup(group);
    }
  }
}

/** @param {number | undefined} pid */
async function handOutIds(pid) {
  const ours = readlinkSync('/proc/self/ns/user');
  while (readlinkSync(`/proc/${pid}/ns/user`) === ours) await wait(5);
  for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${pid}/${map}`, ALL_IDS);
}

/** @param {string} directory */
function removeControlGroup(directory) {
  for (const inner of subdirectories(directory)) removeControlGroup(inner);
  try {
    rmdirSync(directory);
  } catch {
    // Somebody else's container is in it by now.
  }
}
