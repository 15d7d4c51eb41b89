import { carryOut, openManager } from '../carry-out.ts';
import { type Call, type ExitStatus, FAILED, MISUSED } from '../verb.ts';

/** `undo`: takes back a change, the last that can be unless another is named. */
export async function run(call: Call): Promise<ExitStatus> {
  const { words, terminal } = call;
  const [word] = words;
  if (word !== undefined && !/^[1-9]\d{0,14}$/.test(word)) {
    terminal.complain(`“${word}” is no number of a change. The verb “changes” lists them.`);
    return MISUSED;
  }
  const manager = openManager(call);
  const number = word === undefined ? await lastUndoable(manager) : Number(word);
  if (number === undefined) {
    terminal.complain('There is nothing to undo.');
    return FAILED;
  }
  return carryOut({ kind: 'undo', change: number }, manager, call);
}

const lastUndoable = async (manager: ReturnType<typeof openManager>): Promise<number | undefined> =>
  (await manager.pastChanges()).find((change) => change.canUndo)?.id;
