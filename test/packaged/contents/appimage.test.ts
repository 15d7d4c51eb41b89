import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAppImage } from '../../../build/dist/appimage.mjs';
import { electronToPackage } from '../../../build/dist/electron.mjs';
import { readProduct } from '../../../build/dist/product.mjs';
import { sourceDate } from '../../../build/dist/source-date.mjs';
import { debuggingAddress } from '../../support/debugging-address.ts';
import { makeOpenDirectory } from '../../support/open-directory.ts';
import { outputOf, work } from '../../support/packages.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const product = readProduct(repository);
/** A user who is on every system. */
const nobody = 65534;
/** No display, no home, no path but to what the runtime needs. */
const nothing = { PATH: '/usr/bin:/bin' };

let directory = '';
let appImage = '';
let unpacked = '';
const at = (...parts: readonly string[]): string => path.join(unpacked, ...parts);
const read = (...parts: readonly string[]): string => readFileSync(at(...parts), 'utf8');

/**
 * In place of the tools that electron-builder downloads: Debian’s mksquashfs, and a runtime that unpacks what follows
 * it where the real one mounts it, and starts it in the same way.
 */
function runtime(): string {
  const withOffset = (offset: number): string => `#!/bin/sh
APPIMAGE=$(readlink -f "$0")
APPDIR=$(mktemp -d ${directory}/run.XXXXXX)
export APPIMAGE APPDIR
unsquashfs -no-progress -quiet -force -dest "$APPDIR" -offset ${offset} "$APPIMAGE" >/dev/null || exit
exec "$APPDIR/AppRun" "$@"
`;
  // As long with the one number of three digits as with the other.
  return withOffset(withOffset(100).length);
}

function makeTools(): string {
  const tools = path.join(directory, 'tools');
  mkdirSync(path.join(tools, 'runtimes'), { recursive: true });
  mkdirSync(path.join(tools, 'lib', process.arch), { recursive: true });
  symlinkSync(outputOf('which', 'desktop-file-validate').trim(), path.join(tools, 'desktop-file-validate'));
  // For a look at what is in it the quickest compression will do.
  const quick = '#!/bin/sh\nexec mksquashfs "$@" -Xcompression-level 1\n';
  writeFileSync(path.join(tools, 'mksquashfs'), quick, { mode: 0o755 });
  writeFileSync(path.join(tools, 'runtimes', `runtime-${process.arch}`), runtime());
  return tools;
}

beforeAll(async () => {
  directory = makeOpenDirectory();
  process.env.APPIMAGE_TOOLS_PATH = makeTools();
  const electron = await electronToPackage(repository, false);
  appImage = await makeAppImage({
    root: repository,
    work: directory,
    output: directory,
    prefix: work('prefix'),
    date: await sourceDate(repository),
    product,
    given: {
      app: work('app'),
      icons: work('icons'),
      output: path.join(directory, 'made'),
      electron,
      product,
    },
  });
  chmodSync(appImage, 0o755);
  unpacked = path.join(directory, 'unpacked');
  const { length } = runtime();
  outputOf('unsquashfs', '-quiet', '-no-progress', '-dest', unpacked, '-offset', String(length), appImage);
}, 300_000);
afterAll(() => {
  delete process.env.APPIMAGE_TOOLS_PATH;
  rmSync(directory, { recursive: true, force: true });
});

it('leaves Chromium’s sandbox on, and says of itself what the desktop entry says', () => {
  const entry = new Map(
    [...read(`${product.id}.desktop`).matchAll(/^(\w[\w-]*)=(.*)$/gm)].map(
      ([, ...pair]) => pair as [string, string],
    ),
  );
  expect(entry.get('Exec')).toBe('AppRun %U');
  for (const [key, value] of product.desktopEntry) {
    if (key !== 'Exec') expect(entry.get(key), key).toBe(value);
  }
  expect(outputOf('desktop-file-validate', at(`${product.id}.desktop`))).toBe('');
});

it('holds the program, the licences of all that ships, and what catalogues of software read', () => {
  const doc = `usr/share/doc/${product.id}`;
  for (const [file, installed] of [
    [`${doc}/copyright`, `share/doc/${product.id}/copyright`],
    [`${doc}/LICENSES.chromium.html.gz`, `share/doc/${product.id}/LICENSES.chromium.html.gz`],
    ['resources/app.asar', `lib/${product.id}/resources/app.asar`],
  ] as const) {
    expect(readFileSync(at(file)).equals(readFileSync(work('prefix', installed))), file).toBe(true);
  }
  const metainfo = at('usr/share/metainfo/io.github.qemu_binfmt_manager.metainfo.xml');
  expect(outputOf('appstreamcli', 'validate', '--no-net', '--pedantic', metainfo)).toContain('successful');
});

it('is the command, too: a verb behind its name', () => {
  expect(execFileSync(appImage, ['list', 'riscv64'], { env: nothing, encoding: 'utf8' })).toContain(
    'riscv64',
  );
  const run = (...words: readonly string[]) =>
    execFileSync(at('AppRun'), words, { env: nothing, encoding: 'utf8', stdio: 'pipe' });
  expect(run('--version')).toBe(`${product.version}\n`);
  expect(run('help')).toContain('Usage: qemu-binfmt');
  // Without a display there is no window to open.
  expect(run()).toContain('riscv64');
  // As it is called where users may make no namespaces.
  expect(
    execFileSync(at(product.id), ['--no-sandbox', 'list', 'riscv64'], { env: nothing }).toString(),
  ).toContain('riscv64');
});

it('opens an ordinary user’s window, with Chromium’s sandbox', async () => {
  const home = path.join(directory, 'home');
  mkdirSync(home);
  const env = {
    ...nothing,
    HOME: home,
    DISPLAY: process.env.DISPLAY,
    XAUTHORITY: path.join(home, 'Xauthority'),
  };
  copyFileSync(process.env.XAUTHORITY ?? '', env.XAUTHORITY);
  for (const own of [home, env.XAUTHORITY]) chownSync(own, nobody, nobody);
  const asNobody = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
  const words = [at('AppRun'), '--remote-debugging-port=0', `--user-data-dir=${home}/data`];
  const program = spawn('setpriv', [...asNobody, ...words], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const { address } = await debuggingAddress(program);
    await expect
      .poll(async () => (await fetch(`http://${address}/json/list`)).text(), { timeout: 20_000 })
      .toContain('app://window/index.html');
    const commandLine = readFileSync(`/proc/${program.pid}/cmdline`, 'utf8');
    expect(commandLine).toContain(product.executable);
    expect(commandLine).not.toContain('--no-sandbox');
  } finally {
    program.kill();
    await once(program, 'exit');
  }
});
