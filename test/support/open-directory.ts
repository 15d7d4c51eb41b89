import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Makes a directory for a test that everybody may read: the program may run as another user than the test. */
export function makeOpenDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-test-'));
  chmodSync(directory, 0o755);
  return directory;
}
