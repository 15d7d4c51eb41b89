import { carryOut, openManager } from '../carry-out.ts';
import { entriesCalled, toSwitch } from '../entry-names.ts';
import { complainOfMount } from '../mounted.ts';
import { type Call, DONE, type ExitStatus, FAILED, MISUSED, type Run } from '../verb.ts';

/** `enable` and `disable`. */
const switchEntries =
  (on: boolean): Run =>
  async (call: Call): Promise<ExitStatus> => {
    const manager = openManager(call);
    const snapshot = await manager.snapshot();
    const { words, terminal } = call;
    if (complainOfMount(snapshot, terminal)) return FAILED;
    const { names, status } = await entriesCalled(words, snapshot, terminal, toSwitch(on));
    if (status === MISUSED || names.length === 0) return status;
    const done = await carryOut({ kind: 'switch-entries', names, on }, manager, call);
    return status === DONE ? done : status;
  };

export const enable = switchEntries(true);
export const disable = switchEntries(false);
