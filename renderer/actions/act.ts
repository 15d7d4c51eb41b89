import type { Action } from '../../electron/ipc/contract.ts';
import { useStore } from '../store.ts';
import { changeAtBoot } from './boot.ts';
import { change, TOOLBAR } from './changes.ts';

const { getState: get } = useStore;

/** Does what a finding or an explanation offers, each request once the one before was carried out. */
export async function act(action: Action, control = TOOLBAR): Promise<void> {
  for (const request of action.requests) {
    await ('agreed' in request ? changeAtBoot(request, control) : change(request, control));
    if (get().result?.kind !== 'done') return;
  }
}
