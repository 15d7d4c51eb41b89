import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fuses, readFuses } from '../../../build/dist/fuses.mjs';
import { readProduct } from '../../../build/dist/product.mjs';
import { dependencies, devDependencies } from '../../../package.json';
import { filesOfDeb, outputOf, packageOfFormat } from '../../support/packages.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const product = readProduct(repository);
const deb = packageOfFormat('deb');
const files = filesOfDeb();

/** It is electron-builder's, like the archive. */
const { extractFile, listPackage } = createRequire(import.meta.url)('@electron/asar') as {
  readonly extractFile: (archive: string, file: string) => Buffer;
  readonly listPackage: (archive: string) => readonly string[];
};

let unpacked = '';
const at = (...parts: readonly string[]): string => path.join(unpacked, ...parts);
const lib = (name: string): string => at('usr/lib', product.id, name);

beforeAll(() => {
  unpacked = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-deb-'));
  outputOf('dpkg-deb', '--extract', deb, unpacked);
});
afterAll(() => rmSync(unpacked, { recursive: true, force: true }));

it('says of itself what package.json and the desktop entry say', () => {
  const field = (name: string) => outputOf('dpkg-deb', '--field', deb, name).trim();
  expect(field('Package')).toBe('qemu-binfmt-manager');
  expect(field('Version')).toBe(`${product.version}-1`);
  expect(field('Description').split('\n')[0]).toBe(product.summary);
  expect(product.desktopEntry).toContainEqual(['Name', product.name]);
  expect(product.desktopEntry).toContainEqual(['Comment', product.summary]);
  expect(field('Depends')).toContain('pkexec | policykit-1');
  expect(field('Recommends')).toContain('qemu-user-static');
  expect(field('Depends')).not.toContain('qemu');
});

it('runs nothing when it is installed or removed, and configures nothing', () => {
  const control = outputOf('bash', '-c', 'dpkg-deb --ctrl-tarfile "$0" | tar --list', deb).trim().split('\n');
  expect(control.sort()).toEqual(['./', './control', './md5sums']);
});

it('has root’s files alone; the sandbox’s helper is the only one that is set-uid', () => {
  expect(files.filter(({ owner }) => owner !== 'root/root')).toEqual([]);
  const unusual = files.filter(({ mode }) => !/^(-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx)$/.test(mode));
  expect(unusual).toMatchObject([{ path: `/usr/lib/${product.id}/chrome-sandbox`, mode: '-rwsr-xr-x' }]);
});

it('has Electron’s fuses set in its executable', async () => {
  expect(await readFuses(lib(product.executable))).toEqual(fuses);
  expect(fuses).toMatchObject({
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
  });
});

it('holds the bundle and nothing else of the program, in less than 3 MB', () => {
  const archive = lib('resources/app.asar');
  const names = listPackage(archive);
  expect(
    names.filter((name) => !/^\/(out(\/(main|preload|renderer)(\/.*)?)?|package\.json)$/.test(name)),
  ).toEqual([]);
  for (const entry of ['/out/main/main.js', '/out/main/terminal.js', '/out/preload/preload.cjs']) {
    expect(names).toContain(entry);
  }
  const size = files.find((file) => file.path.endsWith('/app.asar'))?.size ?? 0;
  expect(size).toBeGreaterThan(100_000);
  expect(size).toBeLessThan(3_000_000);
  // What starts an app from a directory has no business there.
  expect(files.map((file) => file.path).filter((file) => file.includes('/resources/'))).toEqual([
    `/usr/lib/${product.id}/resources/app.asar`,
  ]);
});

it('needs no npm package, and names none', () => {
  const manifest: unknown = JSON.parse(extractFile(lib('resources/app.asar'), 'package.json').toString());
  expect(Object.keys(manifest as object).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
  const archive = readFileSync(lib('resources/app.asar'), 'latin1');
  const imported = [...archive.matchAll(/(?:require\(|from |import\()"([^".][^"]*)"/g)].map(
    ([, name]) => name,
  );
  const all = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => name !== 'electron');
  expect(imported.filter((name) => all.includes(name ?? ''))).toEqual([]);
});

it('has no address opened by another program', () => {
  expect(readFileSync(lib('resources/app.asar')).includes('openExternal')).toBe(false);
});

it('tells nothing of where it was built', () => {
  for (const { path: file, mode } of files) {
    if (!mode.startsWith('-')) continue;
    expect(file).not.toMatch(/\.map$/);
    if (file.endsWith(product.executable)) continue;
    const content = readFileSync(at(file));
    const text = (file.endsWith('.gz') ? gunzipSync(content) : content).toString('latin1');
    expect(text.includes(repository), file).toBe(false);
    if (file.endsWith('.asar')) expect(text).not.toMatch(/sourceMappingURL=(?!data:)/);
  }
});

it('names the licences of all that is in it', () => {
  const copyright = readFileSync(at('usr/share/doc', product.id, 'copyright'), 'utf8');
  expect(copyright).toContain(readFileSync(path.join(repository, 'LICENSE'), 'utf8').trim());
  // Those that certainly run.
  for (const name of ['react', 'react-dom', 'react-aria-components', 'zustand', 'valibot', 'electron-log']) {
    expect(copyright).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|Apache-2.0)\\)$`, 'm'));
  }
  expect(copyright).toContain('Copyright (c) Electron contributors');
  expect(copyright).not.toContain('vitest');
  const ofChromium = gunzipSync(readFileSync(at('usr/share/doc', product.id, 'LICENSES.chromium.html.gz')));
  expect(ofChromium.toString()).toContain('<!doctype html>');
});

it('has a desktop entry, metainfo and manuals that their validators find nothing in', () => {
  // It warns and hints with exit status 0.
  const entry = at('usr/share/applications', `${product.id}.desktop`);
  expect(outputOf('desktop-file-validate', entry)).toBe('');
  const metainfo = files.find((file) => file.path.endsWith('.metainfo.xml'))?.path ?? '';
  const said = outputOf('appstreamcli', 'validate', '--no-net', '--pedantic', at(metainfo));
  expect(said.trim().split('\n')).toEqual([expect.stringContaining('Validation was successful')]);
  for (const name of ['qemu-binfmt', product.id]) {
    const manual = at('usr/share/man/man1', `${name}.1.gz`);
    const complaints = outputOf('bash', '-c', 'man --warnings --local-file "$0" 2>&1 >/dev/null', manual);
    expect(complaints).toBe('');
  }
});

it('has its icon in all sizes, each drawn in its own', () => {
  for (const size of [16, 22, 24, 32, 48, 64, 128, 256, 512]) {
    const icon = readFileSync(at(`usr/share/icons/hicolor/${size}x${size}/apps/${product.id}.png`));
    // The first chunk of a PNG, IHDR, begins with width and height.
    expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([size, size]);
  }
});

it('is what lintian wants of a package, but for what is said to be otherwise', () => {
  const said = outputOf('lintian', '--fail-on', 'none', '--tag-display-limit', '0', deb);
  expect(said.split('\n').filter((line) => /^[EW]: /.test(line))).toEqual([]);
});
