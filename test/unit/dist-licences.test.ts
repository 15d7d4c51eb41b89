import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { collectLicences } from '../../build/dist/licences.mjs';
import { readProduct } from '../../build/dist/product.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const texts = { 'COPYING.GPLv2': 'the text of GPLv2', 'zlib.LICENSE': 'the text of zlib’s' };
let directory = '';

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-test-'));
  mkdirSync(path.join(directory, 'licenses'));
  writeFileSync(path.join(directory, 'LICENSE'), 'its own text');
  for (const [name, text] of Object.entries(texts)) {
    writeFileSync(path.join(directory, 'licenses', name), text);
  }
});
afterEach(() => rmSync(directory, { recursive: true }));

function collect(name: string, license: string): Promise<string> {
  writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }));
  return collectLicences(root, readProduct(root), [directory], 'Electron’s');
}

it('all texts that a package brings along are passed on with it', async () => {
  const collected = await collect('some-package', 'MIT');
  expect(collected).toContain('some-package 1.2.3 (MIT)');
  for (const text of ['its own text', 'Electron’s', ...Object.values(texts)])
    expect(collected).toContain(text);
});

it('but those of what does not ship, which are named one by one', async () => {
  const collected = await collect('libarchive', 'MIT');
  expect(collected).toContain(texts['zlib.LICENSE']);
  expect(collected).not.toContain(texts['COPYING.GPLv2']);
});

it('a licence that nobody has looked at stops the build', async () => {
  await expect(collect('some-package', 'GPL-3.0')).rejects.toThrow('its licence is “GPL-3.0”');
});
