import dataUrl from 'libarchive/wasm?url&inline';

let compiled: Promise<WebAssembly.Module> | null = null;

/** The library, compiled once. Imported where it is first needed: its text is 2 MB that starting need not read. */
export function libarchive(): Promise<WebAssembly.Module> {
  const base64 = dataUrl.slice(dataUrl.indexOf(',') + 1);
  compiled ??= WebAssembly.compile(Buffer.from(base64, 'base64'));
  return compiled;
}
