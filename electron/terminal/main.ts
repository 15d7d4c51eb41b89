import os from 'node:os';
import path from 'node:path';
import { Interpreters } from '../binfmt/interpreters.ts';
import { SnapshotReader } from '../binfmt/reader.ts';
import { openVersionCache } from '../version-cache.ts';
import { formatTable } from './table.ts';

const cacheHome = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
const versions = openVersionCache(path.join(cacheHome, 'qemu-binfmt-manager/qemu-versions.json'), (error) =>
  console.error(`QEMU’s versions could not be kept: ${error}`),
);
const interpreters = new Interpreters(versions, () => undefined);
const reader = new SnapshotReader(interpreters);

await reader.read();
await interpreters.versionsRead();
process.stdout.write(formatTable(await reader.read()));
