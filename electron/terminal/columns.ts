import { printable } from './printable.ts';
import { cutTo, type TextWidth, textWidthFor } from './text-width.ts';

/** A column of a table of texts. */
export interface Column {
  readonly heading: string;
  /** Columns give way where a table does not fit: the highest number first, never those without one. */
  readonly givesWay?: number;
  /** How narrow it may become before others give way; without it, it is to be seen whole. */
  readonly narrowest?: number;
  /** Whether a text that is too long loses its beginning, as a path does whose end tells the most. */
  readonly keepsEnd?: boolean;
  /** Puts colour on a cell that has been cut and filled to its width. */
  readonly paint?: (padded: string, row: number) => string;
}

const GAP = '  ';
/** Where nothing can give way any more, a column is still not made narrower than this. */
const LEAST_WIDTH = 4;

/**
 * Lines with the columns side by side under their headings, none of them wider than `width` (null: as wide as
 * they are). Cells may hold anything.
 */
export async function formatColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | null,
): Promise<readonly string[]> {
  const texts = [columns.map((column) => column.heading), ...rows.map((cells) => cells.map(printable))];
  const widthOf = await textWidthFor(texts.flat());
  const widths = columns.map((_, index) => Math.max(...texts.map((cells) => widthOf(cells[index] ?? ''))));
  const shown = columnsThatFit(columns, widths, width);
  const fitted = shrink(shown, widths, width);
  return texts.map((cells, line) => {
    const parts = shown.map((index) => {
      const text = cutTo(
        cells[index] ?? '',
        fitted.get(index) ?? 0,
        columns[index]?.keepsEnd === true,
        widthOf,
      );
      const paint = line === 0 ? undefined : columns[index]?.paint;
      const filled = index === shown.at(-1) ? text : fill(text, fitted.get(index) ?? 0, widthOf);
      return paint === undefined ? filled : paint(filled, line - 1);
    });
    return parts.join(GAP).trimEnd();
  });
}

const fill = (text: string, width: number, widthOf: TextWidth): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** The indices of the columns to show: as many as fit, or all that do not give way. */
function columnsThatFit(
  columns: readonly Column[],
  widths: readonly number[],
  width: number | null,
): readonly number[] {
  const needed = widths.map((one, index) => Math.min(one, columns[index]?.narrowest ?? one));
  let shown = columns.map((_, index) => index);
  const order = shown
    .filter((index) => columns[index]?.givesWay !== undefined)
    .sort((one, other) => (columns[other]?.givesWay ?? 0) - (columns[one]?.givesWay ?? 0));
  for (const index of order) {
    if (width === null || totalOf(shown, needed) <= width) break;
    shown = shown.filter((one) => one !== index);
  }
  return shown;
}

/** The widths of the columns; the widest loses first where they do not fit. */
function shrink(
  shown: readonly number[],
  widths: readonly number[],
  width: number | null,
): ReadonlyMap<number, number> {
  const fitted = new Map(shown.map((index) => [index, widths[index] ?? 0]));
  const excess = width === null ? 0 : totalOf(shown, widths) - width;
  for (let left = excess; left > 0; left--) {
    const [widest, room] = [...fitted].reduce((one, other) => (other[1] > one[1] ? other : one));
    if (room <= LEAST_WIDTH) break;
    fitted.set(widest, room - 1);
  }
  return fitted;
}

const totalOf = (shown: readonly number[], widths: readonly number[]): number =>
  shown.reduce((sum, index) => sum + (widths[index] ?? 0), GAP.length * (shown.length - 1));
