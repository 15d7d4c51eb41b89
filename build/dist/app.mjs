import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { build } from 'electron-vite';
import { Problem } from '../setup/problem.mjs';
import { collectPackages } from './bundled-packages.mjs';

/** What of the bundle runs; the rest of it is for the system's own directories. */
const parts = ['main', 'preload', 'renderer'];

/**
 * Bundles the program anew and lays out what becomes app.asar: nothing but the bundle and a package.json that
 * Electron needs. Everything is bundled, so there are no node_modules.
 *
 * @param {string} root
 * @param {string} work
 * @returns {Promise<{ app: string, share: string, packages: readonly string[] }>} the directory for app.asar, the
 *   one laid out as /usr/share, and the directories of the npm packages that went into the bundle
 */
export async function buildApp(root, work) {
  const out = join(work, 'out');
  const packages = new Set();
  env.OUT_DIRECTORY = out;
  try {
    await build({
      root,
      configFile: join(root, 'build', 'electron.vite.config.ts'),
      logLevel: 'warn',
      plugins: [collectPackages(packages)],
    });
  } catch (error) {
    throw new Problem(
      `${error instanceof Error ? error.message : error}\nThe program could not be built; why is said above. Mend it and start again.`,
    );
  } finally {
    // What is built later in this process goes to out/ again.
    delete env.OUT_DIRECTORY;
  }

  const app = join(work, 'app');
  await mkdir(app, { recursive: true });
  for (const part of parts) await cp(join(out, part), join(app, 'out', part), { recursive: true });
  await writeFile(join(app, 'package.json'), await appManifest(root));
  await refuseLeaks(app, root);
  return { app, share: join(out, 'share'), packages: [...packages].sort() };
}

/** @param {string} root */
async function appManifest(root) {
  const { name, productName, version, description, license, author, type, main } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  // What the desktop knows the window by: the desktop entry's name.
  const desktopName = `${name}.desktop`;
  return JSON.stringify(
    { name, productName, version, description, license, author, type, main, desktopName },
    null,
    2,
  );
}

/**
 * Fails when the app holds a source map or the path of the directory that it was built in.
 *
 * @param {string} app
 * @param {string} root
 */
async function refuseLeaks(app, root) {
  for (const name of await readdir(app, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue;
    const file = join(name.parentPath, name.name);
    const text = await readFile(file, 'latin1');
    if (name.name.endsWith('.map') || /^\/\/[#@] sourceMappingURL=/m.test(text)) {
      throw new Problem(
        `${file} is or names a source map, which would tell where it was built: turn it off.`,
      );
    }
    if (text.includes(root)) {
      throw new Problem(`${file} holds the path of this repository (${root}), which must not be published.`);
    }
  }
}
