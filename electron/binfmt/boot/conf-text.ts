import { encodeBytes } from '../bytes.ts';
import { type Registration, registrationLimits } from '../register-line.ts';
import { failure, type Result } from '../result.ts';
import type { BootProblem, BootRule } from './boot-configuration.ts';
import type { RegistryStep } from './registering.ts';
import { nameInRuleLine, readRuleLine } from './rule-line.ts';

/** What a *.conf file of binfmt.d comes to. */
export interface ConfContent {
  readonly rules: readonly BootRule[];
  readonly problems: readonly BootProblem[];
  /** What the service that reads it does to the registry. */
  readonly steps: readonly RegistryStep[];
}

/** A way of reading these files. */
export type ConfDialect = 'systemd-binfmt' | 'openrc';

/** Reads a file's text (a string of bytes) as the service would. An invalid line does not keep the others out. */
export function readConfText(path: string, text: string, dialect: ConfDialect): ConfContent {
  const rules: BootRule[] = [];
  const problems: BootProblem[] = [];
  const steps: RegistryStep[] = [];
  for (const { number, before, registration } of readConfLines(text, dialect)) {
    steps.push(...before);
    if (!registration.ok) {
      problems.push({ line: number, sentence: registration.problem });
      continue;
    }
    const rule: BootRule = { registration: registration.value, path, line: number, by: 'binfmt.d' };
    rules.push(rule);
    steps.push({ kind: 'register', rule });
  }
  return { rules, problems, steps };
}

/** A line that is to register something. */
export interface ConfLine {
  /** Counted from 1. */
  readonly number: number;
  /** What is done before it is registered. */
  readonly before: readonly RegistryStep[];
  /** Or a sentence saying why it is refused. */
  readonly registration: Result<Registration, string>;
}

/** The lines of a text (a string of bytes) that are no comments, one by one as they are asked for. */
export function* readConfLines(text: string, dialect: ConfDialect): Generator<ConfLine> {
  const { split, stepsBefore } = dialects[dialect];
  for (const { line, number, problem } of split(text)) {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const before = problem === null ? stepsBefore(line) : problem;
    yield typeof before === 'string'
      ? { number, before: [], registration: failure(before) }
      : { number, before, registration: readRuleLine(line) };
  }
}

interface NumberedLine {
  /** Without the white space around it. */
  readonly line: string;
  readonly number: number;
  /** Why the service does not come to read it, as a sentence. */
  readonly problem: string | null;
}

interface Reading {
  readonly split: (text: string) => readonly NumberedLine[];
  /** What is done before the line is registered, or a sentence saying why it is refused. */
  readonly stepsBefore: (line: string) => readonly RegistryStep[] | string;
}

const dialects: Record<ConfDialect, Reading> = {
  /** `apply_file()` and `apply_rule()` in systemd's src/binfmt/binfmt.c. */
  'systemd-binfmt': {
    // Each of these ends one line together with those that may follow it (`read_line_full()` in src/basic/fileio.c).
    split: (text) =>
      text.split(/\n\r?\0?|\r\n?\0?|\0/).map((line, index) => ({
        line: strip(line, ' \t\n\r'),
        number: index + 1,
        problem: null,
      })),
    // Also a line that turns out invalid takes away what had its name.
    stepsBefore: (line) => {
      const name = nameInRuleLine(line);
      return isRuleName(name)
        ? [{ kind: 'unregister', name }]
        : `systemd-binfmt refuses the name “${name}”: it must be a file’s, and neither “register” nor “status”.`;
    },
  },
  /** `apply_file()` in OpenRC's sh/binfmt.sh. */
  openrc: {
    split: (text) => {
      const lines = text.split('\n');
      return lines.map((line, index) => ({
        line: strip(line, ' \t\n'),
        number: index + 1,
        problem: index === lines.length - 1 ? 'OpenRC does not read a last line without a line break.' : null,
      }));
    },
    stepsBefore: (line) => {
      // It takes the name for granted to stand between the first two colons.
      const name = line.slice(line.indexOf(':') + 1).split(':')[0] ?? '';
      if (name === 'status') return [{ kind: 'unregister-all' }];
      return isRuleName(name) ? [{ kind: 'unregister', name }] : [];
    },
  },
};

/** `filename_is_valid()` in systemd's src/basic/path-util.c, and `apply_rule()`. */
const isRuleName = (name: string): boolean =>
  !['', '.', '..', 'register', 'status'].includes(name) &&
  !name.includes('/') &&
  encodeBytes(name).length <= registrationLimits.longestName;

/** A loop, for a regular expression takes very long over very many blanks. */
function strip(text: string, blanks: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blanks.includes(text.charAt(start))) start++;
  while (end > start && blanks.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
