import { carryOut, complainOfWarnings, openManager } from '../carry-out.ts';
import { mayRemove } from '../confirm-removal.ts';
import { type Call, DONE, type ExitStatus, FAILED } from '../verb.ts';

/** `apply`: brings the registry to what it will be after the next start of the machine. */
export async function run(call: Call): Promise<ExitStatus> {
  const manager = openManager(call);
  const snapshot = await manager.snapshot();
  const removeOthers = call.options['remove-others'] !== undefined;
  const changes = await manager.bootDifference(removeOthers);
  if (changes.every(({ kind }) => kind === 'same')) {
    call.terminal.say('Everything is registered as it will be at boot.');
    return DONE;
  }
  complainOfWarnings(changes, call);
  const removed = changes.filter(({ kind }) => kind === 'remove').map(({ name }) => name);
  if (removed.length > 0 && !(await mayRemove(removed, snapshot, call))) return FAILED;
  return carryOut({ kind: 'apply-boot', removeOthers }, manager, call);
}
