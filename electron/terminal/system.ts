import { Interpreters, type VersionCache } from '../binfmt/interpreters.ts';
import { SnapshotReader } from '../binfmt/reader.ts';
import type { Snapshot } from '../binfmt/snapshot.ts';
import { dataDirectory, dataFilesIn } from '../data-directory.ts';
import { openVersionCache, type VersionFile } from '../version-cache.ts';

/** QEMU's versions as the window knows them, too. One that cannot be kept is only read once more next time. */
export const openVersions = (): VersionFile =>
  openVersionCache(dataFilesIn(dataDirectory()).versions, () => undefined);

/** For where QEMU's versions do not matter: none is read. */
export const notRead: VersionCache = { get: () => null, set: () => undefined };

/** Reads the system, QEMU's versions included. */
export async function readSystem(): Promise<Snapshot> {
  const versions = openVersions();
  const snapshot = await readWith(versions);
  versions.save();
  return snapshot;
}

/** Reads the system for who need not know QEMU's versions. */
export const readSystemQuickly = (): Promise<Snapshot> =>
  new SnapshotReader(new Interpreters(notRead, () => undefined)).read();

async function readWith(versions: VersionCache): Promise<Snapshot> {
  let learnt = false;
  const interpreters = new Interpreters(versions, () => {
    learnt = true;
  });
  const reader = new SnapshotReader(interpreters);
  const snapshot = await reader.read();
  await interpreters.versionsRead();
  return learnt ? await reader.read() : snapshot;
}
