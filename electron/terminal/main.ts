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
const status = await runCommand(invocation, process);
// A pipe takes what it is given as fast as somebody reads it. stderr comes last: it tells of stdout's errors.
for (const stream of [stdout, stderr]) await drained(stream);
// Files that are still being read or watched must not keep it running.
process.exit(isWritten ? status : FAILED);

/** Resolves when all that was written is with whoever reads, or nobody reads any more. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  // An error is told of only after whoever wrote has gone on.
  return new Promise((resolve) => void stream.write('', () => setImmediate(resolve)));
}
