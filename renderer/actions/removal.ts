import { resettableEntries } from '../../electron/ipc/contract.ts';
import { type Removal, useStore } from '../store.ts';
import { change, RESET_ALL, TOOLBAR } from './changes.ts';

const { getState: get, setState: set, subscribe } = useStore;

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
  void learnPreview(asksToRemove);
}

async function learnPreview(asked: Removal): Promise<void> {
  const removalPreview = await window.binfmt.preview(asked);
  // Somebody may have closed it, or be asked about other entries.
  if (get().asksToRemove === asked) set({ removalPreview });
}

// What is shown is what runs, also when somebody else changes something meanwhile.
subscribe(({ snapshot, asksToRemove }, before) => {
  if (asksToRemove !== null && snapshot !== before.snapshot) void learnPreview(asksToRemove);
});

export function answerRemoval(yes: boolean): void {
  const removal = get().asksToRemove;
  set({ asksToRemove: null });
  if (!yes || removal === null) return;
  void change(removal, TOOLBAR, ...(removal.kind === 'reset' ? [RESET_ALL] : []));
}
