import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arch, env } from 'node:process';
import { NotPossibleHere, Problem } from '../setup/problem.mjs';
import { findProgram, run } from '../setup/programs.mjs';
import { copyTo, gzipTo } from './prefix.mjs';
import { installedSize, listTree, setDates } from './tree.mjs';

const architectures = new Map([
  ['x64', 'amd64'],
  ['arm64', 'arm64'],
]);

/**
 * What Electron is linked with, libX11-xcb, without which Chromium cannot do, and pkexec. Debian 13 and Ubuntu 24.04 have renamed some for 64-bit time;
 * up to Ubuntu 22.04 pkexec is in policykit-1.
 */
const depends = [
  ...'libasound2 libatk-bridge2.0-0 libatk1.0-0 libatspi2.0-0 libcups2 libglib2.0-0 libgtk-3-0'
    .split(' ')
    .map((name) => `${name}t64 | ${name}`),
  ...'libc6 libcairo2 libdbus-1-3 libdrm2 libexpat1 libgbm1 libnspr4 libnss3 libpango-1.0-0 libudev1'.split(
    ' ',
  ),
  ...'libx11-6 libx11-xcb1 libxcb1 libxcomposite1 libxdamage1 libxext6 libxfixes3 libxkbcommon0 libxrandr2'.split(
    ' ',
  ),
  'pkexec | policykit-1',
];
/** The emulators, what lets a graphics card draw, and what opens the log file. */
const recommends = ['qemu-user-static | qemu-user', 'libgl1', 'xdg-utils'];

/**
 * Makes the package for Debian, Ubuntu and their relatives.
 *
 * @param {import('./formats.mjs').Laid} laid
 * @returns {Promise<string>} its path
 */
export async function makeDeb({ prefix, work, output, date, product }) {
  if (!findProgram('dpkg-deb')) {
    throw new NotPossibleHere('The .deb is made with dpkg-deb, which is not here (package dpkg).');
  }
  const root = join(work, 'deb');
  const usr = join(root, 'usr');
  await cp(prefix, usr, { recursive: true, verbatimSymlinks: true });
  await addDebianFiles(usr, product, date);

  const control = join(root, 'DEBIAN');
  await mkdir(control);
  await writeFile(join(control, 'md5sums'), await md5sums(root));
  await writeFile(join(control, 'control'), await controlOf(usr, product));
  await setDates(root, date);

  const architecture = architectures.get(arch) ?? arch;
  const file = join(output, `${product.id}_${product.version}-1_${architecture}.deb`);
  // The quickest xz takes a twelfth of its usual time for a sixth more bytes; with one thread, so that these do not
  // depend on how many there are.
  const options = ['--root-owner-group', '-Zxz', '-z0', '--threads-max=1'];
  const outcome = await run(['dpkg-deb', ...options, '--build', root, file], {
    env: { ...env, SOURCE_DATE_EPOCH: String(date) },
  });
  if (outcome.code === 0) return file;
  throw new Problem(`dpkg-deb could not make ${file}:\n${outcome.stderr.trim()}`);
}

/**
 * What is different on Debian.
 *
 * @param {string} usr
 * @param {import('./product.mjs').Product} product
 * @param {number} date
 */
async function addDebianFiles(usr, product, date) {
  const share = join(usr, 'share');
  // Ubuntu since 24.04 keeps users from making the namespaces that Chromium's sandbox is made of: see SECURITY.md.
  await chmod(join(usr, 'lib', product.id, 'chrome-sandbox'), 0o4755);
  // Debian's zsh does not look into site-functions.
  await mkdir(join(share, 'zsh', 'vendor-completions'));
  await rename(
    join(share, 'zsh', 'site-functions', '_qemu-binfmt'),
    join(share, 'zsh', 'vendor-completions', '_qemu-binfmt'),
  );
  await gzipTo(Buffer.from(changelog(product, date)), join(share, 'doc', product.id, 'changelog.Debian.gz'));
  await copyTo(
    join(import.meta.dirname, 'lintian-overrides'),
    join(share, 'lintian', 'overrides', product.id),
  );
}

/**
 * @param {import('./product.mjs').Product} product
 * @param {number} date
 */
const changelog = ({ id, version, maintainer }, date) => `${id} (${version}-1) unstable; urgency=medium

  * Version ${version}: changelog.gz tells what is new.

 -- ${maintainer}  ${new Date(date * 1000).toUTCString().replace('GMT', '+0000')}
`;

/**
 * @param {string} usr
 * @param {import('./product.mjs').Product} product
 */
async function controlOf(usr, { id, version, maintainer, summary, description }) {
  return `Package: ${id}
Version: ${version}-1
Architecture: ${architectures.get(arch) ?? arch}
Maintainer: ${maintainer}
Installed-Size: ${(await installedSize(usr)) / 1024}
Depends: ${depends.join(', ')}
Recommends: ${recommends.join(', ')}
Section: admin
Priority: optional
Description: ${summary}
${describe(description)}
`;
}

/**
 * The paragraphs of deb-control(5)'s Description. Items of a list begin with two blanks: those are not filled.
 *
 * @param {readonly string[]} description
 */
function describe(description) {
  const lines = description.flatMap((paragraph, index) => {
    const isItem = paragraph.startsWith('- ');
    const wrapped = wrap(paragraph, 76).map((line, number) => {
      if (!isItem) return ` ${line}`;
      return number === 0 ? `  ${line}` : `    ${line}`;
    });
    return index === 0 || isItem ? wrapped : [' .', ...wrapped];
  });
  return lines.join('\n');
}

/**
 * @param {string} text
 * @param {number} columns
 */
const wrap = (text, columns) =>
  [...text.matchAll(new RegExp(`(.{1,${columns}})(?: |$)`, 'gu'))].map(([, line = '']) => line);

/** @param {string} root */
async function md5sums(root) {
  const files = (await listTree(root)).filter(({ stats }) => stats.isFile());
  const lines = files.map(async ({ path }) => {
    const hash = createHash('md5').update(await readFile(join(root, path)));
    return `${hash.digest('hex')}  ${path}\n`;
  });
  return (await Promise.all(lines)).join('');
}
