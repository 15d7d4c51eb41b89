/** How many columns of a terminal a text takes. */
export type TextWidth = (text: string) => number;

/** Measures these texts, and any of plain characters. What others need is slow to load, and loaded only where there is one. */
export async function textWidthFor(texts: Iterable<string>): Promise<TextWidth> {
  for (const text of texts) {
    if (!isPlain(text)) return (await import('string-width')).default;
  }
  return (text) => text.length;
}

/** Whether every character is one of ASCII, or of our own sentences, that takes a column. */
const isPlain = (text: string): boolean => /^[ -~·–…‘’“”]*$/.test(text);

const ELLIPSIS = '…';

/** The text in at most so many columns, its end or its beginning replaced by an ellipsis. */
export function cutTo(text: string, room: number, keepsEnd: boolean, widthOf: TextWidth): string {
  if (widthOf(text) <= room) return text;
  const all = isPlain(text) ? [...text] : graphemesOf(text);
  const kept: string[] = [];
  let used = 1;
  for (const grapheme of keepsEnd ? all.reverse() : all) {
    used += widthOf(grapheme);
    if (used > room) break;
    kept.push(grapheme);
  }
  return keepsEnd ? ELLIPSIS + kept.reverse().join('') : kept.join('') + ELLIPSIS;
}

/** What a reader takes for a character each. */
const graphemesOf = (text: string): string[] =>
  Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);

/** The text in lines of at most so many columns, broken at blanks; a longer word has a line of its own. */
export function wrap(text: string, room: number, widthOf: TextWidth): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last === undefined || widthOf(longer) > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
