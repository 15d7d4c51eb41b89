import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Problem } from '../setup/problem.mjs';
import { iconSizes } from './icons.mjs';
import { COMPONENT } from './product.mjs';

/**
 * Lays out all that is installed, as below /usr: packages of all kinds are made of these files.
 *
 * @param {object} from
 * @param {string} from.root
 * @param {string} from.prefix the directory to make
 * @param {string} from.unpacked becomes a part of it
 * @param {string} from.icons
 * @param {string} from.share what the bundle brings along for /usr/share: manual page and completions
 * @param {string} from.licences a text
 * @param {number} from.date in seconds since 1970
 * @param {import('./product.mjs').Product} product
 */
export async function layOut({ root, prefix, unpacked, icons, share, licences, date }, product) {
  const lib = join(prefix, 'lib', product.id);
  const doc = join(prefix, 'share', 'doc', product.id);
  const assets = join(root, 'assets');
  await mkdir(dirname(lib), { recursive: true });
  await rename(unpacked, lib);
  await mkdir(doc, { recursive: true });
  for (const command of ['qemu-binfmt', product.id]) await link(join(prefix, 'bin', command), lib, command);

  const applications = join(prefix, 'share', 'applications');
  await copyTo(join(assets, `${product.id}.desktop`), join(applications, `${product.id}.desktop`));
  /** @param {string} name */
  const readAsset = async (name) => fillIn(await readFile(join(assets, name), 'utf8'), date, product);
  const metainfo = `${COMPONENT}.metainfo.xml`;
  await mkdir(join(prefix, 'share', 'metainfo'));
  await writeFile(join(prefix, 'share', 'metainfo', metainfo), await readAsset(metainfo));
  const hicolor = join(prefix, 'share', 'icons', 'hicolor');
  await copyTo(join(assets, 'icon.svg'), join(hicolor, 'scalable', 'apps', `${product.id}.svg`));
  for (const size of iconSizes.map((pixels) => `${pixels}x${pixels}`)) {
    await copyTo(join(icons, `${size}.png`), join(hicolor, size, 'apps', `${product.id}.png`));
  }

  const manual = 'man/man1/qemu-binfmt.1';
  const completions = [
    'bash-completion/completions/qemu-binfmt',
    'zsh/site-functions/_qemu-binfmt',
    'fish/vendor_completions.d/qemu-binfmt.fish',
  ];
  for (const file of [manual, ...completions]) await requireFile(join(share, file));
  await gzipTo(await readFile(join(share, manual)), join(prefix, 'share', `${manual}.gz`));
  const ofWindow = await readAsset(`${product.id}.1`);
  await gzipTo(Buffer.from(ofWindow), join(prefix, 'share', 'man', 'man1', `${product.id}.1.gz`));
  for (const file of completions) await copyTo(join(share, file), join(prefix, 'share', file));

  await writeFile(join(doc, 'copyright'), licences);
  await gzipTo(await readFile(join(root, 'CHANGELOG.md')), join(doc, 'changelog.gz'));
  await copyTo(join(assets, 'registrations.schema.json'), join(doc, 'registrations.schema.json'));
  // 9 MB that nobody reads often, and that must come along.
  await gzipTo(await readFile(join(lib, 'LICENSES.chromium.html')), join(doc, 'LICENSES.chromium.html.gz'));
  for (const file of ['LICENSES.chromium.html', ...electronLicences])
    await rm(join(lib, file), { force: true });
}

/** Where an unpacked Electron has its own licence: its own name, and electron-builder's. */
const electronLicences = ['LICENSE', 'LICENSE.electron.txt'];

/**
 * @param {string} unpacked
 * @returns {Promise<string>} the text of Electron's own licence
 */
export async function readElectronLicence(unpacked) {
  const file = electronLicences.map((name) => join(unpacked, name)).find((path) => existsSync(path));
  if (file) return await readFile(file, 'utf8');
  throw new Problem(`${unpacked} holds no licence of Electron’s, which must ship with it.`);
}

/** @param {string} file */
async function requireFile(file) {
  if (existsSync(file)) return;
  throw new Problem(`${file} is missing, which the build makes for the packages: they would lack it.`);
}

/**
 * Makes a relative link into a directory of the prefix, so that the prefix may lie anywhere.
 *
 * @param {string} place
 * @param {string} lib
 * @param {string} name
 */
async function link(place, lib, name) {
  await mkdir(dirname(place), { recursive: true });
  await symlink(join('..', 'lib', lib.slice(lib.lastIndexOf('/') + 1), name), place);
}

/**
 * @param {string} text
 * @param {number} date
 * @param {import('./product.mjs').Product} product
 */
const fillIn = (text, date, { version }) =>
  text
    .replaceAll('{version}', version)
    .replaceAll('{date}', new Date(date * 1000).toISOString().slice(0, 10));

/**
 * Whatever mode it has where it was checked out: everybody may read it.
 *
 * @param {string} source
 * @param {string} target
 */
export async function copyTo(source, target) {
  await mkdir(dirname(target), { recursive: true });
  await cp(source, target);
  await chmod(target, 0o644);
}

/**
 * @param {Buffer} content
 * @param {string} target
 */
export async function gzipTo(content, target) {
  await mkdir(dirname(target), { recursive: true });
  // Node leaves name and time out of the header, so that the same content makes the same bytes.
  await writeFile(target, gzipSync(content, { level: 9 }));
}
