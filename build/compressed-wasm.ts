import { readFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Plugin } from 'vite';

const INLINED = /\.wasm\?url&inline$/;

/** Keeps WebAssembly that is inlined compressed until it is asked for: a quarter of what base64 alone makes of it. */
export const compressedWasm = (): Plugin => ({
  name: 'compressed-wasm',
  enforce: 'pre',
  load: {
    filter: { id: INLINED },
    async handler(id) {
      const content = await readFile(id.replace(INLINED, '.wasm'));
      // The best quality would take seconds of every build.
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
      const packed = brotliCompressSync(content, { params }).toString('base64');
      return `import { brotliDecompressSync } from 'node:zlib';
const content = brotliDecompressSync(Buffer.from('${packed}', 'base64'));
export default \`data:application/wasm;base64,\${content.toString('base64')}\`;`;
    },
  },
});
