import { type Entry, registrationOf } from '../entry.ts';
import { capturesHost } from '../operations.ts';
import type { Registration } from '../register-line.ts';
import type { StartProblem } from '../snapshot.ts';
import { visible } from '../visible.ts';
import type { Inspect } from './inspect-file.ts';
import { errnoOf, isAbsence, isForeign, messageOf, reasonOf } from './reasons.ts';
import { type Failure, isFailure, type OpenedFile, type System, walkFromEntry } from './walk.ts';

/** What keeps the interpreters of the system's entries from starting, were the entries enabled. */
export async function findStartProblems(system: System, inspect: Inspect): Promise<readonly StartProblem[]> {
  const registrations = system.entries.map(registrationOf).filter((one) => one !== null);
  const harmless = { ...system, entries: harmlessEntries(system) };
  const problems = registrations.map((one) => startProblemOf(one, harmless, inspect));
  return (await Promise.all(problems)).filter((problem) => problem !== null);
}

/** An entry that takes the machine's own programs stops every interpreter, which is told of that entry. */
const harmlessEntries = ({ entries, host }: System): readonly Entry[] =>
  entries.filter((entry) => entry.kind !== 'magic' || !capturesHost(entry, host.machine));

/** What keeps the interpreter of a registration from starting, as it is on disk now; null where nothing does. */
export async function startProblemOf(
  registration: Registration,
  system: System,
  inspect: Inspect,
): Promise<StartProblem | null> {
  const { files, end } = await walkFromEntry(registration, { ...system, binfmtMisc: 'on' }, inspect);
  if (!isFailure(end)) return null;
  const { step, state, remedy } = reasonOf(files, end, system.host);
  const culprit = files[step]?.path ?? '';
  return {
    name: registration.name,
    kind: kindOf(files, end, system),
    failure: messageOf(errnoOf(end)),
    state: visible(step === 0 ? state : `needs ${culprit}, which ${state}`),
    remedy: remedy ?? (end.kind === 'refused' && errnoOf(end) === 'ENOENT' ? 'Install it there' : null),
  };
}

function kindOf(files: readonly OpenedFile[], failure: Failure, { host }: System): StartProblem['kind'] {
  const [interpreter, ...others] = files;
  if (interpreter === undefined || others.length > 0) return 'unusable';
  if (failure.kind === 'no-handler') {
    return isForeign(interpreter.content, host) ? 'foreign' : 'unusable';
  }
  if (failure.kind !== 'refused' || interpreter.access.kind !== 'refused') return 'unusable';
  switch (interpreter.access.reason) {
    case 'cannot-be-reached':
      if (isAbsence(interpreter.access.errno)) return 'missing';
      return interpreter.access.errno === 'EACCES' ? 'not-for-you' : 'unusable';
    case 'not-executable-for-you':
      return 'not-for-you';
    case 'not-a-file':
    case 'no-execute-bit':
    case 'mounted-noexec':
      return 'not-executable';
  }
}
