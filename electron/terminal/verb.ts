import type { Invocation } from './invocation.ts';
import type { GivenOptions, OptionName } from './options.ts';
import type { Terminal } from './terminal.ts';

/** What can be asked of the command: the one source of its parser, its help, its manual page and its completions. */
export interface Verb {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Paragraphs. */
  readonly description: readonly string[];
  readonly operands: Operands | null;
  /** What stands behind the first where that is one alone. */
  readonly moreOperands?: Operands;
  readonly options: readonly OptionName[];
  readonly examples: readonly Example[];
}

/** All that stands behind a verb, in order. */
export const operandsOf = ({ operands, moreOperands }: Verb): readonly Operands[] =>
  [operands, moreOperands].filter((one) => one !== null && one !== undefined);

export interface Operands {
  /** `TARGET` */
  readonly name: string;
  readonly required: boolean;
  readonly many: boolean;
  readonly completes: Completes;
}

/** What the shell offers for an operand. */
export type Completes =
  | 'registrable'
  | 'registered'
  | 'enabled'
  | 'disabled'
  | 'rows'
  | 'emulators'
  | 'targets'
  | 'files'
  | readonly string[];

export interface Example {
  readonly command: string;
  readonly does: string;
}

export interface Call {
  readonly words: readonly string[];
  readonly options: GivenOptions;
  readonly terminal: Terminal;
  readonly invocation: Invocation;
}

export type Run = (call: Call) => Promise<ExitStatus>;

/** All was done; something was not, and stderr says why; it was asked for in a way that makes no sense. */
export type ExitStatus = 0 | 1 | 2;
export const DONE = 0;
export const FAILED = 1;
export const MISUSED = 2;
