import { resolve } from 'node:path';
import { runMain } from '../setup/problem.mjs';
import { ensureMade } from './ensure-made.mjs';

/** Makes sure that dist/ holds the packages of the sources as they are now. */
await runMain(async () => {
  await ensureMade(resolve(import.meta.dirname, '../..'));
  return 0;
});
