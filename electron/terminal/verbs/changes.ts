import { openManager } from '../carry-out.ts';
import { formatColumns } from '../columns.ts';
import { type Call, DONE, type ExitStatus } from '../verb.ts';

/** `changes`: what was done, the newest first. */
export async function run(call: Call): Promise<ExitStatus> {
  const { terminal, options } = call;
  const changes = await openManager(call).pastChanges();
  if (options.json !== undefined) {
    terminal.print(`${JSON.stringify(changes, null, 2)}\n`);
    return DONE;
  }
  if (changes.length === 0) {
    terminal.say('Nothing was changed yet.');
    return DONE;
  }
  const rows = changes.map(({ id, time, who, message, canUndo }) => [
    String(id),
    time.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
    who,
    message,
    canUndo ? 'yes' : 'no',
  ]);
  const columns = [
    { heading: 'NUMBER' },
    { heading: 'WHEN', givesWay: 2 },
    { heading: 'WHO', givesWay: 1 },
    { heading: 'WHAT', narrowest: 24 },
    { heading: 'CAN BE UNDONE' },
  ];
  const [headings = '', ...lines] = await formatColumns(columns, rows, terminal.columns);
  terminal.print([terminal.paint('bold', headings), ...lines, ''].join('\n'));
  return DONE;
}
