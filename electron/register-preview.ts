import { stateOfFile } from './binfmt/describe-row.ts';
import { Facts, type FormatEntry, listed } from './binfmt/diagnosis/facts.ts';
import { textOf } from './binfmt/diagnosis/finding.ts';
import { preservedArgv0 } from './binfmt/diagnosis/flag-rules.ts';
import { containers, emulatedInterpreter, interpretersStart } from './binfmt/diagnosis/interpreter-rules.ts';
import { type Entry, registrationOf } from './binfmt/entry.ts';
import { startProblemOf } from './binfmt/explain/start-problem.ts';
import type { Interpreter, Interpreters } from './binfmt/interpreters.ts';
import { capturesHost, ownerOf, problemOfPlan } from './binfmt/operations.ts';
import { formatRegisterLine, type Registration } from './binfmt/register-line.ts';
import {
  entryToReplace,
  type RegisterRequest,
  staysBehind,
  targetsLosing,
} from './binfmt/register-request.ts';
import { planOf } from './binfmt/requests.ts';
import { entriesServing } from './binfmt/rows.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { type Target, targetNamed } from './binfmt/targets.ts';

/** What registering targets would do, each by itself. */
export interface RegistrationPreview {
  readonly targets: readonly TargetPreview[];
}

export interface TargetPreview {
  readonly target: string;
  /** Whether the machine runs, or may run, its programs itself. */
  readonly isOwnFamily: boolean;
  /** The register line, in the bytes the kernel gets (see bytes.ts); null when there is none. */
  readonly line: string | null;
  /** The flags in that line. */
  readonly flags: string;
  /** The entry that serves the target now, or has its name; null when there is none. */
  readonly taken: TakenBy | null;
  /** Why it cannot be registered, as a sentence; null when it can be. */
  readonly problem: string | null;
  /** What keeps it from working, or may, each in a sentence or two. */
  readonly warnings: readonly string[];
}

/** What is registered already in the place of something. */
export interface TakenBy {
  /** The entry's. */
  readonly name: string;
  /** The line it is registered with; null when only the kernel knows. */
  readonly line: string | null;
  /** Whether it would stay all the same, and the new one be tried before it: it takes other programs besides. */
  readonly stays: boolean;
  /** Says who has the name, where that does not serve the target; null where it does. */
  readonly note: string | null;
}

/** What a request to register would do to each of its targets, whatever is registered; looks at the interpreters now. */
export async function previewRegistration(
  request: RegisterRequest,
  snapshot: Snapshot,
  interpreters: Interpreters,
): Promise<RegistrationPreview> {
  const registered = request.targets.flatMap((name) => targetNamed(name) ?? []);
  return {
    targets: await Promise.all(
      request.targets.map((target) =>
        previewTarget({ ...request, targets: [target] }, registered, snapshot, interpreters),
      ),
    ),
  };
}

async function previewTarget(
  request: RegisterRequest,
  registered: readonly Target[],
  snapshot: Snapshot,
  interpreters: Interpreters,
): Promise<TargetPreview> {
  const [name = ''] = request.targets;
  const target = targetNamed(name);
  const taken = target === undefined ? null : takenOf(target, registered, snapshot);
  const common = { target: name, isOwnFamily: target?.family === snapshot.host.family, taken };
  const planned = planOf({ ...request, existing: 'replace' }, snapshot);
  if (!planned.ok) return { ...common, line: null, flags: '', problem: planned.problem, warnings: [] };
  const { plan } = planned.value;
  const [first] = plan;
  if (first?.kind !== 'register' && first?.kind !== 'replace') {
    throw new Error(`The plan for ${name} registers nothing.`);
  }
  const { registration } = first;
  const line = formatRegisterLine(registration);
  const problem = capturesHost(registration, snapshot.host.machine)
    ? capturing(snapshot.host.machine)
    : problemOfPlan(plan, snapshot);
  const shown = { ...common, line: line.ok ? line.value : null, flags: registration.flags, problem };
  if (problem !== null || target === undefined) return { ...shown, warnings: [] };
  const loss = lossBy(target, registered, snapshot);
  const replaced = taken === null || taken.stays ? null : taken.name;
  const warnings = await warningsOf(registration, replaced, snapshot, interpreters);
  return { ...shown, warnings: loss === null ? warnings : [loss, ...warnings] };
}

