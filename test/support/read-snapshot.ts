import { Interpreters, type VersionCache } from '../../electron/binfmt/interpreters.ts';
import { SnapshotReader } from '../../electron/binfmt/reader.ts';
import type { Row, Snapshot } from '../../electron/binfmt/snapshot.ts';

/** Says of every interpreter that it has no version, so that none is read. */
export const noVersions: VersionCache = { get: () => null, set: () => undefined };

export const readSnapshot = (): Promise<Snapshot> =>
  new SnapshotReader(new Interpreters(noVersions, () => undefined)).read();

/** The row of that name in either table; throws where there is none. */
export function rowNamed(snapshot: Snapshot, name: string): Row {
  const row = [...snapshot.targets, ...snapshot.formats].find((one) => one.name === name);
  if (row === undefined) throw new RangeError(`There is no row ${name}.`);
  return row;
}
