import { bootWordOf } from '../binfmt/boot/boot-word.ts';
import { obstacleOf, type Severity, worstOf } from '../binfmt/diagnosis/finding.ts';
import type { Row, RowState, Snapshot } from '../binfmt/snapshot.ts';
import { type Column, formatColumns } from './columns.ts';
import type { Style, Terminal } from './terminal.ts';
import { textWidthFor, wrap } from './text-width.ts';

/** The window's tables as text: what the system is like, and a line for each of these rows. */
export async function formatTable(
  rows: readonly Row[],
  snapshot: Snapshot,
  terminal: TableTerminal,
): Promise<string> {
  const marked = new Set(rows.filter((row) => isMarked(worstOf(snapshot.findings, row))));
  const cells = rows.map((row) => cellsOf(row, marked.has(row)));
  const [headings = '', ...body] = await formatColumns(columnsFor(rows, terminal), cells, terminal.columns);
  const table = [terminal.paint('bold', headings), ...body, ''].join('\n');
  const parts = [
    await fittedLines(stateOfSystem(snapshot), terminal),
    table,
    ...(marked.size === 0
      ? []
      : [await fitted(`${MARK} The verb “show” says what there is to know.`, terminal)]),
  ];
  return parts.join('\n');
}

const fittedLines = async (lines: readonly string[], terminal: TableTerminal): Promise<string> =>
  (await Promise.all(lines.map((line) => fitted(line, terminal)))).join('');

/** A sentence in lines that fit, with a line break at its end. */
async function fitted(sentence: string, { columns }: TableTerminal): Promise<string> {
  const lines = columns === null ? [sentence] : wrap(sentence, columns, await textWidthFor([sentence]));
  return lines.map((line) => `${line}\n`).join('');
}

type TableTerminal = Pick<Terminal, 'columns' | 'paint'>;

/** What the whole is like, in a line, and in another one what that means where something is in the way. */
function stateOfSystem({ host, findings }: Snapshot): readonly string[] {
  const obstacle = obstacleOf(findings);
  const state = obstacle?.sentence ?? 'binfmt_misc is on';
  const lines = [`${host.machine} · Linux ${host.kernelRelease} · ${state}`];
  return obstacle === null ? lines : [...lines, obstacle.detail];
}

export const stateStyles: Readonly<Partial<Record<RowState, Style>>> = {
  Enabled: 'green',
  Disabled: 'yellow',
  Broken: 'red',
  Native: 'dim',
  'Not installed': 'dim',
};

const columnsFor = (rows: readonly Row[], terminal: TableTerminal): readonly Column[] => [
  { heading: 'TARGET', narrowest: 16 },
  { heading: 'DESCRIPTION', givesWay: 4 },
  {
    heading: 'STATE',
    paint: (padded, index) => {
      const style = rows[index] === undefined ? undefined : stateStyles[rows[index].state];
      return style === undefined ? padded : terminal.paint(style, padded);
    },
  },
  { heading: 'INTERPRETER', keepsEnd: true, narrowest: 30 },
  { heading: 'QEMU', givesWay: 3 },
  { heading: 'FLAGS', givesWay: 1 },
  { heading: 'AT BOOT', givesWay: 2 },
];

/** Stands behind the state of a row that has a problem, or may have one. */
const MARK = '(!)';
const isMarked = (severity: Severity | null): boolean => severity === 'error' || severity === 'warning';
const NOTHING = '-';

function cellsOf(row: Row, hasMark: boolean): readonly string[] {
  const { name, label, state, interpreter, entry } = row;
  const flags = entry !== null && 'flags' in entry ? entry.flags : '';
  const missing = entry !== null && interpreter?.file === 'missing' ? ' (missing)' : '';
  return [
    name,
    label,
    hasMark ? `${state} ${MARK}` : state,
    `${interpreter?.path ?? NOTHING}${missing}`,
    interpreter?.qemuVersion ?? NOTHING,
    flags || NOTHING,
    atBoot(row),
  ];
}

/** What the next start of the machine makes of it, in a word or two. */
function atBoot(row: Row): string {
  if (row.boot === null) return NOTHING;
  const { word, mark } = bootWordOf(row);
  return mark === null ? word : `${word}, ${mark}`;
}
