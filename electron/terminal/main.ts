import { fileURLToPath } from 'node:url';
import { readInvocation } from './invocation.ts';
import { runCommand } from './program.ts';
import { FAILED } from './verb.ts';

const { stdout, stderr } = process;

let isWritten = true;
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads may stop reading: head(1) does.
    if (error.code === 'EPIPE' || !isWritten) return;
    isWritten = false;
    stderr.write(`qemu-binfmt: The output could not be written (${error.code}).\n`);
  });
}

const invocation = readInvocation(fileURLToPath(import.meta.url));
// Files that are still being read or watched must not keep it running.
const status = await runCommand(invocation, process);
// An error of writing is told of only after whoever wrote has gone on.
setImmediate(() => process.exit(isWritten ? status : FAILED));
