import { isOlder } from '../is-older.ts';
import { expectsArgv0 } from '../register-options.ts';
import { about, breaking } from './about.ts';
import { enableAction } from './action.ts';
import { type Facts, type FormatEntry, soleTargetOf } from './facts.ts';
import type { Finding } from './finding.ts';

/** QEMU asks AT_FLAGS since commit 6e1c0d7b951e, “linux-user: manage binfmt-misc preserve-arg[0] flag”. */
const FIRST_QEMU = '6.0';
/** The kernel sets it since commit 2347961b11d4, “binfmt_misc: pass binfmt_misc flags to the interpreter”. */
const FIRST_KERNEL = '5.12';

/**
 * Flag P hands the interpreter one argument more, the program's argv[0]. QEMU has to know: from its own name
 * (Debian since 5.2) or from the kernel; otherwise it takes one for the other.
 */
export function preservedArgv0(entry: FormatEntry, facts: Facts): Finding | null {
  const interpreter = facts.interpreterAt(entry.interpreter);
  const target = soleTargetOf(entry);
  const action = facts.replacement(entry, target);
  if (expectsArgv0(entry.interpreter)) {
    if (entry.flags.includes('P')) return null;
    return breaking(entry, {
      id: 'preserve-argv0-expected',
      sentence: `Flag P is missing, and under the name ${entry.interpreter} QEMU counts on it: programs lose their first argument.`,
      detail: 'Register it with P.',
      action,
    });
  }
  if (!entry.flags.includes('P') || interpreter === null || interpreter.qemuVersion === null) return null;
  const { kernelRelease } = facts.snapshot.host;
  const detail = 'Programs get their own name as an additional first argument. Register it without P.';
  if (isOlder(kernelRelease, FIRST_KERNEL)) {
    return breaking(entry, {
      id: 'preserve-argv0-not-understood',
      sentence: `Linux ${kernelRelease} does not tell QEMU of flag P (${FIRST_KERNEL} is the first that does).`,
      detail,
      action,
    });
  }
  if (!isOlder(interpreter.qemuVersion, FIRST_QEMU)) return null;
  const isNot = `does not know flag P (${FIRST_QEMU} is the first that does)`;
  if (facts.runsFileOnDisk(entry)) {
    const sentence = `QEMU ${interpreter.qemuVersion} ${isNot}.`;
    return breaking(entry, { id: 'preserve-argv0-not-understood', sentence, detail, action });
  }
  return about(entry, {
    id: 'preserve-argv0-not-understood',
    severity: 'warning',
    sentence: `QEMU ${interpreter.qemuVersion}, which is at ${interpreter.path} now, ${isNot}.`,
    detail: `If the kernel holds that one open (flag F), programs get their own name as an additional first argument. Register it without P.`,
    action,
  });
}

/** Flag C: set-uid programs keep their owner's rights while emulated. */
export function credentials(entry: FormatEntry, facts: Facts): Finding | null {
  if (!entry.flags.includes('C')) return null;
  return about(entry, {
    id: 'credentials',
    severity: 'info',
    sentence: 'Flag C is set: set-uid programs keep their owner’s rights while the interpreter runs them.',
    detail: 'Those are often root’s. Register it without C unless you need that.',
    // Null for other formats: what their interpreter needs, only whoever registered them knows.
    action: facts.replacement(entry, soleTargetOf(entry)),
  });
}

/** Registered and disabled. */
export function disabled(entry: FormatEntry): Finding | null {
  if (entry.enabled) return null;
  return about(entry, {
    id: 'disabled',
    severity: 'info',
    sentence: 'It is disabled: the kernel passes it over.',
    detail: 'Enable it to use it.',
    action: enableAction(entry.name),
  });
}
