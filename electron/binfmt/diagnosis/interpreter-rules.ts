import { machineNames } from '../elf-header.ts';
import { hostRuns } from '../explain/native-elf.ts';
import { about } from './about.ts';
import { unregisterAction } from './action.ts';
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
    return about(entry, {
      id: 'interpreter-held-open',
      severity: 'info',
      sentence: `Its interpreter ${interpreter.path} ${state} on this machine; it works because the kernel holds the file open. Once removed it cannot be put back, and it is gone after the next start of the machine.`,
      action: null,
    });
  }
  const failure = interpreter.file === 'missing' ? 'No such file or directory' : 'Permission denied';
  const advice =
    interpreter.file === 'missing'
      ? 'Install it there, or register the target anew.'
      : 'Make it executable, or register the target anew.';
  return about(entry, {
    id: interpreter.file === 'missing' ? 'interpreter-missing' : 'interpreter-not-executable',
    severity: entry.enabled ? 'error' : 'warning',
    sentence: `Its interpreter ${interpreter.path} ${state}: programs it takes fail with “${failure}”. ${advice}`,
    action:
      facts.replacement(entry, soleTargetOf(entry), (one) => one.path !== interpreter.path) ??
      unregisterAction(entry.name),
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
    sentence: `Its interpreter ${interpreter.path} is itself a program for ${cpu}, which this machine (${host.machine}) cannot run. Register the target with an emulator built for this machine.`,
    action:
      facts.replacement(entry, soleTargetOf(entry), (one) => one.path !== interpreter.path) ??
      unregisterAction(entry.name),
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
