import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Where a program that was started with `--remote-debugging-port=0` waits for us, on the loopback of the tests' own
 * machine, as 127.0.0.1:PORT; and what it said before. Throws when it ends without.
 */
export async function debuggingAddress(
  child: ChildProcess,
): Promise<{ readonly address: string; readonly said: string }> {
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr ?? process.stdin })) {
    said.push(line);
    const address = /^DevTools listening on ws:\/\/([^/]+)\//.exec(line)?.[1];
    if (address !== undefined) {
      // What it says later is nobody's concern, and must not fill the pipe.
      child.stderr?.resume();
      return { address, said: said.join('\n') };
    }
  }
  throw new Error(`The program ended: ${said.join('\n')}`);
}
