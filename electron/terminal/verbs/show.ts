import { documentOf, formatDocument } from '../../binfmt/exchange/document.ts';
import { packageOf } from '../../binfmt/package-of.ts';
import { formatRow } from '../row-page.ts';
import { selectRows, snapshotOf } from '../selection.ts';
import { readSystem } from '../system.ts';
import type { Call, ExitStatus } from '../verb.ts';

/** `show`: all there is to know of what is named. */
export async function run({ words, options, terminal }: Call): Promise<ExitStatus> {
  const snapshot = await readSystem();
  const { rows, status } = await selectRows(words, snapshot, terminal);
  if (options.json !== undefined) {
    terminal.print(formatDocument(documentOf(snapshotOf(rows, snapshot), { targets: true })));
    return status;
  }
  const pages = await Promise.all(
    rows.map(async (row) => {
      const packageName = row.interpreter === null ? null : await packageOf(row.interpreter.path);
      return formatRow(row, snapshot, packageName, terminal);
    }),
  );
  terminal.print(pages.join('\n\n'));
  return status;
}
