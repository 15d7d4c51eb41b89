import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';

/** @type {import('../domain.mjs').Domain} */
const { detectElevation, runElevated } = await import(pathToFileURL(argv[2] ?? '').href);
const elevation = detectElevation();

process.on('message', async (script) => {
  const start = performance.now();
  const result = await runElevated(String(script), elevation);
  process.send?.({ time: performance.now() - start, result });
});
