import type { Interpreter } from '../../electron/ipc/contract.ts';
import { type Store, useStore } from '../store.ts';

const { getState: get, setState: set } = useStore;

type File = Pick<Interpreter, 'path' | 'changedAt'>;

/** Finds out which package an interpreter is of. Where none is known it is asked each time: one may be by then. */
export async function learnPackage({ path, changedAt }: File): Promise<void> {
  if (packageOf(get(), { path, changedAt }) !== null) return;
  const name = await window.binfmt.packageOf(path);
  if (name !== null) set({ packages: new Map([...get().packages, [path, { name, changedAt }]]) });
}

/** The package that this file is of; null where none is known. */
export function packageOf({ packages }: Pick<Store, 'packages'>, { path, changedAt }: File): string | null {
  const known = packages.get(path);
  return known !== undefined && known.changedAt === changedAt ? known.name : null;
}
