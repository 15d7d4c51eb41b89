import { machineNames } from '../elf-header.ts';
import { hostRuns } from '../explain/native-elf.ts';
import type { Interpreter } from '../interpreters.ts';
import { about } from './about.ts';
import { type Action, unregisterAction } from './action.ts';
import { type Facts, type FormatEntry, servicesOf, soleTargetOf } from './facts.ts';
import type { Finding } from './finding.ts';

/**
 * The interpreter's file: gone, not executable, held open by F. What the kernel does without F it does at every
 * start (`open_exec()` in `load_misc_binary()`); with F, once, at registering (`bm_register_write()`).
 */
export function interpretersFile(entry: FormatEntry, facts: Facts): Finding | null {
  const interpreter = facts.interpreterAt(entry.interpreter);
  if (interpreter === null || interpreter.file === 'executable') return null;
  const state = interpreter.file === 'missing' ? 'is not there' : 'is not an executable file';
  if (entry.flags.includes('F')) {
    // Nothing is lost by it only where an emulator that works in containers too takes over; nothing else mends it.
    const action = withAnotherEmulator(entry, facts, (one) => one.linkage === 'static');
    const advice = action === null ? '' : ' Register the target with the emulator that is on this machine.';
    return about(entry, {
      id: 'interpreter-held-open',
      severity: 'info',
      sentence: `Its interpreter ${interpreter.path} ${state} on this machine; it works because the kernel holds the file open. Once removed it cannot be put back, and it is gone after the next start of the machine.${advice}`,
      action,
    });
  }
  const failure = interpreter.file === 'missing' ? 'No such file or directory' : 'Permission denied';
  const remedy = interpreter.file === 'missing' ? 'Install it there' : 'Make it executable';
  const action = withAnotherEmulator(entry, facts);
  return about(entry, {
    id: interpreter.file === 'missing' ? 'interpreter-missing' : 'interpreter-not-executable',
    severity: entry.enabled ? 'error' : 'warning',
    sentence: `Its interpreter ${interpreter.path} ${state}: programs it takes fail with “${failure}”. ${remedy}, or ${action === null ? 'unregister it' : 'register the target anew'}.`,
    action: action ?? unregisterAction(entry.name),
  });
}

/** The interpreter is itself a program for a CPU that this machine has not. */
export function interpretersCpu(entry: FormatEntry, facts: Facts): Finding | null {
  const interpreter = facts.interpreterAt(entry.interpreter);
  const machine = interpreter?.machine ?? null;
  const { host } = facts.snapshot;
  if (interpreter === null || machine === null) return null;
  if (hostRuns(host.machine, machine, interpreter.elfClass ?? null)) return null;
  const cpu = machineNames.get(machine) ?? `a CPU with number ${machine}`;
  return about(entry, {
    id: 'interpreter-foreign',
    severity: entry.enabled ? 'error' : 'warning',
    sentence: `Its interpreter ${interpreter.path} is itself a program for ${cpu}, which this machine (${host.machine}) cannot run. Register it with one built for this machine.`,
    action: withAnotherEmulator(entry, facts) ?? unregisterAction(entry.name),
  });
}

/** Whether programs in containers and chroots start: that takes F, and an interpreter that needs no other file. */
export function containers(entry: FormatEntry, facts: Facts): Finding | null {
  const interpreter = facts.interpreterAt(entry.interpreter);
  if (servicesOf(entry).length === 0 || (interpreter !== null && interpreter.file !== 'executable'))
    return null;
  const target = soleTargetOf(entry);
  if (!entry.flags.includes('F')) {
    return about(entry, {
      id: 'not-in-containers',
      severity: 'warning',
      sentence: `Flag F is missing: in a container or chroot the kernel looks for ${entry.interpreter} there and does not find it. Register it with F.`,
      action: facts.replacement(entry, target),
    });
  }
  if (interpreter?.linkage !== 'dynamic') return null;
  return about(entry, {
    id: 'interpreter-dynamic',
    severity: 'warning',
    sentence: `Its interpreter ${interpreter.path} is not static: in most containers it does not find its own loader and libraries. Install the static emulator and register that.`,
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
