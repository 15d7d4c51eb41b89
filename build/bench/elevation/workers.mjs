import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { env } from 'node:process';
import { Problem } from '../../setup/problem.mjs';

/**
 * @typedef {object} Answer
 * @property {number} time from the call to its result, in milliseconds
 * @property {Awaited<ReturnType<import('../domain.mjs').Domain['runElevated']>>} result
 *
 * @typedef {object} Worker
 * @property {(script: string) => Promise<Answer>} run
 * @property {() => void} stop
 */

/**
 * Starts a process of a user's that carries out scripts the way the program does for that user. Both users' are
 * Electron as Node.js: the program's own runtime, and where ordinary users can start it.
 *
 * @param {string} domainFile
 * @param {{ uid: number, gid: number, home: string }} user
 * @returns {Worker}
 */
export function startWorker(domainFile, { uid, gid, home }) {
  const child = fork(join(import.meta.dirname, 'worker.mjs'), [domainFile], {
    execPath: env.ELECTRON_PATH ?? 'electron',
    env: { ELECTRON_RUN_AS_NODE: '1', PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8' },
    cwd: '/',
    uid,
    gid,
  });
  const gone = once(child, 'exit');
  return {
    run: async (script) => {
      const answered = once(child, 'message');
      child.send(script);
      const ended = gone.then(() => Promise.reject(new Problem('The process that elevates has ended.')));
      const [answer] = await Promise.race([answered, ended]);
      return answer;
    },
    stop: () => child.disconnect(),
  };
}