function takenOf(target: Target, registered: readonly Target[], snapshot: Snapshot): TakenBy | null {
  const old = entryToReplace(target, snapshot);
  if (old === undefined) return null;
  const { name } = old;
  const serves = entriesServing(target, [old]).length > 0;
  return {
    name,
    line: lineOf(old),
    stays: staysBehind(old, target, registered, snapshot),
    note: serves ? null : `${ownerOf(name, snapshot)} It takes no programs for ${target.name}.`,
  };
}

/** Says which targets’ programs nothing would take any more once a target is registered anew; null where there are none. */
export function lossBy(target: Target, registered: readonly Target[], snapshot: Snapshot): string | null {
  const old = entryToReplace(target, snapshot);
  if (old === undefined || staysBehind(old, target, registered, snapshot)) return null;
  const losing = targetsLosing(old, registered, snapshot).map(({ name }) => name);
  if (losing.length === 0) return null;
  return `${old.name} takes programs for ${listed(losing)}, too, and nothing will any more. Register ${losing.length === 1 ? 'that target' : 'those targets'} as well.`;
}

function lineOf(entry: Entry): string | null {
  const registration = registrationOf(entry);
  const line = registration === null ? null : formatRegisterLine(registration);
  return line?.ok === true ? line.value : null;
}

const capturing = (machine: string): string =>
  `It cannot be registered: it would take this machine’s own programs (${machine}), and nothing on it would start any more.`;

/** What keeps a registration from working, or may, each in a sentence or two; `taken` names the entry it replaces. */
export async function warningsOf(
  registration: Registration,
  taken: string | null,
  snapshot: Snapshot,
  interpreters: Interpreters,
): Promise<readonly string[]> {
  const interpreter = await lookAt(registration, interpreters);
  const loss = snapshot.losses.find(({ name }) => name === taken);
  const entry: FormatEntry = { ...registration, enabled: true, text: '', unknownLines: [] };
  const problem = await startProblemOf(registration, snapshot, interpreters.inspectFile);
  const startProblems = problem === null ? [] : [problem];
  const facts = new Facts({ ...snapshot, interpreters: [interpreter], startProblems }, 'opened-now');
  const isOpenedNow = registration.flags.includes('F');
  const findings = [
    emulatedInterpreter(entry, facts),
    preservedArgv0(entry, facts),
    isOpenedNow ? containers(entry, facts) : null,
  ];
  return [
    loss === undefined ? null : `What is registered now could not be put back: ${loss.reason}.`,
    ofFile(interpreter, isOpenedNow) ?? interpretersStart(entry, facts)?.sentence ?? null,
    ...findings.map((finding) => finding && textOf(finding)),
  ].filter((sentence) => sentence !== null);
}

/** The interpreter as it is on disk now, with its version where that is of importance. */
async function lookAt(
  { interpreter, flags }: Registration,
  interpreters: Interpreters,
): Promise<Interpreter> {
  const seen = await interpreters.inspect(interpreter);
  if (!flags.includes('P')) return seen;
  await interpreters.versionsRead();
  return interpreters.inspect(interpreter);
}

/** With F the kernel opens the file when it is registered, without F at every start of a program. */
function ofFile({ path, file }: Interpreter, isOpenedNow: boolean): string | null {
  const state = stateOfFile(file);
  // Root, who registers it, sees what is hidden from others.
  if (state === null || file === 'hidden') return null;
  if (isOpenedNow) return `${path} ${state}, and the kernel opens it at once (flag F): it will refuse this.`;
  return file === 'missing'
    ? `${path} is not there: programs run only where it is, such as in a container that has it.`
    : `${path} ${state}: programs fail with “Permission denied” as long as that is so.`;
}
