import { type Entry, isEnabled } from '../entry.ts';
import type { Interpreter } from '../interpreters.ts';
import { alwaysBefore, takes } from '../matcher.ts';
import { defaultRegisterOptions, registrationWith } from '../register-options.ts';
import { nativeHeads, sampleHeads } from '../sample-files.ts';
import type { Snapshot, StartProblem } from '../snapshot.ts';
import { entryNameOf, type Target, targetNamed, targets } from '../targets.ts';
import { type Action, replaceAction } from './action.ts';

/** An entry that names an interpreter. */
export type FormatEntry = Extract<Entry, { kind: 'magic' | 'extension' }>;

export const isFormat = (entry: Entry): entry is FormatEntry =>
  entry.kind === 'magic' || entry.kind === 'extension';

/** What findings are worked out from. */
export type UndiagnosedSnapshot = Omit<Snapshot, 'findings'>;

/** A target of whose programs an entry takes some. */
export interface Service {
  readonly target: Target;
  /** Whether it takes all that an entry of this program's for the target takes. */
  readonly isWhole: boolean;
}

const samples = new Map<string, readonly Uint8Array[]>();
const hosts = new Map<string, readonly Uint8Array[]>();
const services = new WeakMap<Entry, readonly Service[]>();

/** What rules ask of a snapshot, each worked out once. */
export class Facts {
  private readonly interpreters: ReadonlyMap<string, Interpreter>;
  private readonly startProblems: ReadonlyMap<string, StartProblem>;
  private covered: ReadonlyMap<Entry, Entry> | null = null;

  /** `opened-now`: what is asked about is to be registered, and the kernel opens its interpreter then. */
  constructor(
    readonly snapshot: UndiagnosedSnapshot,
    private readonly interpreterIs: 'opened-before' | 'opened-now' = 'opened-before',
  ) {
    this.interpreters = new Map(snapshot.interpreters.map((one) => [one.path, one]));
    this.startProblems = new Map(snapshot.startProblems.map((one) => [one.name, one]));
  }

  /** The enabled entries that are never used, each with a newer one that takes all its files. */
  get neverUsed(): ReadonlyMap<Entry, Entry> {
    this.covered ??= coveredBy(this.snapshot.entries.filter(isEnabled));
    return this.covered;
  }

  /** Whether the kernel runs the file that is at the interpreter's path: with F it runs the one that it opened. */
  runsFileOnDisk(entry: FormatEntry): boolean {
    return this.interpreterIs === 'opened-now' || !entry.flags.includes('F');
  }

  /** What keeps the entry's interpreter from starting, as it is on disk now; null where nothing does. */
  startProblemOf({ name }: Entry): StartProblem | null {
    return this.startProblems.get(name) ?? null;
  }

  /** What is at that path; null when the snapshot does not tell. */
  interpreterAt(path: string): Interpreter | null {
    return this.interpreters.get(path) ?? null;
  }

  /** The beginnings of the host's own programs. */
  get hostHeads(): readonly Uint8Array[] {
    return remembered(hosts, this.snapshot.host.machine, nativeHeads);
  }

  /** The emulator that registering the target would use; null when none is installed. */
  private emulatorFor(target: Target): Interpreter | null {
    return this.snapshot.targets.find((one) => one.isTarget && one.name === target.name)?.installed ?? null;
  }

  /**
   * Registers the entry's target anew in its place; null where that would fail: nothing else may serve the
   * target, no other entry have its name, and an emulator must be there that passes.
   */
  replacement(
    entry: FormatEntry,
    target: Target | null,
    isBetter: (emulator: Interpreter) => boolean = () => true,
  ): Action | null {
    if (target === null || target.family === this.snapshot.host.family) return null;
    const others = this.snapshot.entries.filter((one) => one !== entry);
    if (others.some((one) => one.name === entryNameOf(target) || serves(one, target))) return null;
    const emulator = this.emulatorFor(target);
    return emulator !== null && isBetter(emulator) ? replaceAction(entry.name, target.name) : null;
  }
}

function coveredBy(enabled: readonly Entry[]): ReadonlyMap<Entry, Entry> {
  const covered = new Map<Entry, Entry>();
  for (const [index, entry] of enabled.entries()) {
    const covering = enabled.slice(0, index).find((newer) => alwaysBefore(newer, entry));
    if (covering !== undefined) covered.set(entry, covering);
  }
  return covered;
}

/** The targets whose programs the entry takes, its enabled state aside. */
export function servicesOf(entry: Entry): readonly Service[] {
  const known = services.get(entry);
  if (known !== undefined) return known;
  const found: Service[] = [];
  for (const target of entry.kind === 'magic' ? targets : []) {
    const heads = remembered(samples, target.name, () => sampleHeads(target));
    if (!heads.some((head) => takes(entry, { head, path: '' }))) continue;
    found.push({
      target,
      isWhole: alwaysBefore(entry, registrationWith(target, '/', defaultRegisterOptions)),
    });
  }
  services.set(entry, found);
  return found;
}

const serves = (entry: Entry, target: Target): boolean =>
  servicesOf(entry).some((service) => service.target === target);

/** The target that the entry's name says: `qemu-TARGET`. */
export const targetInName = (entry: Entry): Target | null =>
  (entry.name.startsWith('qemu-') ? targetNamed(entry.name.slice('qemu-'.length)) : undefined) ?? null;

/** The one target an entry is for, by what it takes, or else by its name; null when there is none or several. */
export function soleTargetOf(entry: Entry): Target | null {
  const served = servicesOf(entry);
  return served.length === 0 ? targetInName(entry) : served.length === 1 ? (served[0]?.target ?? null) : null;
}

/** `a`, `a and b`, `a, b and c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

function remembered<Value>(store: Map<string, Value>, key: string, compute: (key: string) => Value): Value {
  const value = store.get(key) ?? compute(key);
  store.set(key, value);
  return value;
}
