import type { BootConfiguration, RowBoot } from './boot/boot-configuration.ts';
import { bootOfEntry, bootOfTarget, type Outlook } from './boot/row-boot.ts';
import { type Entry, isEnabled, printedFlags, registrationOf } from './entry.ts';
import type { Host } from './host.ts';
import type { Interpreters } from './interpreters.ts';
import { takes } from './matcher.ts';
import { formatRegisterLine, type Registration } from './register-line.ts';
import { defaultRegisterOptions, registrationWith } from './register-options.ts';
import { sampleHeads } from './sample-files.ts';
import type { Row, RowState, Snapshot } from './snapshot.ts';
import { isQemuEntryName, type Target, targets } from './targets.ts';

/** The rows of both tables for these entries. */
export async function readRows(
  host: Host,
  entries: readonly Entry[],
  interpreters: Interpreters,
  boot: BootConfiguration,
): Promise<Pick<Snapshot, 'targets' | 'formats'>> {
  const outlook = outlookOn(boot, entries, interpreters);
  const entriesOf = new Map(targets.map((target) => [target, entriesServing(target, entries)]));
  const serving = new Set([...entriesOf.values()].flat());
  const others = entries.filter((entry) => !serving.has(entry));

  const targetRows = targets.map((target) =>
    rowOfTarget(target, entriesOf.get(target) ?? [], host, interpreters, outlook),
  );
  const strangers = others.filter((entry) => isQemuEntryName(entry.name));
  const formats = others.filter((entry) => !isQemuEntryName(entry.name));
  const rowsOf = (list: readonly Entry[]): Promise<Row[]> =>
    Promise.all(list.map((entry) => rowOfEntry(entry, interpreters, outlook)));
  return {
    targets: [...(await Promise.all(targetRows)), ...(await rowsOf(strangers))],
    formats: await rowsOf(formats),
  };
}

/** With what is known of the programs that the kernel opens as soon as it registers an entry. */
async function outlookOn(
  boot: BootConfiguration,
  entries: readonly Entry[],
  interpreters: Interpreters,
): Promise<Outlook> {
  const paths = boot.rules
    .filter(({ registration }) => registration.flags.includes('F'))
    .map(({ registration }) => registration.interpreter);
  const opened = await Promise.all([...new Set(paths)].map((path) => interpreters.inspect(path)));
  const known = new Map(opened.map((interpreter) => [interpreter.path, interpreter]));
  return { boot, entries, interpreterAt: (path) => known.get(path) ?? null };
}

/** The entries that take programs of the target, in match order, whatever they are called. */
export const entriesServing = (target: Target, entries: readonly Entry[]): readonly Entry[] => {
  const heads = headsOf(target);
  return entries.filter(
    (entry) => entry.kind === 'magic' && heads.some((head) => takes(entry, { head, path: '' })),
  );
};

async function rowOfTarget(
  target: Target,
  entries: readonly Entry[],
  host: Host,
  interpreters: Interpreters,
  outlook: Promise<Outlook>,
): Promise<Row> {
  const entry = entries.find(isEnabled) ?? entries[0];
  const installed = await interpreters.bestFor(target);
  const names = { name: target.name, label: target.label, isTarget: true, installed };
  const entryNames = entries.map((one) => one.name);
  if (entry !== undefined) {
    return { ...names, ...(await registered(entry, interpreters, outlook)), entryNames };
  }

  const state: RowState =
    target.family === host.family ? 'Native' : installed === null ? 'Not installed' : 'Not registered';
  return {
    ...names,
    state,
    entryNames,
    entry: null,
    interpreter: installed,
    registerLine:
      installed === null ? null : lineOf(registrationWith(target, installed.path, defaultRegisterOptions)),
    ...atBoot(bootOfTarget(target, await outlook)),
  };
}

async function rowOfEntry(entry: Entry, interpreters: Interpreters, outlook: Promise<Outlook>): Promise<Row> {
  return {
    name: entry.name,
    label: labelOf(entry),
    isTarget: false,
    installed: null,
    ...(await registered(entry, interpreters, outlook)),
    entryNames: [entry.name],
  };
}

type BootPart = Pick<Row, 'boot' | 'bootLine'>;
type RegisteredPart = Pick<Row, 'state' | 'entry' | 'interpreter' | 'registerLine'> & BootPart;

async function registered(
  entry: Entry,
  interpreters: Interpreters,
  outlook: Promise<Outlook>,
): Promise<RegisteredPart> {
  const registration = registrationOf(entry);
  const interpreter = registration === null ? null : await interpreters.inspect(registration.interpreter);
  // Whether it is Broken the diagnosis says.
  const state: RowState = isEnabled(entry) ? 'Enabled' : 'Disabled';
  const registerLine = registration && lineOf(registration);
  return { state, entry, interpreter, registerLine, ...atBoot(bootOfEntry(entry, await outlook)) };
}

const atBoot = (boot: RowBoot | null): BootPart => ({
  boot,
  bootLine:
    boot?.kind === 'kept' || boot?.kind === 'comes-back' ? lineOf(asPrinted(boot.rule.registration)) : null,
});

function labelOf(entry: Entry): string {
  switch (entry.kind) {
    case 'magic':
      return `magic ${(entry.magic.slice(0, 16).match(/../g) ?? []).join(' ')}${entry.magic.length > 16 ? ' …' : ''}`;
    case 'extension':
      return `extension .${entry.extension}`;
    case 'bpf':
      return 'matched by a BPF program';
    case 'unreadable':
      return 'unreadable';
  }
}

/** As it would be read back from the kernel. */
const asPrinted = (registration: Registration): Registration => ({
  ...registration,
  flags: printedFlags(registration.flags),
});

const lineOf = (registration: Registration): string | null => {
  const line = formatRegisterLine(registration);
  return line.ok ? line.value : null;
};

const heads = new Map<Target, readonly Uint8Array[]>();

function headsOf(target: Target): readonly Uint8Array[] {
  const known = heads.get(target) ?? sampleHeads(target);
  heads.set(target, known);
  return known;
}
