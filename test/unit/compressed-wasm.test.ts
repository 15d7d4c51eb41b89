import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterEach, expect, it } from 'vitest';
import { compressedWasm } from '../../build/compressed-wasm.ts';

const wasm = createRequire(import.meta.url).resolve('libarchive/wasm');
let directory = '';
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('inlines WebAssembly compressed, and hands out what it was', async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-wasm-'));
  const input = path.join(directory, 'input.js');
  writeFileSync(input, `export { default } from ${JSON.stringify(`${wasm}?url&inline`)};`);
  await build({
    root: directory,
    configFile: false,
    logLevel: 'error',
    plugins: [compressedWasm()],
    build: {
      ssr: input,
      outDir: directory,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: 'output.mjs' } },
    },
  });

  const output = path.join(directory, 'output.mjs');
  const inlined = (await import(pathToFileURL(output).href)) as { readonly default: string };
  const original = readFileSync(wasm);
  const [prefix, base64 = ''] = inlined.default.split(',');
  expect(prefix).toBe('data:application/wasm;base64');
  expect(Buffer.from(base64, 'base64').equals(original)).toBe(true);
  expect(readFileSync(output).length).toBeLessThan(original.length / 2);
});
