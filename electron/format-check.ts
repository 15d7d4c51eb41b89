import { isEnabled, registrationOf } from './binfmt/entry.ts';
import { type FormatFields, type FormatProblem, parseFormat } from './binfmt/exchange/format-fields.ts';
import type { Interpreters } from './binfmt/interpreters.ts';
import { areRivals } from './binfmt/matcher.ts';
import { formatRegisterLine, problemOfAge, type Registration } from './binfmt/register-line.ts';
import { entryNamed, type Snapshot } from './binfmt/snapshot.ts';
import { problemOfTrial } from './binfmt/trial.ts';
import { warningsOf } from './register-preview.ts';

/** What a person typed to describe a format, as the kernel and this machine see it. */
export interface FormatCheck {
  /** Null while something is wrong with it. */
  readonly registration: Registration | null;
  /** The register line, in the bytes the kernel gets (see bytes.ts); null while there is none. */
  readonly line: string | null;
  readonly problems: readonly FormatProblem[];
  /** What keeps it from working, or may, each in a sentence or two. */
  readonly warnings: readonly string[];
  /** Whether something of that name is registered already, and the line it is registered with. */
  readonly taken: { readonly line: string | null } | null;
}

/** What is wrong with the fields and what they would do; looks at the interpreter now. */
export async function checkFormat(
  fields: FormatFields,
  snapshot: Snapshot,
  interpreters: Interpreters,
): Promise<FormatCheck> {
  const taken = takenBy(fields.name, snapshot);
  const parsed = parseFormat(fields, snapshot.host.machine);
  if (!parsed.ok) return { registration: null, line: null, problems: parsed.problem, warnings: [], taken };
  const { registration, warnings } = parsed.value;
  const name = taken === null ? null : fields.name;
  const problems = problemsHere(registration, taken !== null, snapshot);
  return {
    registration: problems.length === 0 ? registration : null,
    line: lineOf(registration),
    problems,
    warnings: [
      ...warnings,
      ...rivalsOf(registration, snapshot),
      ...(await warningsOf(registration, name, snapshot, interpreters)),
    ],
    taken,
  };
}

/** What is wrong with it on this system, where the fields by themselves make sense. */
function problemsHere(
  registration: Registration,
  isTaken: boolean,
  { host }: Snapshot,
): readonly FormatProblem[] {
  const age = problemOfAge(registration, host.kernelRelease);
  const trial = isTaken ? problemOfTrial(registration) : null;
  return [
    ...(age === null ? [] : [{ field: 'offset', sentence: age } as const]),
    ...(trial === null ? [] : [{ field: null, sentence: trial }]),
  ];
}

function takenBy(name: string, snapshot: Snapshot): FormatCheck['taken'] {
  const entry = entryNamed(snapshot, name);
  if (entry === undefined) return null;
  const registration = registrationOf(entry);
  return { line: registration === null ? null : lineOf(registration) };
}

function lineOf(registration: Registration): string | null {
  const line = formatRegisterLine(registration);
  return line.ok ? line.value : null;
}

/** The entries of which it takes files away: what is registered last is tried first. */
function rivalsOf(registration: Registration, { entries }: Snapshot): readonly string[] {
  const rivals = entries.filter((entry) => {
    const other = registrationOf(entry);
    return (
      other !== null && other.name !== registration.name && isEnabled(entry) && areRivals(registration, other)
    );
  });
  if (rivals.length === 0) return [];
  const names = rivals.map(({ name }) => name).join(', ');
  return [`It is tried before ${names}, and takes files of ${rivals.length === 1 ? 'it' : 'them'}.`];
}
