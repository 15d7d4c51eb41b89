import { bootFilePath, describeOperation, entryNamesOf, type Operation } from './binfmt/operations.ts';
import { INTERPRETER_DIRECTORY, isPlacing } from './binfmt/placing.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { nameOfTrial } from './binfmt/trial.ts';
import { explainFailure, isNotCarriedOutWithoutEmulator } from './elevation/explain-failure.ts';
import { explainInterruption } from './elevation/explain-interruption.ts';
import type { Outcome } from './elevation/report.ts';
import type { ChangeRequest } from './plan-change.ts';

/** What became of a request, in words. */
export interface ChangeResult {
  /** `dismissed`: the person decided against it when asked for the password. */
  readonly kind: 'done' | 'failed' | 'dismissed';
  /** One sentence. */
  readonly message: string;
  /** A sentence for each operation that failed or was left out. */
  readonly details: readonly string[];
  /** What to pass to the request `undo`; null when there is nothing to take back. */
  readonly undo: number | null;
  /** The system afterwards. */
  readonly snapshot: Snapshot;
}

/** The result of a request that was not carried out. */
export const refusal = (message: string, snapshot: Snapshot): ChangeResult => ({
  kind: 'failed',
  message,
  details: [],
  undo: null,
  snapshot,
});

/** What is said where this program itself fails. */
export const faultOf = (error: unknown): string =>
  `This program has a fault (${String(error)}); please report it.`;

/** The result of a request that a person or the system's policy decided against. */
export const dismissal = (message: string, snapshot: Snapshot): ChangeResult => ({
  ...refusal(message, snapshot),
  kind: 'dismissed',
});

/** Puts what became of each operation into words. */
export function changeResult({
  request,
  outcomes,
  leftAlone,
  undo,
  snapshot,
}: {
  readonly request: ChangeRequest;
  readonly outcomes: readonly Outcome[];
  readonly leftAlone: readonly string[];
  readonly undo: number | null;
  readonly snapshot: Snapshot;
}): ChangeResult {
  const done = outcomes.filter((outcome) => outcome.status === 'done').map((outcome) => outcome.operation);
  const problems = outcomes
    .filter((outcome) => !isConsequence(outcome))
    .map((outcome) => sentenceOf(outcome, snapshot))
    .filter((sentence) => sentence !== null);
  const byOthers = outcomes.filter((outcome) => outcome.status === 'done-by-other');
  const canUndo = done.length > 0 || outcomes.some((outcome) => outcome.status === 'interrupted');
  const common = { undo: canUndo ? undo : null, snapshot };

  if (problems.length === 0) {
    const own = summary(request, done, snapshot);
    const others = summaryOfOthers(byOthers);
    const message =
      others === null
        ? own
        : done.length === 0
          ? `Somebody else ${others}`
          : `${own}; somebody else ${others}`;
    return { kind: 'done', message, details: leftAlone, ...common };
  }
  if (problems.length === 1 && problems[0] !== undefined && done.length === 0) {
    return { kind: 'failed', message: problems[0], details: leftAlone, ...common };
  }
  const message = `${problems.length} of ${outcomes.length} changes failed.`;
  return { kind: 'failed', message, details: [...problems, ...leftAlone], ...common };
}

/** Whether there is nothing to say of an outcome but what another says already. */
const isConsequence = (outcome: Outcome): boolean =>
  outcome.status === 'failed' && isNotCarriedOutWithoutEmulator(outcome.message);

/** What a person should know of an outcome, in a sentence; null when it went well. */
export function sentenceOf(outcome: Outcome, snapshot: Snapshot): string | null {
  switch (outcome.status) {
    case 'done':
    case 'done-by-other':
      return null;
    case 'failed':
      return explainFailure(outcome.operation, outcome.message, snapshot);
    case 'interrupted':
      return explainInterruption(outcome.operation, outcome.message ?? '', snapshot);
    case 'not-reached':
      return `${describeOperation(outcome.operation)}: not carried out, the work was interrupted before.`;
  }
}

function summary(request: ChangeRequest, done: readonly Operation[], snapshot: Snapshot): string {
  switch (request.kind) {
    case 'mount':
      return 'Mounted binfmt_misc';
    case 'switch-master':
      return `Switched binfmt_misc ${request.on ? 'on' : 'off'}`;
    case 'undo':
      return `Put back ${thingsIn(done)}`;
    case 'reset':
      return `Removed ${thingsIn(done)}`;
    case 'switch-target':
      return `${request.on ? (done[0]?.kind === 'register' ? 'Registered' : 'Enabled') : 'Disabled'} ${request.target}`;
    case 'switch-entries':
      return `${request.on ? 'Enabled' : 'Disabled'} ${thingsIn(done)}`;
    case 'register':
      return `Registered ${request.targets.length === 1 ? request.targets[0] : countOf(registeredIn(done), 'target')}`;
    case 'replace':
      return `Registered ${request.target} in place of ${request.name}`;
    case 'rename-trial':
      return `Renamed ${request.name} to ${nameOfTrial(request.name)}`;
    case 'unregister':
      return `Unregistered ${thingsIn(done)}`;
    case 'add-format':
      return `Registered ${request.registration.name}`;
    case 'place':
      return placedIn(done);
    case 'bring':
    case 'apply-boot':
      return `Changed ${thingsIn(done)}`;
    case 'keep-at-boot':
      return snapshot.boot.services.length > 0
        ? `${listOf(request.names)} will come back at boot`
        : `Wrote ${thingsIn(done)}, which no service on this machine reads`;
    case 'not-at-boot':
      return `${listOf(request.names)} will not come back at boot`;
  }
}

/** What somebody else did while permission was asked for, just as it was wanted; null where that is nothing. */
function summaryOfOthers(outcomes: readonly Outcome[]): string | null {
  const [operation, ...more] = outcomes.map((outcome) => outcome.operation);
  if (operation === undefined) return null;
  if (more.length > 0) return `made ${outcomes.length} of the changes meanwhile`;
  return operation.kind === 'unregister'
    ? `removed ${thingsIn([operation])} meanwhile`
    : `registered ${thingsIn([operation])} meanwhile, in the same way`;
}

function placedIn(operations: readonly Operation[]): string {
  const names = operations.filter(isPlacing).flatMap(({ files }) => files.map(({ name }) => name));
  const what = names.length === 1 ? `${names[0]}` : countOf(names.length, 'emulator');
  const registered = registeredIn(operations);
  const alsoRegistered = registered === 0 ? '' : ` and registered ${countOf(registered, 'target')}`;
  return `Installed ${what} into ${INTERPRETER_DIRECTORY}${alsoRegistered}`;
}

/** What was changed, by name where it is one. */
function thingsIn(operations: readonly Operation[]): string {
  const others = operations.filter((operation) => !isPlacing(operation));
  if (others.length < operations.length) {
    const place = `what was in ${INTERPRETER_DIRECTORY}`;
    return others.length === 0 ? place : `${place} and ${thingsIn(others)}`;
  }
  const names = [...new Set(operations.flatMap(entryNamesOf))];
  if (names.length > 0) return listOf(names);
  const files = operations.flatMap((one) => (one.kind === 'set-boot-file' ? [bootFilePath(one)] : []));
  if (files.length === 0) return 'the master switch';
  return files.length === 1 ? `${files[0]}` : countOf(files.length, 'file');
}

const listOf = (names: readonly string[]): string =>
  names.length === 1 ? `${names[0]}` : countOf(names.length, 'registration');

const registeredIn = (operations: readonly Operation[]): number =>
  operations.filter(({ kind }) => kind === 'register' || kind === 'replace').length;

const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
