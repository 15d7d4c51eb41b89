import { isMounted, type Row, type Snapshot } from '../electron/ipc/contract.ts';
import type { Store, TableName } from './store.ts';

/** The one row that is selected, as it is now; null when it is gone, and when it is not one. */
export function selectedRow({ snapshot, selection }: Pick<Store, 'snapshot' | 'selection'>): Row | null {
  const [name, ...others] = selection?.names ?? [];
  if (selection === null || name === undefined || others.length > 0) return null;
  return rowNamed(snapshot, selection.table, name) ?? null;
}

export const rowNamed = (snapshot: Snapshot, table: TableName, name: string): Row | undefined =>
  snapshot[table].find((row) => row.name === name);

/** Whether this machine has none of QEMU's emulators, whatever registrations have outlived them. */
export const hasNoQemu = ({ snapshot }: Store): boolean =>
  snapshot.targets.every((row) =>
    row.state === 'Broken'
      ? row.installed === null && row.interpreter?.file === 'missing'
      : row.state === 'Not installed' || row.state === 'Native',
  );

/** Whether anything can be changed at all: there is a way to root, and a place to write to. */
export const canChange = ({ elevation, snapshot }: Store): boolean =>
  elevation.kind !== 'unavailable' && isMounted(snapshot);
