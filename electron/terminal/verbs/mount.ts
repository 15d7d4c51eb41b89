import { isMounted } from '../../binfmt/snapshot.ts';
import { carryOut, openManager } from '../carry-out.ts';
import { type Call, DONE, type ExitStatus } from '../verb.ts';

/** `mount` */
export async function run(call: Call): Promise<ExitStatus> {
  const manager = openManager(call);
  if (isMounted(await manager.snapshot())) {
    call.terminal.say('binfmt_misc is mounted already.');
    return DONE;
  }
  return carryOut({ kind: 'mount' }, manager, call);
}
