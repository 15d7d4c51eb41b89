import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { installationLog } from './install-script.ts';

/** A person sees an installation move; less often would look like standing still. */
const INTERVAL_MS = 200;

/**
 * Hands over the lines that the installation of this token writes into its file, as they come, until the function
 * that it returns is called. The file appears when permission was given, which may take long, and is read from
 * time to time: only while somebody is installing.
 */
export function followInstallation(token: string, onLine: (line: string) => void): () => void {
  const decoder = new StringDecoder('utf8');
  const chunk = Buffer.alloc(64 * 1024);
  let file: number | null = null;
  let rest = '';
  const look = (): void => {
    file ??= openOrNull(installationLog(token));
    if (file === null) return;
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
      const lines = (rest + decoder.write(chunk.subarray(0, length))).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    }
  };
  const timer = setInterval(look, INTERVAL_MS);
  return () => {
    clearInterval(timer);
    if (file !== null) closeSync(file);
    file = null;
  };
}

function openOrNull(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch {
    return null; // Not yet.
  }
}
