import { stateOfFile } from '../describe-row.ts';
import { type Entry, isEnabled, printedFlags, registrationOf } from '../entry.ts';
import { bytesOfHex } from '../hex.ts';
import type { Interpreter } from '../interpreters.ts';
import { takes } from '../matcher.ts';
import type { MagicRegistration, Registration } from '../register-line.ts';
import { sampleHeads } from '../sample-files.ts';
import type { Target } from '../targets.ts';
import { ruleOfFormat } from './binfmt-support.ts';
import type { BootConfiguration, BootRule, RowBoot } from './boot-configuration.ts';

/**
 * What the next start of the machine makes of an entry. `interpreter` is what is known of the program that the
 * entry names: with `F` the kernel registers nothing where it is missing.
 */
export function bootOfEntry(
  entry: Entry,
  boot: BootConfiguration,
  interpreter: Interpreter | null = null,
): RowBoot {
  const isNamed = ({ registration }: BootRule): boolean => registration.name === entry.name;
  const rule = boot.rules.find(isNamed) ?? unreadRules(boot).findLast(isNamed);
  if (rule === undefined) return { kind: 'until-restart' };
  return {
    kind: 'kept',
    rule,
    differs: differencesAtBoot(entry, rule, interpreter),
    service: boot.rules.includes(rule),
  };
}

/** What the next start of the machine makes of a target that has no entry; null where it has none then either. */
export function bootOfTarget(target: Target, boot: BootConfiguration): RowBoot | null {
  const known = servingRules.get(boot) ?? new Map<Target, BootRule | null>();
  servingRules.set(boot, known);
  const rule = known.has(target) ? (known.get(target) ?? null) : findServingRule(target, boot);
  known.set(target, rule);
  return rule === null ? null : { kind: 'comes-back', rule };
}

/** What will be different about an entry, as sentences; null where nothing will. */
export function differenceBetween(now: Registration, later: Registration): string | null {
  const differences: string[] = [];
  if (now.interpreter !== later.interpreter) differences.push(`its interpreter will be ${later.interpreter}`);
  const flags = printedFlags(later.flags);
  if (printedFlags(now.flags) !== flags) {
    differences.push(flags === '' ? 'it will have no flags' : `its flags will be ${flags}`);
  }
  if (!takeTheSame(now, later)) {
    differences.push(
      later.kind === 'extension'
        ? `it will take files that end in .${later.extension}`
        : 'its magic or mask will be another',
    );
  }
  return differences.length === 0 ? null : `After a restart ${differences.join(', and ')}.`;
}

/** The rules of files that would count if there was a service that read them. */
function unreadRules({ services, files, formats }: BootConfiguration): readonly BootRule[] {
  const readsFiles = services.includes('systemd-binfmt') || services.includes('openrc');
  const inFiles = files.filter(({ state }) => state === 'used').flatMap(({ rules }) => rules);
  const inDatabase = formats.filter(({ origin }) => origin === 'database').flatMap(ruleOfFormat);
  return [...(services.includes('binfmt-support') ? [] : inDatabase), ...(readsFiles ? [] : inFiles)];
}

function differencesAtBoot(entry: Entry, rule: BootRule, interpreter: Interpreter | null): string | null {
  const now = registrationOf(entry);
  const later = rule.registration;
  const sentences = [
    obstacleTo(later, interpreter),
    rule.path.startsWith('/run/')
      ? `A restart removes ${rule.path}, unless something writes it again.`
      : null,
    now === null
      ? 'Whether it will be the same cannot be told: only the kernel knows what it is now.'
      : differenceBetween(now, later),
    isEnabled(entry) || entry.kind === 'unreadable' ? null : 'After a restart it will be enabled.',
  ].filter((sentence) => sentence !== null);
  return sentences.length === 0 ? null : sentences.join(' ');
}

/** Why the kernel will refuse the rule as things are now, as a sentence; null where it is not known to. */
function obstacleTo(
  { interpreter: path, flags }: Registration,
  interpreter: Interpreter | null,
): string | null {
  if (!flags.includes('F') || interpreter?.path !== path) return null;
  const state = stateOfFile(interpreter.file);
  // Root, who registers it, may see what is hidden from others.
  if (state === null || interpreter.file === 'hidden') return null;
  return `It will not come back: its flag F has the kernel open ${path} when it is registered, which ${state}.`;
}

/** Whether both take the same files: bits that a mask leaves out do not count. */
function takeTheSame(one: Registration, other: Registration): boolean {
  if (one.kind === 'extension' || other.kind === 'extension') {
    return one.kind === 'extension' && other.kind === 'extension' && one.extension === other.extension;
  }
  return bitsThatCount(one).equals(bitsThatCount(other));
}

/** For each position in a file its mask, and the bits it must have there. */
function bitsThatCount({ offset, magic, mask }: MagicRegistration): Buffer {
  const masks = mask === null ? null : bytesOfHex(mask);
  const bits = Buffer.alloc(2 * (offset + magic.length / 2));
  for (const [index, byte] of bytesOfHex(magic).entries()) {
    const counting = masks === null ? 0xff : (masks[index] ?? 0);
    bits[2 * (offset + index)] = counting;
    bits[2 * (offset + index) + 1] = byte & counting;
  }
  let end = bits.length;
  while (end > 0 && bits[end - 1] === 0 && bits[end - 2] === 0) end -= 2;
  return bits.subarray(0, end);
}

/** A configuration stays the same object until something changes, and every snapshot asks for every target. */
const servingRules = new WeakMap<BootConfiguration, Map<Target, BootRule | null>>();

/** The rule that takes programs of the target first: what is registered last comes first. */
function findServingRule(target: Target, { rules }: BootConfiguration): BootRule | null {
  const heads = sampleHeads(target);
  const serves = ({ registration }: BootRule): boolean =>
    registration.kind === 'magic' && heads.some((head) => takes(registration, { head, path: '' }));
  return rules.findLast(serves) ?? null;
}
