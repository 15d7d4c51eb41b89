import type { Action } from '../diagnosis/action.ts';
import { interpreterProblems } from '../diagnosis/finding.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Handler, Step } from './explanation.ts';
import type { LoaderSearch } from './loader.ts';
import { errnoOf, messageOf, type Reason, reasonOf } from './reasons.ts';
import { type Advice, unknownFormat } from './unknown-format.ts';
import { type End, type Failure, isFailure } from './walk.ts';

/** The way and its end, each file with what entries say to it. */
interface ExplainedWalk {
  readonly steps: readonly Step[];
  readonly end: End;
}

type TakenBy<One> = One & { readonly handler: Extract<Handler, { kind: 'binfmt_misc' }> };

/** The first file on the way that an entry takes. */
export function takenStep<One extends { readonly handler: Handler | null }>(
  steps: readonly One[],
): TakenBy<One> | null {
  const isTaken = (step: One): step is TakenBy<One> => step.handler?.kind === 'binfmt_misc';
  return steps.find(isTaken) ?? null;
}

/** What the way ends with, as sentences, and what to do about it. */
export function adviceFor(walked: ExplainedWalk, search: LoaderSearch | null, snapshot: Snapshot): Advice {
  const { steps, end } = walked;
  const hints = windowsHint(steps) + doubtOf(steps, snapshot);
  if (isFailure(end)) {
    const { verdict, action } = failureOf(steps, end, snapshot);
    return { verdict: `It does not run (${messageOf(errnoOf(end))}): ${verdict}${hints}`, action };
  }
  if (end.kind === 'held-open') {
    const { verdict, action } = failureOf(steps, end.now, snapshot);
    const [held] = steps.filter((step) => step.heldOpen);
    const fails = `If that is still the one at ${held?.path}, it fails (${messageOf(errnoOf(end.now))})`;
    return {
      verdict: `Nobody can tell from here: ${unsureReason(end)}. ${fails}: ${verdict}${hints}`,
      action,
    };
  }
  if (end.kind === 'untold') {
    return { verdict: `Nobody can tell from here: ${unsureReason(end)}.${hints}`, action: null };
  }
  return { verdict: successOf(steps, search) + hints, action: null };
}

/** Why nobody can tell how the way ends, a clause. */
export const unsureReason = (end: Extract<End, { kind: 'held-open' | 'untold' }>): string =>
  end.kind === 'untold'
    ? end.reason
    : 'the kernel runs the interpreter that it opened when the entry was registered (flag F)';

/** An enabled entry that is asked before the file is taken, and whose answer only its BPF program knows. */
function doubtOf(steps: readonly Step[], snapshot: Snapshot): string {
  if (snapshot.binfmtMisc !== 'on') return '';
  const unsure = new Set(
    snapshot.entries.filter((entry) => entry.kind === 'bpf' && entry.enabled).map((entry) => entry.name),
  );
  for (const { entries } of steps) {
    for (const { name, kind } of entries) {
      if (kind === 'takes') break;
      if (unsure.has(name)) return ` Unless the entry ${name} takes it: only its BPF program knows.`;
    }
  }
  return '';
}

/** The kernel starts the interpreter of a `#!` line with Windows' line end, and that gets an argument it does not know. */
function windowsHint(steps: readonly Step[]): string {
  const isCut = steps.some(({ handler }) => handler?.kind === 'script' && handler.argument?.endsWith('\r'));
  return isCut
    ? ' Its #! line ends as on Windows, and the carriage return before its end becomes a part of the argument: give the script Unix line endings.'
    : '';
}

function successOf(steps: readonly Step[], search: LoaderSearch | null): string {
  const [file] = steps;
  if (file?.content.kind === 'elf' && file.content.isLibrary) {
    return 'The kernel starts it, but it is a library that programs load, and no program: most crash at once.';
  }
  const taken = takenStep(steps);
  if (taken === null) {
    return steps.length === 1
      ? 'This machine runs it itself.'
      : `It runs: its interpreter ${steps[1]?.path} is one of this machine’s own programs.`;
  }
  const { entry, interpreter } = taken.handler;
  if (search !== null && search.kind !== 'found') {
    return `It starts under ${interpreter} (entry ${entry}) and stops at once: ${lackingLoader(search)}`;
  }
  const who = taken === file ? 'it' : `its interpreter ${taken.path}`;
  return `It runs under ${interpreter}: the entry ${entry} takes ${who}.`;
}

function lackingLoader(search: Exclude<LoaderSearch, { kind: 'found' }>): string {
  if (search.kind === 'unfit') {
    return `the loader ${search.path} is not one for its CPU. Set QEMU_LD_PREFIX to the directory that the libraries of its CPU are under.`;
  }
  const help =
    search.crossPrefix === null
      ? 'Install the libraries of its CPU, and set QEMU_LD_PREFIX to the directory they are under.'
      : `Set QEMU_LD_PREFIX=${search.crossPrefix} to use the libraries that are there.`;
  return `the loader ${search.path} for its CPU is not there. ${help}`;
}

function failureOf(steps: readonly Step[], failure: Failure, snapshot: Snapshot): Advice {
  const reason = reasonOf(steps, failure, snapshot.host);
  const who = whose(steps, reason);
  const taken = takenStep(steps);
  const last = steps.at(-1);
  if (failure.kind === 'no-handler' && taken === null && last !== undefined) {
    const advice = unknownFormat(last, who, snapshot);
    if (advice !== null) return advice;
  }
  const remedy = reason.remedy === null ? '' : ` ${reason.remedy}.`;
  return {
    verdict: `${who} ${reason.state}.${remedy}`,
    action: taken === null ? null : actionFor(taken.handler.entry, snapshot),
  };
}

/** `it`, or the interpreter whose turn it is, named by who asks for it. */
function whose(steps: readonly Step[], { step }: Reason): string {
  const path = steps[step]?.path;
  const handler = steps[step - 1]?.handler;
  if (handler?.kind === 'binfmt_misc') return `the interpreter ${path} of the entry ${handler.entry}`;
  return handler?.kind === 'script' ? `the interpreter “${path}” that its #! line names` : 'it';
}

/** What the diagnosis has to offer for an entry whose interpreter does not start. */
function actionFor(entry: string, { findings }: Snapshot): Action | null {
  const finding = findings.find(
    ({ id, subject }) => subject.kind === 'entry' && subject.name === entry && interpreterProblems.has(id),
  );
  return finding?.action ?? null;
}
