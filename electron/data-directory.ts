import os from 'node:os';
import path from 'node:path';
import { productName } from '../package.json';

/** What the program keeps from one start to the next; the window and the terminal share it. */
export interface DataFiles {
  /** What was changed: see history.ts. */
  readonly changes: string;
  /** See version-cache.ts. */
  readonly versions: string;
}

export const dataFilesIn = (directory: string): DataFiles => ({
  changes: path.join(directory, 'changes.jsonl'),
  versions: path.join(directory, 'qemu-versions.json'),
});

/**
 * The directory that Electron calls `userData`, for those who have no Electron. sudo may leave HOME as it was:
 * what root writes goes to root's own home all the same, where nobody else can have planted a link.
 */
export function dataDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env.SUDO_UID !== undefined && process.getuid?.() === 0) {
    return path.join(os.userInfo().homedir, '.config', productName);
  }
  return path.join(env.XDG_CONFIG_HOME || path.join(os.homedir(), '.config'), productName);
}
