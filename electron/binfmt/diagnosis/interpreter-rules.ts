import { machineNames } from '../elf-header.ts';
import { hostRuns } from '../explain/native-elf.ts';
import type { Interpreter } from '../interpreters.ts';
import type { StartProblem } from '../snapshot.ts';
import { about, breaking } from './about.ts';
import { type Action, unregisterAction } from './action.ts';
import { type Facts, type FormatEntry, servicesOf, soleTargetOf } from './facts.ts';
import type { Finding, FindingId } from './finding.ts';

/**
 * The interpreter does not start. What the kernel does without F it does at every start (`open_exec()` in
 * `load_misc_binary()`); with F, once, at registering (`bm_register_write()`): what is on disk now may be
 * another file.
 */
export function interpretersStart(entry: FormatEntry, facts: Facts): Finding | null {
  const problem = facts.startProblemOf(entry);
  if (problem === null) return null;
  if (!facts.runsFileOnDisk(entry)) return ofHeldOpen(entry, problem, facts);
  const { kind, state, failure, remedy } = problem;
  const sentence = `Its interpreter ${entry.interpreter} ${state}.`;
  if (kind === 'not-for-you') {
    return about(entry, {
      id: 'interpreter-not-for-all',
      severity: 'warning',
      sentence,
      detail: `Programs that you start fail with “${failure}”; whether those of others run cannot be seen from here. ${remedy}.`,
      action: null,
    });
  }
  const action = withAnotherEmulator(entry, facts);
  const otherwise = action === null ? 'unregister it' : 'register the target anew';
  return breaking(entry, {
    id: idOfProblem[kind],
    sentence,
    detail: `Programs it takes fail with “${failure}”. ${remedy === null ? capitalized(otherwise) : `${remedy}, or ${otherwise}`}.`,
    action: action ?? unregisterAction(entry.name),
  });
}

const idOfProblem: Readonly<Record<Exclude<StartProblem['kind'], 'not-for-you'>, FindingId>> = {
  missing: 'interpreter-missing',
  'not-executable': 'interpreter-not-executable',
  foreign: 'interpreter-foreign',
  unusable: 'interpreter-unusable',
};

function ofHeldOpen(entry: FormatEntry, problem: StartProblem, facts: Facts): Finding | null {
  const { kind, state, failure } = problem;
  // Nothing is lost by it only where an emulator that works in containers too takes over; nothing else mends it.
  const action = withAnotherEmulator(entry, facts, (one) => one.linkage === 'static');
  const advice = action === null ? '' : ' Register the target with the emulator that is on this machine.';
  switch (kind) {
    case 'not-for-you':
      return null; // Opened it is, for everybody.
    case 'missing':
    case 'not-executable':
      // The kernel registers nothing with F that it cannot open to execute: the file was there, and was executable.
      return about(entry, {
        id: 'interpreter-held-open',
        severity: 'info',
        sentence: `Its interpreter ${entry.interpreter} ${state}, and it works because the kernel holds the file open.`,
        detail: `Once removed it cannot be put back, and it is gone after the next start of the machine.${advice}`,
        action,
      });
    case 'foreign':
    case 'unusable':
      return about(entry, {
        id: 'interpreter-doubtful',
        severity: 'warning',
        sentence: `The file that is at ${entry.interpreter} now ${state}.`,
        detail: `The kernel runs the one that it opened when this was registered (flag F). If it is the same, programs fail with “${failure}”: ${servicesOf(entry).length > 0 ? 'Verify' : 'starting one'} tells.${advice}`,
        action,
      });
  }
}

/** The interpreter is itself a program for a CPU that this machine has not, and another entry has it run. */
export function emulatedInterpreter(entry: FormatEntry, facts: Facts): Finding | null {
  const interpreter = facts.interpreterAt(entry.interpreter);
  const machine = interpreter?.machine ?? null;
  const { host } = facts.snapshot;
  if (interpreter === null || machine === null || facts.startProblemOf(entry) !== null) return null;
  if (hostRuns(host.machine, machine, interpreter.elfClass)) return null;
  return about(entry, {
    id: 'interpreter-emulated',
    severity: 'info',
    sentence: `Its interpreter ${interpreter.path} is itself a program for ${machineNames.get(machine) ?? `a CPU with number ${machine}`}, and starts because another entry takes it.`,
    detail: 'Register it with one built for this machine, which is faster.',
    action: withAnotherEmulator(entry, facts),
  });
}

/** Without F everybody who starts a program executes the interpreter. */
export function openToAll(entry: FormatEntry, facts: Facts): Finding | null {
  const interpreter = facts.interpreterAt(entry.interpreter);
  if (!facts.runsFileOnDisk(entry) || interpreter === null || facts.startProblemOf(entry) !== null)
    return null;
  if (interpreter.file !== 'executable' || interpreter.isForAll) return null;
  return about(entry, {
    id: 'interpreter-not-for-all',
    severity: 'warning',
    sentence: `Its interpreter ${interpreter.path} may be executed by some users only.`,
    detail: `Programs that others start fail with “Permission denied”. Let everybody execute it (chmod a+rx ${interpreter.path}).`,
    action: null,
  });
}

/** Whether programs in containers and chroots start: that takes F, and an interpreter that needs no other file. */
export function containers(entry: FormatEntry, facts: Facts): Finding | null {
  const interpreter = facts.interpreterAt(entry.interpreter);
  const problem = facts.startProblemOf(entry);
  if (servicesOf(entry).length === 0 || (problem !== null && problem.kind !== 'not-for-you')) return null;
  const target = soleTargetOf(entry);
  if (!entry.flags.includes('F')) {
    return about(entry, {
      id: 'not-in-containers',
      severity: 'warning',
      sentence: 'Flag F is missing, so programs in containers and chroots do not run.',
      detail: `The kernel looks for ${entry.interpreter} there and does not find it. Register it with F.`,
      action: facts.replacement(entry, target),
    });
  }
  if (interpreter?.linkage !== 'dynamic') return null;
  const lacks = 'is not static: in most containers it does not find its own loader and libraries';
  return about(entry, {
    id: 'interpreter-dynamic',
    severity: 'warning',
    sentence: facts.runsFileOnDisk(entry)
      ? `Its interpreter ${interpreter.path} ${lacks}.`
      : `The file that is at ${interpreter.path} now ${lacks}, if it is the one that the kernel holds open (flag F).`,
    detail: 'Install the static emulator and register that.',
    action: facts.replacement(entry, target, (one) => one.linkage === 'static'),
  });
}

/** Registers the entry's target anew with an emulator that is not the present interpreter; null where none is there. */
const withAnotherEmulator = (
  entry: FormatEntry,
  facts: Facts,
  isBetter: (emulator: Interpreter) => boolean = () => true,
): Action | null =>
  facts.replacement(entry, soleTargetOf(entry), (one) => one.path !== entry.interpreter && isBetter(one));

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
