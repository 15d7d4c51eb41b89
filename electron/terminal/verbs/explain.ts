import { describeAccess, describeEntryVerdict, describeOpening } from '../../binfmt/explain/describe.ts';
import { explainFile } from '../../binfmt/explain/explain-file.ts';
import type { Explanation, Step } from '../../binfmt/explain/explanation.ts';
import type { Snapshot } from '../../binfmt/snapshot.ts';
import { commandsFor } from '../commands-for.ts';
import { Page } from '../page.ts';
import { printable } from '../printable.ts';
import { readSystem } from '../system.ts';
import type { Terminal } from '../terminal.ts';
import { type Call, DONE, type ExitStatus, FAILED } from '../verb.ts';

/** `explain`: why files run, or do not. */
export async function run({ words, options, terminal }: Call): Promise<ExitStatus> {
  const snapshot = await readSystem();
  const explanations = await Promise.all(words.map((file) => explainFile(file, snapshot)));
  if (options.json !== undefined) terminal.print(`${JSON.stringify(explanations, null, 2)}\n`);
  else
    terminal.print(
      (await Promise.all(explanations.map((one) => format(one, snapshot, terminal)))).join('\n'),
    );
  let status: ExitStatus = DONE;
  for (const { path, steps } of explanations) {
    const [file] = steps;
    if (file === undefined || isReached(file)) continue;
    terminal.complain(`${path}: ${describeAccess(file)}`);
    status = FAILED;
  }
  return status;
}

/** Whether there is a file to explain. */
const isReached = ({ access }: Step): boolean =>
  access.kind === 'executable' || access.reason !== 'cannot-be-reached';

function format(
  { path, verdict, action, steps }: Explanation,
  snapshot: Snapshot,
  terminal: Terminal,
): Promise<string> {
  const page = new Page(terminal);
  page.line(terminal.paint('bold', printable(path)));
  page.sentence(verdict);
  if (action !== null) page.section('What mends it', commandsFor(action, snapshot, terminal));
  for (const step of steps) {
    page.section(step.path, [
      step.description,
      ...describeOpening(step),
      ...step.entries.map((entry) => `${entry.name}  ${describeEntryVerdict(entry)}`),
    ]);
  }
  return page.format();
}
