import { documentOf, formatDocument } from '../../binfmt/exchange/document.ts';
import { selectRows, snapshotOf } from '../selection.ts';
import { readSystem } from '../system.ts';
import { formatTable } from '../table.ts';
import type { Call, ExitStatus } from '../verb.ts';

/** `list`: everything, or what is named. */
export async function run({ words, options, terminal }: Call): Promise<ExitStatus> {
  const snapshot = await readSystem();
  const { rows, status } = await selectRows(words, snapshot, terminal);
  if (options.json !== undefined) {
    terminal.print(formatDocument(documentOf(snapshotOf(rows, snapshot), { targets: true })));
  } else if (rows.length > 0) {
    terminal.print(await formatTable(rows, snapshot, terminal));
  }
  return status;
}
