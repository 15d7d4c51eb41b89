import { type Entry, isEnabled, printedFlags, registrationOf } from '../entry.ts';
import { formatRegisterLine, type Registration } from '../register-line.ts';

/** An entry as it is to be, whoever says so: a file, or the boot configuration. */
export interface DesiredEntry {
  readonly registration: Registration;
  readonly enabled: boolean;
}

/** What the kernel will make of it (`entry_status()` in fs/binfmt_misc.c). */
export function entryOfDesired({ registration, enabled }: DesiredEntry): Entry {
  const flags = printedFlags(registration.flags);
  const matching =
    registration.kind === 'extension'
      ? `extension .${registration.extension}\n`
      : `offset ${registration.offset}\nmagic ${registration.magic}\n${
          registration.mask === null ? '' : `mask ${registration.mask}\n`
        }`;
  const text = `${enabled ? 'enabled' : 'disabled'}\ninterpreter ${registration.interpreter}\nflags: ${flags}\n${matching}`;
  return { ...registration, flags, enabled, text, unknownLines: [] };
}

/** What of the registered entries can be registered again as it is, and of the rest a sentence each. */
export interface Desired {
  /** In match order. */
  readonly entries: readonly DesiredEntry[];
  readonly notCarried: readonly string[];
}

/** The entries as one would have to wish for them. */
export function desiredOf(entries: readonly Entry[]): Desired {
  const desired: DesiredEntry[] = [];
  const notCarried: string[] = [];
  for (const entry of entries) {
    const one = desiredEntryOf(entry);
    if (typeof one === 'string') notCarried.push(`${entry.name} cannot be registered from a file: ${one}`);
    else desired.push(one);
  }
  return { entries: desired, notCarried };
}

/** The entry as one would have to wish for it, or the end of a sentence saying why that would not give it. */
export function desiredEntryOf(entry: Entry): DesiredEntry | string {
  const registration = registrationOf(entry);
  if (registration === null) {
    return entry.kind === 'bpf'
      ? 'a BPF program matches its files, and only the kernel knows which.'
      : 'what the kernel says of it makes no sense.';
  }
  const unknownFlags = unknownFlagsOf(registration.flags);
  if (unknownFlags !== '') return `this program does not know its flags ${unknownFlags}.`;
  const line = formatRegisterLine(registration);
  if (!line.ok) return `it could not be registered again. ${line.problem}`;
  const desired = { registration, enabled: isEnabled(entry) };
  const isWhole = entryOfDesired(desired).text === entry.text;
  return isWhole ? desired : 'it has properties that only the kernel knows.';
}

/** The letters that no kernel up to now takes for a flag; the newest take T, L and D besides. */
export const unknownFlagsOf = (flags: string): string => flags.replace(/[POCFTLD]/g, '');
