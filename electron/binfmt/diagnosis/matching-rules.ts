import { type Entry, isEnabled } from '../entry.ts';
import { bytesOfHex } from '../hex.ts';
import { takes } from '../matcher.ts';
import { nameOfTrial } from '../trial.ts';
import { about } from './about.ts';
import { renameTrialAction, unregisterAction } from './action.ts';
import { type Facts, type FormatEntry, listed, type Service, servicesOf, targetInName } from './facts.ts';
import type { Finding } from './finding.ts';
import { alwaysBefore } from './pattern.ts';

/** Takes the host's own programs: where it is enabled and its interpreter works, nothing starts any more. */
export function hostsPrograms(entry: FormatEntry, facts: Facts): Finding | null {
  const { host } = facts.snapshot;
  if (facts.hostHeads.some((head) => takes(entry, { head, path: '' }))) {
    return about(entry, {
      id: 'captures-host',
      severity: entry.enabled ? 'error' : 'warning',
      sentence: entry.enabled
        ? `It takes this machine’s own programs (${host.machine}): none of them starts while it is enabled. Unregister it.`
        : `It would take this machine’s own programs (${host.machine}), and none of them would start, were it enabled. Unregister it.`,
      action: unregisterAction(entry.name),
    });
  }
  const own = servicesOf(entry).filter((service) => service.target.family === host.family);
  if (own.length === 0) return null;
  return about(entry, {
    id: 'host-may-run-it',
    severity: 'info',
    sentence: `This machine (${host.machine}) may run programs for ${listed(own.map((one) => one.target.name))} itself; QEMU, which is slower, gets them all the same. Unregister it unless you want that.`,
    action: unregisterAction(entry.name),
  });
}

/** The name says a target, and the magic says something else. */
export function nameAgainstMagic(entry: FormatEntry, facts: Facts): Finding | null {
  const target = targetInName(entry);
  if (target === null || entry.kind !== 'magic') return null;
  const served = servicesOf(entry);
  if (served.some((service) => service.target === target)) return null;
  const action = facts.replacement(entry, target) ?? unregisterAction(entry.name);
  if (served.length > 0) {
    return about(entry, {
      id: 'takes-other-target',
      severity: 'warning',
      sentence: `Its name says ${target.name}, and it takes programs for ${listed(served.map((one) => one.target.name))}. Register ${target.name} anew.`,
      action,
    });
  }
  const cause = hasTypeInWrongOrder(entry.magic)
    ? 'the type in its magic (e_type, bytes 16 and 17) is in the wrong byte order, as in the line that QEMU’s own script publishes for microblaze'
    : 'its magic is not the beginning of any of them';
  return about(entry, {
    id: 'matches-nothing',
    severity: 'warning',
    sentence: `It takes no program for ${target.name}: ${cause}. Register ${target.name} anew.`,
    action,
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
      ? `${own} was being replaced when that was cut off, and this is what took its place. Give it the name ${own} again.`
      : `${own} was being replaced when that was cut off, and this was left behind. Unregister it.`,
    action: isReplaced ? renameTrialAction(entry.name) : unregisterAction(entry.name),
  });
}

/** A big-endian ELF header whose e_type reads 2 (executable) only the other way round. */
function hasTypeInWrongOrder(magic: string): boolean {
  const bytes = bytesOfHex(magic);
  return bytes[5] === 2 && bytes[16] === 2 && bytes[17] === 0;
}

/** Newer enabled entries take the files of this one: the kernel asks the newest first, and starts only one. */
export function shadowing(entry: FormatEntry, { snapshot }: Facts): Finding | null {
  if (!entry.enabled) return null;
  const newer = snapshot.entries.slice(0, snapshot.entries.indexOf(entry)).filter(isEnabled);
  const services = servicesOf(entry);
  const covering = newer.find((one) => alwaysBefore(one, entry));
  const { takenBy, isWhole } =
    covering === undefined
      ? takersOf(services, newer)
      : { takenBy: new Map([[covering.name, []]]), isWhole: true };
  if (takenBy.size === 0) return null;
  if (!isWhole) {
    const parts = [...takenBy].map(([name, targets]) => `${name} takes those for ${listed([...targets])}`);
    return about(entry, {
      id: 'shadowed-in-part',
      severity: 'info',
      sentence: `Some of its programs go to entries registered later: ${listed(parts)}.`,
      // Both are of use, the newer one for its files and this one for the rest: only a person knows what is wanted.
      action: null,
    });
  }
  const files =
    services.length > 0 ? `programs for ${listed(services.map((one) => one.target.name))}` : 'its files';
  return about(entry, {
    id: 'shadowed',
    severity: 'warning',
    sentence: `It is never used: ${listed([...takenBy.keys()])}, registered later, ${takenBy.size > 1 ? 'take' : 'takes'} ${files}. Unregister one of them.`,
    action: unregisterAction(entry.name),
  });
}

/** Which newer entries take what this one is for, each with the targets; and whether that is all of it. */
function takersOf(
  services: readonly Service[],
  newer: readonly Entry[],
): { readonly takenBy: ReadonlyMap<string, readonly string[]>; readonly isWhole: boolean } {
  const takenBy = new Map<string, readonly string[]>();
  let isWhole = services.length > 0;
  for (const { target, heads } of services) {
    for (const head of heads) {
      const taker = newer.find((one) => servicesOf(one).some((service) => service.heads.includes(head)));
      if (taker === undefined) isWhole = false;
      else takenBy.set(taker.name, [...new Set([...(takenBy.get(taker.name) ?? []), target.name])]);
    }
  }
  return { takenBy, isWhole };
}
