import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { compressedWasm } from './compressed-wasm.ts';
import { terminalFiles } from './terminal-files.ts';

/** Packages are made of a build of their own. */
const out = process.env.OUT_DIRECTORY ?? 'out';

// Everything is bundled: one file to load starts faster than a tree of them, and nothing else needs shipping.
export default defineConfig({
  main: {
    plugins: [compressedWasm(), terminalFiles(`${out}/share`)],
    build: {
      outDir: `${out}/main`,
      externalizeDeps: false,
      target: 'node20',
      rollupOptions: {
        input: { main: 'electron/main.ts', terminal: 'electron/terminal/main.ts' },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: `${out}/preload`,
      externalizeDeps: false,
      rollupOptions: {
        input: 'electron/preload.ts',
        // A sandboxed preload script cannot be a module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    // The widgets' own words are needed in the language of ours only.
    plugins: [{ ...optimizeLocales.vite({ locales: ['en-US'] }), enforce: 'pre' }, react()],
    build: {
      outDir: `${out}/renderer`,
      target: 'chrome130',
      minify: true,
      modulePreload: { polyfill: false },
      // It is for what comes over a network.
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
      rollupOptions: {
        input: 'renderer/index.html',
        // What the first frame needs, in one file: each request to the main process costs milliseconds.
        output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } },
      },
    },
  },
});
