import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';
import { textWidthFor, wrap } from './text-width.ts';

const INDENT = '  ';

interface Line {
  readonly text: string;
  readonly indent: string;
  /** Whether it may be broken into lines that fit. */
  readonly isSentence: boolean;
}

/** A page of text under titles, written from top to bottom. */
export class Page {
  private readonly lines: Line[] = [];

  constructor(private readonly terminal: Pick<Terminal, 'columns' | 'paint'>) {}

  /** A line as it is; it may hold colours. */
  line(text: string): void {
    this.lines.push({ text, indent: '', isSentence: false });
  }

  /** A sentence. */
  sentence(sentence: string): void {
    this.lines.push({ text: printable(sentence), indent: '', isSentence: true });
  }

  /** A title, and sentences below. */
  sentences(title: string, sentences: readonly string[]): void {
    if (sentences.length > 0) this.title(title);
    for (const one of sentences) this.lines.push({ text: printable(one), indent: INDENT, isSentence: true });
  }

  /** A title, and lines below that stand as they are. Nothing where there are no lines. */
  section(title: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.title(title);
    for (const text of lines) this.lines.push({ text: printable(text), indent: INDENT, isSentence: false });
  }

  private title(title: string): void {
    this.line('');
    this.line(this.terminal.paint('bold', printable(title)));
  }

  /** The page with sentences broken into lines that fit the terminal, ending in a line break. */
  async format(): Promise<string> {
    const { columns } = this.terminal;
    const widthOf = await textWidthFor(columns === null ? [] : this.lines.map(({ text }) => text));
    const broken = this.lines.flatMap(({ text, indent, isSentence }) => {
      const parts = isSentence && columns !== null ? wrap(text, columns - indent.length, widthOf) : [text];
      return parts.map((part) => `${indent}${part}`.trimEnd());
    });
    return broken.map((line) => `${line}\n`).join('');
  }
}
