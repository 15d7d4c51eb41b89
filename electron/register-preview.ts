import { stateOfFile } from './binfmt/describe-row.ts';
import { Facts, type FormatEntry } from './binfmt/diagnosis/facts.ts';
import { textOf } from './binfmt/diagnosis/finding.ts';
import { preservedArgv0 } from './binfmt/diagnosis/flag-rules.ts';
import { containers, emulatedInterpreter, interpretersStart } from './binfmt/diagnosis/interpreter-rules.ts';
import { startProblemOf } from './binfmt/explain/start-problem.ts';
import type { Interpreter, Interpreters } from './binfmt/interpreters.ts';
import { capturesHost, problemOfPlan } from './binfmt/operations.ts';
import { formatRegisterLine, type Registration } from './binfmt/register-line.ts';
import { entryToReplace, type RegisterRequest } from './binfmt/register-request.ts';
import { planOf } from './binfmt/requests.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { targetNamed } from './binfmt/targets.ts';

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
  /** The entry that serves the target now, in whose place this one would come. */
  readonly taken: string | null;
  /** Why it cannot be registered, as a sentence; null when it can be. */
  readonly problem: string | null;
  /** What keeps it from working, or may, each in a sentence or two. */
  readonly warnings: readonly string[];
}

/** What a request to register would do to each of its targets, whatever is registered; looks at the interpreters now. */
export async function previewRegistration(
  request: RegisterRequest,
  snapshot: Snapshot,
  interpreters: Interpreters,
): Promise<RegistrationPreview> {
  return {
    targets: await Promise.all(
      request.targets.map((target) =>
        previewTarget({ ...request, targets: [target] }, snapshot, interpreters),
      ),
    ),
  };
}

async function previewTarget(
  request: RegisterRequest,
  snapshot: Snapshot,
  interpreters: Interpreters,
): Promise<TargetPreview> {
  const [name = ''] = request.targets;
  const target = targetNamed(name);
  const common = {
    target: name,
    isOwnFamily: target?.family === snapshot.host.family,
    taken: (target && entryToReplace(target, snapshot)?.name) ?? null,
  };
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
  return {
    ...common,
    line: line.ok ? line.value : null,
    flags: registration.flags,
    problem,
    warnings: problem === null ? await warningsOf(registration, common.taken, snapshot, interpreters) : [],
  };
}

/** The name of the entry that `planOf` replaces; null when there is none. */
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
