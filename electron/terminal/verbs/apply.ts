import { carryOut, complainOfWarnings, openManager } from '../carry-out.ts';
import { mayChange } from '../may-do.ts';
import { complainOfMount } from '../mounted.ts';
import { type Call, DONE, type ExitStatus, FAILED } from '../verb.ts';

/** `apply`: brings the registry to what it will be after the next start of the machine. */
export async function run(call: Call): Promise<ExitStatus> {
  const manager = openManager(call);
  if (complainOfMount(await manager.snapshot(), call.terminal)) return FAILED;
  const removeOthers = call.options['remove-others'] !== undefined;
  const changes = await manager.bootDifference(removeOthers);
  if (changes.every(({ kind }) => kind === 'same')) {
    call.terminal.say('Everything is registered as it will be at boot.');
    return DONE;
  }
  complainOfWarnings(changes, call);
  return carryOut({ kind: 'apply-boot', removeOthers }, manager, call, {
    mayDo: () => mayChange(changes, call),
  });
}
