import { spawn } from 'node:child_process';
import { readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const namespaces = ['--user', '--mount', '--pid', '--net', '--uts', '--ipc', '--propagation', 'private'];
/** Every user and group that packages know, each as itself. */
const ALL_IDS = '0 0 65536\n';

/** Waits for its users. What is started from then on has root's rights on the machine. */
const whenUsersAreThere = ['sh', '-c', 'read -r line && exec "$@" < /dev/null', 'machine'];

/**
 * Runs a command on a machine of its own: with users, processes, mounts, a network and a binfmt_misc of its own.
 * When it ends nothing of all that is left. It needs root, who alone can hand out more than one user.
 *
 * @param {readonly string[]} command
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} the exit status
 */
export async function runOnMachine(command, options = {}) {
  const enter = [...namespaces, '--fork', '--kill-child', ...whenUsersAreThere];
  const child = spawn('unshare', [...enter, ...command], {
    ...options,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  });
  // Its first process ends with it, and everything else on it with that.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGKILL'));
  await Promise.race([handOutIds(child.pid), ended]);
  child.stdin.on('error', () => {}).end('\n');
  return await ended;
}

/** @param {number | undefined} pid */
async function handOutIds(pid) {
  const ours = readlinkSync('/proc/self/ns/user');
  while (readlinkSync(`/proc/${pid}/ns/user`) === ours) await wait(5);
  for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${pid}/${map}`, ALL_IDS);
}
