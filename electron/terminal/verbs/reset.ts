import { resettableEntries } from '../../binfmt/snapshot.ts';
import { carryOut, openManager } from '../carry-out.ts';
import { mayRemove } from '../may-do.ts';
import { complainOfMount } from '../mounted.ts';
import { type Call, DONE, type ExitStatus, FAILED } from '../verb.ts';

/** `reset`: removes QEMU's entries, and no others. */
export async function run(call: Call): Promise<ExitStatus> {
  const manager = openManager(call);
  const snapshot = await manager.snapshot();
  if (complainOfMount(snapshot, call.terminal)) return FAILED;
  const names = resettableEntries(snapshot);
  if (names.length === 0) {
    call.terminal.say('Nothing is registered for QEMU.');
    return DONE;
  }
  return carryOut({ kind: 'reset', names }, manager, call, { mayDo: () => mayRemove(names, call) });
}
