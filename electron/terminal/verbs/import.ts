import { parseRegistrationsFile } from '../../binfmt/exchange/import.ts';
import { readRegistrationsFile } from '../../binfmt/exchange/read-registrations-file.ts';
import { carryOut, complainOfWarnings, openManager } from '../carry-out.ts';
import { mayChange } from '../may-do.ts';
import { complainOfMount } from '../mounted.ts';
import { type Call, DONE, type ExitStatus, FAILED } from '../verb.ts';

/** `import`: brings the registry to what a file says. */
export async function run(call: Call): Promise<ExitStatus> {
  const { words, options, terminal } = call;
  const [file = ''] = words;
  const read =
    file === '-' ? parseRegistrationsFile('-', await readInput()) : await readRegistrationsFile(file);
  if (!read.ok) {
    terminal.complain(`${file}: ${read.problem.sentence}`);
    return FAILED;
  }
  const { entries, notes } = read.value;
  for (const note of notes) terminal.complain(note);

  const manager = openManager(call);
  if (complainOfMount(await manager.snapshot(), call.terminal)) return FAILED;
  const removeOthers = options['remove-others'] !== undefined;
  const changes = await manager.difference(entries, removeOthers);
  const status = notes.length > 0 ? FAILED : DONE;
  if (changes.every(({ kind }) => kind === 'same')) {
    terminal.say('Everything is registered like this already.');
    return status;
  }
  complainOfWarnings(changes, call);
  const done = await carryOut({ kind: 'bring', entries, removeOthers }, manager, call, {
    mayDo: () => mayChange(changes, call),
  });
  return status === DONE ? done : status;
}

/** What comes on the standard input, to its end. */
async function readInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
