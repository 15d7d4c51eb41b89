import { stateOfFile } from '../describe-row.ts';
import { type Entry, isEnabled, printedFlags, registrationOf } from '../entry.ts';
import { bytesOfHex } from '../hex.ts';
import type { Interpreter } from '../interpreters.ts';
import { areRivals, takes } from '../matcher.ts';
import type { MagicRegistration, Registration } from '../register-line.ts';
import { sampleHeads } from '../sample-files.ts';
import type { Target } from '../targets.ts';
import { ruleOfFormat } from './binfmt-support.ts';
import type { BootConfiguration, BootRule, RowBoot } from './boot-configuration.ts';

/** What the next start of the machine finds. */
export interface Outlook {
  readonly boot: BootConfiguration;
  /** What is registered now, in match order. */
  readonly entries: readonly Entry[];
  /** What is at a path, as far as it is known: with `F` the kernel registers nothing where nothing is. */
  readonly interpreterAt: (path: string) => Interpreter | null;
}

/** What the next start of the machine makes of an entry. */
export function bootOfEntry(entry: Entry, outlook: Outlook): RowBoot {
  const { boot } = outlook;
  const isNamed = ({ registration }: BootRule): boolean => registration.name === entry.name;
  const rule = boot.rules.find(isNamed) ?? unreadRules(boot).findLast(isNamed);
  if (rule === undefined) return { kind: 'until-restart' };
  const service = boot.rules.includes(rule);
  const why = service ? obstacleTo(rule, outlook) : null;
  if (why !== null) return { kind: 'refused', rule, why };
  return { kind: 'kept', rule, differs: differencesAtBoot(entry, rule, outlook), service };
}

/** What the next start of the machine makes of a target that has no entry; null where it has none then either. */
export function bootOfTarget(target: Target, outlook: Outlook): RowBoot | null {
  const rules = servingRulesOf(target, outlook.boot);
  const rule = rules.find((one) => obstacleTo(one, outlook) === null);
  if (rule !== undefined) return { kind: 'comes-back', rule };
  const [refused] = rules;
  const why = refused === undefined ? null : obstacleTo(refused, outlook);
  return refused === undefined || why === null ? null : { kind: 'refused', rule: refused, why };
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

function differencesAtBoot(entry: Entry, rule: BootRule, outlook: Outlook): string | null {
  const now = registrationOf(entry);
  const later = rule.registration;
  const sentences = [
    rule.path.startsWith('/run/')
      ? `A restart removes ${rule.path}, unless something writes it again.`
      : null,
    now === null
      ? 'Whether it will be the same cannot be told: only the kernel knows what it is now.'
      : differenceBetween(now, later),
    isEnabled(entry) || entry.kind === 'unreadable' ? null : 'After a restart it will be enabled.',
    ...otherOrder(entry, rule, outlook),
  ].filter((sentence) => sentence !== null);
  return sentences.length === 0 ? null : sentences.join(' ');
}

/** Why the kernel will refuse the rule as things are now, as a sentence; null where it is not known to. */
function obstacleTo(
  { registration: { interpreter: path, flags } }: BootRule,
  { interpreterAt }: Outlook,
): string | null {
  const interpreter = flags.includes('F') ? interpreterAt(path) : null;
  if (interpreter === null) return null;
  const state = stateOfFile(interpreter.file);
  // Root, who registers it, may see what is hidden from others.
  if (state === null || interpreter.file === 'hidden') return null;
  return `It will not come back: its flag F has the kernel open ${path} when it is registered, which ${state}.`;
}

/** The entries that were tried before this one and will be tried after it, or the other way round, in sentences. */
function otherOrder(entry: Entry, rule: BootRule, { boot, entries }: Outlook): readonly string[] {
  const placesThen = placesIn(boot);
  const placeThen = placesThen.get(entry.name);
  if (placeThen === undefined) return [];
  const placeNow = entries.findIndex(({ name }) => name === entry.name);
  const [before, after]: [string[], string[]] = [[], []];
  for (const [index, { name }] of entries.entries()) {
    const place = placesThen.get(name);
    const other = place === undefined ? undefined : boot.rules[place]?.registration;
    if (place === undefined || other === undefined || name === entry.name) continue;
    // What is registered last is tried first.
    const isBefore = place > placeThen;
    if (index < placeNow === isBefore || !areRivals(other, rule.registration)) continue;
    (isBefore ? before : after).push(name);
  }
  return [
    ...(before.length === 0
      ? []
      : [`After a restart ${before.join(', ')} will be tried before it, and can take its files.`]),
    ...(after.length === 0
      ? []
      : [`After a restart it will be tried before ${after.join(', ')}, and can take the same files.`]),
  ];
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

/** What is worked out from a configuration, which stays the same object until something changes. */
const servingRules = new WeakMap<BootConfiguration, Map<Target, readonly BootRule[]>>();
const places = new WeakMap<BootConfiguration, ReadonlyMap<string, number>>();

/** The rules that take programs of the target, the one first that is tried first: what is registered last. */
function servingRulesOf(target: Target, boot: BootConfiguration): readonly BootRule[] {
  const known = servingRules.get(boot) ?? new Map<Target, readonly BootRule[]>();
  servingRules.set(boot, known);
  const rules = known.get(target) ?? findServingRules(target, boot);
  known.set(target, rules);
  return rules;
}

function findServingRules(target: Target, { rules }: BootConfiguration): readonly BootRule[] {
  const heads = sampleHeads(target);
  const serves = ({ registration }: BootRule): boolean =>
    registration.kind === 'magic' && heads.some((head) => takes(registration, { head, path: '' }));
  return rules.filter(serves).reverse();
}

/** The place of each name among the rules. */
function placesIn(boot: BootConfiguration): ReadonlyMap<string, number> {
  const known =
    places.get(boot) ?? new Map(boot.rules.map(({ registration }, place) => [registration.name, place]));
  places.set(boot, known);
  return known;
}
