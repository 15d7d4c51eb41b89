import type { Entry } from '../entry.ts';
import type { Interpreter } from '../interpreters.ts';
import { takes } from '../matcher.ts';
import { nativeHeads, sampleHeads } from '../sample-files.ts';
import type { Snapshot } from '../snapshot.ts';
import { entryNameOf, type Target, targetNamed, targets } from '../targets.ts';
import { type Action, replaceAction } from './action.ts';

/** An entry that names an interpreter. */
export type FormatEntry = Extract<Entry, { kind: 'magic' | 'extension' }>;

/** What findings are worked out from. */
export type UndiagnosedSnapshot = Omit<Snapshot, 'findings'>;

/** The beginnings of programs of one target that an entry takes. */
export interface Service {
  readonly target: Target;
  readonly heads: readonly Uint8Array[];
  /** Whether these are all the samples there are of the target. */
  readonly isWhole: boolean;
}

const samples = new Map<string, readonly Uint8Array[]>();
const hosts = new Map<string, readonly Uint8Array[]>();
const services = new WeakMap<Entry, readonly Service[]>();

/** What rules ask of a snapshot, each worked out once. */
export class Facts {
  private readonly interpreters: ReadonlyMap<string, Interpreter>;

  constructor(readonly snapshot: UndiagnosedSnapshot) {
    this.interpreters = new Map(snapshot.interpreters.map((one) => [one.path, one]));
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

/** The targets whose programs the entry takes, its enabled state aside. */
export function servicesOf(entry: Entry): readonly Service[] {
  const known = services.get(entry);
  if (known !== undefined) return known;
  const found: Service[] = [];
  for (const target of entry.kind === 'magic' ? targets : []) {
    const all = remembered(samples, target.name, () => sampleHeads(target));
    const heads = all.filter((head) => takes(entry, { head, path: '' }));
    if (heads.length > 0) found.push({ target, heads, isWhole: heads.length === all.length });
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
