import { carryOut, openManager } from '../carry-out.ts';
import { entriesCalled, toDisable, toEnable } from '../entry-names.ts';
import { type Call, DONE, type ExitStatus, type Run } from '../verb.ts';

/** `enable` and `disable`. */
const switchEntries =
  (on: boolean): Run =>
  async (call: Call): Promise<ExitStatus> => {
    const manager = openManager(call);
    const snapshot = await manager.snapshot();
    const { words, terminal } = call;
    const { names, status } = await entriesCalled(words, snapshot, terminal, on ? toEnable : toDisable);
    if (status === 2 || names.length === 0) return status;
    const done = await carryOut({ kind: 'switch-entries', names, on }, manager, call);
    return status === DONE ? done : status;
  };

export const enable = switchEntries(true);
export const disable = switchEntries(false);
