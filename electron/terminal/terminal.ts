import { styleText } from 'node:util';
import { printable } from './printable.ts';

export type Style = Parameters<typeof styleText>[0];

/** Where it reads and writes; Node opens each stream when it is first asked for. */
export type Streams = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env'>;

/** Who reads what the command says. */
export class Terminal {
  /** How many columns a line has; null where nobody looks at lines. */
  readonly columns: number | null;
  private readonly colours: boolean;

  constructor(
    private readonly streams: Streams,
    private readonly quiet: boolean,
  ) {
    const { stdout, env } = streams;
    this.columns = stdout.isTTY ? stdout.columns || 80 : null;
    // Of a terminal Node itself judges NO_COLOR, FORCE_COLOR and TERM.
    this.colours = stdout.isTTY ? stdout.hasColors(env) : isForced(env.FORCE_COLOR);
  }

  /** The text in that style, where there are colours. */
  paint(style: Style, text: string): string {
    return this.colours ? styleText(style, text, { validateStream: false }) : text;
  }

  /** Prints what was asked for, as it is. */
  print(text: string): void {
    this.streams.stdout.write(text);
  }

  /** Prints a file's content. */
  printBytes(bytes: Uint8Array): void {
    this.streams.stdout.write(bytes);
  }

  /** Says what was done. */
  say(sentence: string): void {
    if (!this.quiet) this.print(`${printable(sentence)}\n`);
  }

  /** Says what went wrong, in one line on stderr. */
  complain(sentence: string): void {
    this.streams.stderr.write(`qemu-binfmt: ${printable(sentence)}\n`);
  }

  /** Shows how far something is, in a line on stderr that the next takes the place of; null takes it away. */
  progress(text: string | null): void {
    const { stderr } = this.streams;
    if (stderr.isTTY && !this.quiet) stderr.write(`\r\u001b[K${text === null ? '' : printable(text)}`);
  }

  /** Whether somebody is there to answer. */
  get canAsk(): boolean {
    return this.streams.stdin.isTTY && this.streams.stderr.isTTY;
  }

  /** Asks, and takes nothing but a yes for one. */
  async confirm(question: string): Promise<boolean> {
    const { createInterface } = await import('node:readline/promises');
    const dialog = createInterface({ input: this.streams.stdin, output: this.streams.stderr });
    // Ctrl-D ends the input without an answer.
    const ended = new Promise<string>((resolve) => dialog.once('close', () => resolve('')));
    const answer = await Promise.race([dialog.question(`${printable(question)} [y/N] `), ended]);
    dialog.close();
    return /^y(es)?$/i.test(answer.trim());
  }
}

/** As Node has it for terminals: set, and not to something else than a depth or `true`. */
const isForced = (value: string | undefined): boolean =>
  value !== undefined && /^(?:|1|2|3|true)$/.test(value);
