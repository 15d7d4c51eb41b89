import { type Entry, isEnabled, registrationOf } from './entry.ts';
import type { Host } from './host.ts';
import { defaultFlagsFor, type Interpreter, type Interpreters } from './interpreters.ts';
import { takes } from './matcher.ts';
import { formatRegisterLine, type Registration } from './register-line.ts';
import { sampleHeads } from './sample-files.ts';
import type { Row, RowState, Snapshot } from './snapshot.ts';
import { entryNameOf, isQemuEntryName, type Target, targets } from './targets.ts';

/** The rows of both tables for these entries. */
export async function readRows(
  host: Host,
  entries: readonly Entry[],
  interpreters: Interpreters,
): Promise<Pick<Snapshot, 'targets' | 'formats'>> {
  const entriesOf = new Map(targets.map((target) => [target, entriesServing(target, entries)]));
  const serving = new Set([...entriesOf.values()].flat());
  const others = entries.filter((entry) => !serving.has(entry));

  const targetRows = targets.map((target) =>
    rowOfTarget(target, entriesOf.get(target) ?? [], host, interpreters),
  );
  const strangers = others.filter((entry) => isQemuEntryName(entry.name));
  const formats = others.filter((entry) => !isQemuEntryName(entry.name));
  const rowsOf = (list: readonly Entry[]): Promise<Row[]> =>
    Promise.all(list.map((entry) => rowOfEntry(entry, interpreters)));
  return {
    targets: [...(await Promise.all(targetRows)), ...(await rowsOf(strangers))],
    formats: await rowsOf(formats),
  };
}

/** The entries that take programs of the target, in match order, whatever they are called. */
export const entriesServing = (target: Target, entries: readonly Entry[]): readonly Entry[] => {
  const heads = headsOf(target);
  return entries.filter(
    (entry) => entry.kind === 'magic' && heads.some((head) => takes(entry, { head, path: '' })),
  );
};

/** What registers a target with that interpreter, as qemu-binfmt-conf.sh would. */
export const registrationFor = (target: Target, interpreter: string): Registration => ({
  kind: 'magic',
  name: entryNameOf(target),
  offset: 0,
  magic: target.magic,
  mask: target.mask,
  interpreter,
  flags: defaultFlagsFor(interpreter),
});

async function rowOfTarget(
  target: Target,
  entries: readonly Entry[],
  host: Host,
  interpreters: Interpreters,
): Promise<Row> {
  const entry = entries.find(isEnabled) ?? entries[0];
  const installed = await interpreters.bestFor(target);
  const names = { name: target.name, label: target.label, isTarget: true, installed };
  const entryNames = entries.map((one) => one.name);
  if (entry !== undefined) return { ...names, ...(await registered(entry, interpreters)), entryNames };

  const state: RowState =
    target.family === host.family ? 'Native' : installed === null ? 'Not installed' : 'Not registered';
  return {
    ...names,
    state,
    problem: null,
    entryNames,
    entry: null,
    interpreter: installed,
    registerLine: installed === null ? null : lineOf(registrationFor(target, installed.path)),
  };
}

async function rowOfEntry(entry: Entry, interpreters: Interpreters): Promise<Row> {
  return {
    name: entry.name,
    label: labelOf(entry),
    isTarget: false,
    installed: null,
    ...(await registered(entry, interpreters)),
    entryNames: [entry.name],
  };
}

type RegisteredPart = Pick<Row, 'state' | 'problem' | 'entry' | 'interpreter' | 'registerLine'>;

async function registered(entry: Entry, interpreters: Interpreters): Promise<RegisteredPart> {
  const registration = registrationOf(entry);
  const interpreter = registration === null ? null : await interpreters.inspect(registration.interpreter);
  const problem = problemOf(entry, interpreter);
  const state: RowState = problem !== null ? 'Broken' : isEnabled(entry) ? 'Enabled' : 'Disabled';
  return { state, problem, entry, interpreter, registerLine: registration && lineOf(registration) };
}

/** Why the entry cannot work, as a sentence, or null. */
function problemOf(entry: Entry, interpreter: Interpreter | null): string | null {
  if (entry.kind === 'unreadable') return `The kernel's text for it makes no sense: ${entry.reason}`;
  // With F the kernel holds the interpreter open: what became of the file since does not matter.
  if (entry.flags.includes('F') || interpreter === null) return null;
  switch (interpreter.file) {
    case 'missing':
      return `Its interpreter ${interpreter.path} is not there. Install it, or register the target anew.`;
    case 'not-executable':
      return `Its interpreter ${interpreter.path} is not an executable file. Make it one, or register the target anew.`;
    case 'executable':
      return null;
  }
}

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
