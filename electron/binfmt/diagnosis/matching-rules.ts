import { isElf } from '../elf-header.ts';
import { bytesOfHex } from '../hex.ts';
import { takes } from '../matcher.ts';
import { nameOfTrial } from '../trial.ts';
import { about, breaking } from './about.ts';
import { renameTrialAction, unregisterAction } from './action.ts';
import { type Facts, type FormatEntry, listed, servicesOf, targetInName } from './facts.ts';
import type { Finding } from './finding.ts';

/** Takes the host's own programs: where it is enabled and its interpreter works, nothing starts any more. */
export function hostsPrograms(entry: FormatEntry, facts: Facts): Finding | null {
  const { host } = facts.snapshot;
  const captured = facts.hostHeads.filter((head) => takes(entry, { head, path: '' }));
  if (captured.length > 0) {
    const { enabled, interpreter } = entry;
    const [takesThem, meanwhile] = enabled
      ? ['takes', 'While it is enabled']
      : ['would take', 'Were it enabled'];
    const arePrograms = captured.some(isElf);
    return breaking(entry, {
      id: 'captures-host',
      sentence: arePrograms
        ? `It ${takesThem} this machine’s own programs (${host.machine}).`
        : `It ${takesThem} this machine’s own scripts.`,
      detail: arePrograms
        ? `${meanwhile}, they ${enabled ? 'do' : 'would'} not start. Unregister it.`
        : `${meanwhile}, the kernel hands them to ${interpreter}, and not to the interpreters that their #! lines name. Unregister it.`,
      action: unregisterAction(entry.name),
    });
  }
  const own = servicesOf(entry).filter((service) => service.target.family === host.family);
  if (own.length === 0) return null;
  return about(entry, {
    id: 'host-may-run-it',
    severity: 'info',
    sentence: `This machine (${host.machine}) may run programs for ${listed(own.map((one) => one.target.name))} itself.`,
    detail: 'QEMU, which is slower, gets them all the same. Unregister it unless you want that.',
    action: unregisterAction(entry.name),
  });
}

/** The name says a target, and the entry takes something else: nobody can register that target. */
export function nameAgainstPattern(entry: FormatEntry, facts: Facts): Finding | null {
  const target = targetInName(entry);
  if (target === null) return null;
  const served = servicesOf(entry);
  if (served.some((service) => service.target === target)) return null;
  const common = {
    severity: 'warning',
    namesake: target.name,
    detail: `Register ${target.name} anew.`,
    action: facts.replacement(entry, target) ?? unregisterAction(entry.name),
  } as const;
  if (served.length > 0) {
    return about(entry, {
      ...common,
      id: 'takes-other-target',
      sentence: `The name of ${entry.name} says ${target.name}, and it takes programs for ${listed(served.map((one) => one.target.name))}.`,
    });
  }
  return about(entry, {
    ...common,
    id: 'matches-nothing',
    sentence: `${entry.name} takes no program for ${target.name}: ${causeOfNothing(entry)}.`,
  });
}

/** What this program registers while it replaces an entry is there still: it was cut off. */
export function leftByReplacement(entry: FormatEntry, { snapshot }: Facts): Finding | null {
  const own = nameOfTrial(entry.name);
  if (own === null) return null;
  const isReplaced = snapshot.entries.every(({ name }) => name !== own);
  return about(entry, {
    id: 'left-by-replacement',
    severity: 'warning',
    sentence: isReplaced
      ? `${own} was being replaced when that was cut off, and this is what took its place.`
      : `${own} was being replaced when that was cut off, and this was left behind.`,
    detail: isReplaced ? `Give it the name ${own} again.` : 'Unregister it.',
    action: isReplaced ? renameTrialAction(entry.name) : unregisterAction(entry.name),
  });
}

function causeOfNothing(entry: FormatEntry): string {
  if (entry.kind === 'extension') return `it goes by the extension .${entry.extension}`;
  return hasTypeInWrongOrder(entry.magic)
    ? 'the type in its magic (e_type, bytes 10 and 11) is in the wrong byte order, as in the line that QEMU’s own script publishes for microblaze'
    : 'its magic is not the beginning of any of them';
}

/** A big-endian ELF header whose e_type reads 2 (executable) only the other way round. */
function hasTypeInWrongOrder(magic: string): boolean {
  const bytes = bytesOfHex(magic);
  return bytes[5] === 2 && bytes[16] === 2 && bytes[17] === 0;
}
