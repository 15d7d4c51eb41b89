import { useStore } from '../store.ts';

const { setState: set } = useStore;

export function showPastChanges(): void {
  void window.binfmt.pastChanges().then((pastChanges) => set({ pastChanges }));
}

export const closePastChanges = (): void => set({ pastChanges: null });
