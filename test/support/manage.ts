import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
import { History } from '../../electron/history.ts';
import { BinfmtManager } from '../../electron/manager.ts';
import { noVersions } from './read-snapshot.ts';

/** A manager as the program has it when root starts it; with a file it remembers changes in it. */
export const newManager = (historyFile: string | null = null): BinfmtManager =>
  new BinfmtManager(
    { kind: 'root' },
    noVersions,
    () => undefined,
    new History(historyFile, failUnexpectedly),
  );

/** The first snapshot of which this holds, of those that the manager tells of from now on. */
export function snapshotWhere(
  manager: BinfmtManager,
  holds: (snapshot: Snapshot) => boolean,
  withinMs = 5000,
): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    const look = (snapshot: Snapshot): void => {
      if (!holds(snapshot)) return;
      clearTimeout(timer);
      manager.off('snapshot', look);
      resolve(snapshot);
    };
    const timer = setTimeout(() => {
      manager.off('snapshot', look);
      reject(new Error(`No such snapshot within ${withinMs} ms.`));
    }, withinMs);
    manager.on('snapshot', look);
  });
}

const failUnexpectedly = (error: unknown): never => {
  throw error;
};
