import './setup/require-node.mjs';
import { runWithPrivateWindow } from './private-window.mjs';
import { runMain } from './setup/problem.mjs';

/** `npm run screenshot`: takes the pictures of the program in assets/ anew. */
await runMain(() => runWithPrivateWindow('screenshot/take.mjs'));
