import { carryOut, openManager } from '../carry-out.ts';
import { type Call, DONE, type ExitStatus, MISUSED } from '../verb.ts';

/** `switch on` and `switch off`: the kernel's own switch for all entries. */
export async function run(call: Call): Promise<ExitStatus> {
  const { words, terminal } = call;
  const [word] = words;
  if (word !== 'on' && word !== 'off') {
    terminal.complain(`binfmt_misc can be switched on or off, and not “${word}”.`);
    return MISUSED;
  }
  const manager = openManager(call);
  const { binfmtMisc } = await manager.snapshot();
  if (binfmtMisc === word) {
    terminal.say(`binfmt_misc is ${word} already.`);
    return DONE;
  }
  return carryOut({ kind: 'switch-master', on: word === 'on' }, manager, call);
}
