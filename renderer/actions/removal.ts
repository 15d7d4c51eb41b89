import { resettableEntries } from '../../electron/ipc/contract.ts';
import { type Removal, useStore } from '../store.ts';
import { change, TOOLBAR } from './changes.ts';

const { getState: get, setState: set } = useStore;

export function askToReset(): void {
  const names = resettableEntries(get().snapshot);
  if (names.length > 0) askToRemove({ kind: 'reset', names });
}

/** Unregisters entries; asks first where one of them could not be put back. */
export function unregister(names: readonly string[], ...controls: readonly string[]): void {
  if (get().snapshot.losses.some((loss) => names.includes(loss.name))) {
    askToRemove({ kind: 'unregister', names });
  } else void change({ kind: 'unregister', names }, ...controls);
}

function askToRemove(asksToRemove: Removal): void {
  set({ asksToRemove, removalPreview: null });
  void window.binfmt.preview(asksToRemove).then((removalPreview) => set({ removalPreview }));
}

export function answerRemoval(yes: boolean): void {
  const removal = get().asksToRemove;
  set({ asksToRemove: null });
  if (yes && removal !== null) void change(removal, TOOLBAR);
}
