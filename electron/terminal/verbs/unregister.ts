import { carryOut, openManager } from '../carry-out.ts';
import { mayRemove } from '../confirm-removal.ts';
import { entriesCalled } from '../entry-names.ts';
import { type Call, DONE, type ExitStatus, FAILED, MISUSED } from '../verb.ts';

/** `unregister` */
export async function run(call: Call): Promise<ExitStatus> {
  const manager = openManager(call);
  const snapshot = await manager.snapshot();
  const { names, status } = await entriesCalled(call.words, snapshot, call.terminal);
  if (status === MISUSED || names.length === 0) return status;
  const lost = snapshot.losses.filter((loss) => names.includes(loss.name));
  if (lost.length > 0 && !(await mayRemove(names, snapshot, call))) return FAILED;
  const done = await carryOut({ kind: 'unregister', names }, manager, call);
  return status === DONE ? done : status;
}
