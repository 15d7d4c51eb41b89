import { expect, it } from 'vitest';
import { readProduct } from '../../../build/dist/product.mjs';
import { filesOfDeb, outputOf, packageOfFormat } from '../../support/packages.ts';

const product = readProduct('.');

/** What only Debian wants, or wants elsewhere. */
const debian = (file: string): boolean => /changelog\.Debian|\/lintian\/|\/zsh\//.test(file);
const shared = (names: readonly string[]): readonly string[] => names.filter((name) => !debian(name)).sort();
const ofDeb = shared(filesOfDeb().map(({ path }) => path));

it('the .rpm holds the same files, none of them set-uid', () => {
  const rpm = packageOfFormat('rpm');
  const lines = outputOf(
    'rpm',
    '--query',
    '--queryformat',
    '[%{FILEMODES:perms} %{FILENAMES}\\n]',
    '--package',
    rpm,
  );
  const files = lines
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([mode = 'd']) => !/^(d|$)/.test(mode));
  expect(shared(files.map(([, name = '']) => name))).toEqual(ofDeb);
  expect(files.filter(([mode = '']) => mode.includes('s'))).toEqual([]);
});

it('the .rpm says what it needs, and runs nothing', () => {
  const ask = (...what: readonly string[]) =>
    outputOf('rpm', '--query', ...what, '--package', packageOfFormat('rpm'));
  const requires = ask('--requires');
  for (const name of ['/usr/bin/pkexec', 'libgtk-3.so.0', 'libX11-xcb.so.1', 'libnss3.so'])
    expect(requires).toContain(name);
  // Its own.
  expect(requires).not.toContain('libffmpeg');
  expect(ask('--provides')).not.toContain('.so');
  expect(ask('--recommends')).toContain('qemu-user-static');
  expect(ask('--scripts').trim()).toBe('');
  expect(ask('--info')).toContain(`Summary     : ${product.summary}`);
});

it('the .tar.gz holds the same files in one directory, none of them set-uid', () => {
  const lines = outputOf('tar', '--list', '--verbose', '--file', packageOfFormat('tar.gz'))
    .trim()
    .split('\n');
  const fields = lines.map((line) => line.split(/\s+/));
  const files = fields.filter(([mode = '']) => !mode.startsWith('d'));
  // All of it bears the time of the source, its directories, too.
  expect(new Set(fields.map(([, , , day, time]) => `${day} ${time}`)).size).toBe(1);
  const top = `${product.id}-${product.version}-linux-${process.arch}`;
  expect(shared(files.map((of) => (of[5] ?? '').replace(top, '/usr')))).toEqual(ofDeb);
  expect(files.filter(([mode = '']) => mode.includes('s'))).toEqual([]);
});
