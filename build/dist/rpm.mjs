import { cp, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arch, env } from 'node:process';
import { NotPossibleHere, Problem } from '../setup/problem.mjs';
import { findProgram, run } from '../setup/programs.mjs';
import { listTree, setDates } from './tree.mjs';

const architectures = new Map([
  ['x64', 'x86_64'],
  ['arm64', 'aarch64'],
]);

/**
 * Makes the package for Fedora, openSUSE and their relatives.
 *
 * @param {import('./formats.mjs').Laid} laid
 * @returns {Promise<string>} its path
 */
export async function makeRpm({ prefix, work, output, date, product }) {
  if (!findProgram('rpmbuild')) {
    throw new NotPossibleHere(
      'The .rpm is made with rpmbuild, which is not here (package rpm or rpm-build).',
    );
  }
  const top = join(work, 'rpm');
  const buildRoot = join(top, 'root');
  await mkdir(buildRoot, { recursive: true });
  await cp(prefix, join(buildRoot, 'usr'), { recursive: true, verbatimSymlinks: true });
  await setDates(buildRoot, date);
  const spec = join(top, `${product.id}.spec`);
  await writeFile(spec, specOf(product, await fileList(buildRoot, product), date));

  const target = architectures.get(arch) ?? arch;
  const defines = [
    `_topdir ${top}`,
    `_rpmdir ${join(top, 'made')}`,
    '_buildhost localhost',
    'use_source_date_epoch_as_buildtime 1',
    'clamp_mtime_to_source_date_epoch 1',
    '_binary_payload w9.zstdio',
  ].flatMap((one) => ['--define', one]);
  const command = ['rpmbuild', '-bb', '--noclean', '--target', `${target}-linux`, '--buildroot', buildRoot];
  const outcome = await run([...command, ...defines, spec], {
    env: { ...env, SOURCE_DATE_EPOCH: String(date) },
  });
  const made = join(top, 'made', target);
  const [name] = await readdir(made).catch(() => []);
  if (outcome.code !== 0 || name === undefined) {
    throw new Problem(`rpmbuild could not make the .rpm:\n${outcome.stderr.trim()}`);
  }
  await rename(join(made, name), join(output, name));
  return join(output, name);
}

/**
 * @param {import('./product.mjs').Product} product
 * @param {string} files
 * @param {number} date
 */
const specOf = ({ id, version, summary, license, vendor, description, maintainer }, files, date) => `
# Nothing is compiled here, and nothing is to be changed.
%global debug_package %{nil}
%global __os_install_post %{nil}
%global _build_id_links none
# Electron's own libraries are nobody else's.
%global __provides_exclude_from ^/usr/lib/${id}/.*$
%global __requires_exclude ^libffmpeg\\\\.so

Name: ${id}
Version: ${version}
Release: 1
Summary: ${summary}
License: ${license}
Vendor: ${vendor}
Packager: ${maintainer}
Group: System/Base
# The libraries that Electron is linked with are found by rpmbuild; this one Chromium opens later, and must.
Requires: libX11-xcb.so.1()(64bit)
# Where pkexec is: Fedora has it in polkit, openSUSE in pkexec.
Requires: /usr/bin/pkexec
Recommends: (qemu-user-static or qemu-linux-user)
Recommends: xdg-utils

%description
${description.join('\n\n').replaceAll(/\n\n- /g, '\n- ')}

%files
${files}

%changelog
* ${rpmDate(date)} ${maintainer} - ${version}-1
- Version ${version}: see %{_docdir}/${id}/changelog.gz
`;

/**
 * All files, and the directories that are the program's own.
 *
 * @param {string} root
 * @param {import('./product.mjs').Product} product
 */
async function fileList(root, { id }) {
  const own = [`usr/lib/${id}`, `usr/share/doc/${id}`];
  const isOwn = (/** @type {string} */ path) => own.some((one) => path === one || path.startsWith(`${one}/`));
  const lines = (await listTree(root)).map(({ path, stats }) => {
    if (stats.isDirectory()) return isOwn(path) ? `%dir %attr(0755,root,root) "/${path}"` : '';
    const attributes = stats.isSymbolicLink() ? '' : `%attr(0${(stats.mode & 0o777).toString(8)},root,root) `;
    return `${markOf(path)}${attributes}"/${path}"`;
  });
  return lines.filter((line) => line !== '').join('\n');
}

/** @param {string} path */
function markOf(path) {
  if (/\/(copyright|LICENSES[^/]*)$/.test(path)) return '%license ';
  return /^usr\/share\/(doc|man)\//.test(path) ? '%doc ' : '';
}

/** @param {number} date as `Mon Jan 05 2026` */
const rpmDate = (date) =>
  new Date(date * 1000).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+).*$/, '$1 $3 $2 $4');
