import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { Problem } from './problem.mjs';
import { run } from './programs.mjs';
import { say } from './progress.mjs';

/**
 * Builds the program into out/.
 *
 * @param {string} root
 */
export async function build(root) {
  say('Building the program.');
  // A build that fails leaves no stamp behind, nor half of another build.
  await rm(join(root, 'out'), { recursive: true, force: true });
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const config = join('build', 'electron.vite.config.ts');
  const outcome = await run([execPath, electronVite, 'build', '-c', config], { cwd: root });
  if (outcome.code === 0) return;
  throw new Problem(
    `${outcome.stdout}${outcome.stderr}\nThe program could not be built; why is said above. Mend it and start again.`,
  );
}
