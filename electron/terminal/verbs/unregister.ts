import { carryOut, openManager } from '../carry-out.ts';
import { entriesCalled } from '../entry-names.ts';
import { mayLose } from '../may-do.ts';
import { complainOfMount } from '../mounted.ts';
import { type Call, DONE, type ExitStatus, FAILED, MISUSED } from '../verb.ts';

/** `unregister` */
export async function run(call: Call): Promise<ExitStatus> {
  const manager = openManager(call);
  const snapshot = await manager.snapshot();
  if (complainOfMount(snapshot, call.terminal)) return FAILED;
  const { names, status } = await entriesCalled(call.words, snapshot, call.terminal);
  if (status === MISUSED || names.length === 0) return status;
  const done = await carryOut({ kind: 'unregister', names }, manager, call, {
    mayDo: (losses) => mayLose(losses, call),
  });
  return status === DONE ? done : status;
}
