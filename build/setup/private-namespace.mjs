import { NotPossibleHere } from './problem.mjs';
import { findProgram, run } from './programs.mjs';

/** What to put in front of a command so that it sees a binfmt_misc of its own, and the machine's stays untouched. */
const enter = ['unshare', '-Urm', '--propagation', 'private', 'bash', 'test/support/namespace.sh'];

/**
 * Makes sure that this machine gives its users private binfmt_misc instances.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string[]>} what to put in front of a command to run it in one
 */
export async function ensureNamespace(root, env) {
  if (!findProgram('unshare')) {
    throw new NotPossibleHere(
      'There is no unshare here (package util-linux), which makes private namespaces.',
    );
  }
  const { code, stderr } = await run([...enter, 'true'], { cwd: root, env });
  if (code === 0) return enter;
  throw new NotPossibleHere(
    `No private namespace with a binfmt_misc of its own could be made (${stderr.trim()}); it needs Linux 6.7 ` +
      'or newer, and a system or container that lets its users make user namespaces.',
  );
}
