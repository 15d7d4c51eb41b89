import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from '../progress.mjs';

/** An abstract socket: no file, known to every mount namespace, and free as soon as its owner is gone. */
const NAME = '\0qemu-binfmt-manager-elevated-tests';

/** There is one registry on the machine: waits until no other private machine is using it. */
export async function takeTurn() {
  for (let hasSaid = false; !(await isOurs()); hasSaid = true) {
    if (!hasSaid) say('Another run of these tests is using this machine’s binfmt_misc: waiting for its end.');
    await wait(200);
  }
}

/** @returns {Promise<boolean>} */
function isOurs() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) =>
      'code' in error && error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(NAME, () => resolve(true)).unref();
  });
}
