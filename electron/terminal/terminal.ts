import { styleText } from 'node:util';
import { commandLine } from './command-line.ts';
import { printable } from './printable.ts';

export type Style = Parameters<typeof styleText>[0];

/** Where it reads and writes; Node opens each stream when it is first asked for. */
export type Streams = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env'>;

export interface TerminalOptions {
  /** Whether nothing is said of what went well. */
  readonly quiet: boolean;
  /** What to type for this program. */
  readonly name: readonly string[];
}

/** Who reads what the command says. */
export class Terminal {
  /** How many columns a line has; null where nobody looks at lines. */
  readonly columns: number | null;
  private readonly colours: boolean;

  constructor(
    private readonly streams: Streams,
    private readonly options: TerminalOptions,
  ) {
    const { stdout, env } = streams;
    this.columns = stdout.isTTY ? stdout.columns || 80 : null;
    this.colours = hasColours(stdout, env);
  }

  /** The text in that style, where there are colours. */
  paint(style: Style, text: string): string {
    return this.colours ? styleText(style, text, { validateStream: false }) : text;
  }

  /** The line that has this program do something as root, to be typed by whoever reads it. */
  lineAsRoot(...words: readonly string[]): string {
    return commandLine([...(process.geteuid?.() === 0 ? [] : ['sudo']), ...this.options.name, ...words]);
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
    if (!this.options.quiet) this.print(`${printable(sentence)}\n`);
  }

  /** Says what went wrong, in one line on stderr. */
  complain(sentence: string): void {
    this.streams.stderr.write(`qemu-binfmt: ${printable(sentence)}\n`);
  }

  /** Shows how far something is, in a line on stderr that the next takes the place of; null takes it away. */
  progress(text: string | null): void {
    const { stderr } = this.streams;
    if (stderr.isTTY && !this.options.quiet)
      stderr.write(`\r\u001b[K${text === null ? '' : printable(text)}`);
  }

  /** Whether somebody is there to answer. */
  get canAsk(): boolean {
    return this.streams.stdin.isTTY && this.streams.stderr.isTTY;
  }

  /** Asks, and takes nothing but a yes for one. */
  async confirm(question: string): Promise<boolean> {
    const { createInterface } = await import('node:readline/promises');
    const { stdin, stderr } = this.streams;
    const dialog = createInterface({ input: stdin, output: stderr });
    // Ctrl-D and Ctrl-C end it without an answer, and within its line.
    const ended = new Promise<null>((resolve) => dialog.once('close', () => resolve(null)));
    const answer = await Promise.race([dialog.question(`${printable(question)} [y/N] `), ended]);
    dialog.close();
    if (answer === null) stderr.write('\n');
    return answer !== null && /^y(es)?$/i.test(answer.trim());
  }
}

/** Of a terminal Node itself judges FORCE_COLOR and TERM; but to it FORCE_COLOR counts for more than NO_COLOR. */
function hasColours(stdout: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stdout.isTTY ? stdout.hasColors(env) : isForced(env.FORCE_COLOR);
}

/** As Node has it for terminals: set, and not to something else than a depth or `true`. */
const isForced = (value: string | undefined): boolean =>
  value !== undefined && /^(?:|1|2|3|true)$/.test(value);
