import './setup/require-node.mjs';
import { runWithPrivateWindow } from './private-window.mjs';
import { runMain } from './setup/problem.mjs';

/** `npm run bench`: how fast the program is, against the floor of what any program would need. */
await runMain(() => runWithPrivateWindow('bench/measure-all.mjs'));
