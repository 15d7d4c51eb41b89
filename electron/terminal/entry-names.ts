import { isEnabled } from '../binfmt/entry.ts';
import { entryNamed, type Snapshot } from '../binfmt/snapshot.ts';
import { commandLine } from './command-line.ts';
import { complainOf } from './selection.ts';
import type { Terminal } from './terminal.ts';
import type { ExitStatus } from './verb.ts';
import { nameOf, type Thing, thingsCalled } from './words.ts';

/** The entries that words name, and what is to become of them. */
export interface NamedEntries {
  readonly names: readonly string[];
  /** What there was to complain of has been said. */
  readonly status: ExitStatus;
}

/** The entries that words name; `of` says which entries a thing stands for, or why none. */
export async function entriesCalled(
  words: readonly string[],
  snapshot: Snapshot,
  terminal: Terminal,
  of: (thing: Thing, snapshot: Snapshot) => readonly string[] | NotFor = allOf,
  otherNames: readonly string[] = [],
): Promise<NamedEntries> {
  const named = await thingsCalled(words, snapshot, otherNames);
  const absent = [...named.absent];
  const names = new Set<string>();
  for (const thing of named.found) {
    const found = of(thing, snapshot);
    if (!('sentence' in found)) for (const name of found) names.add(name);
    else if (found.isFine) terminal.say(found.sentence);
    else absent.push(found.sentence);
  }
  return { names: [...names], status: complainOf({ ...named, absent }, terminal) };
}

/** Why a thing stands for no entry; fine where it is already as wished. */
export interface NotFor {
  readonly isFine: boolean;
  readonly sentence: string;
}

/** All entries that serve a target. */
export function allOf(thing: Thing): readonly string[] | NotFor {
  if (thing.kind === 'entry') return [thing.name];
  const { entryNames, name } = thing.row;
  return entryNames.length > 0 ? entryNames : { isFine: false, sentence: `${name} is not registered.` };
}

/** The entries to enable so that programs of the thing run: of several for a target the first is enough. */
export function toEnable(thing: Thing, snapshot: Snapshot): readonly string[] | NotFor {
  const all = allOf(thing);
  if ('sentence' in all) {
    const command = commandLine(['qemu-binfmt', 'register', nameOf(thing)]);
    return { isFine: false, sentence: `${all.sentence} To register it: ${command}` };
  }
  return all.some((name) => isOn(name, snapshot))
    ? { isFine: true, sentence: `${nameOf(thing)} is enabled already.` }
    : all.slice(0, 1);
}

/** The entries to disable so that programs of the thing run no more. */
export function toDisable(thing: Thing, snapshot: Snapshot): readonly string[] | NotFor {
  const all = allOf(thing);
  if ('sentence' in all) return all;
  const enabled = all.filter((name) => isOn(name, snapshot));
  return enabled.length > 0 ? enabled : { isFine: true, sentence: `${nameOf(thing)} is disabled already.` };
}

/** The entry of a thing that is to come back at boot: of several for a target the one that is used. */
export function toKeep(thing: Thing): readonly string[] | NotFor {
  if (thing.kind === 'entry') return [thing.name];
  const { entry, name } = thing.row;
  return entry === null ? { isFine: false, sentence: `${name} is not registered.` } : [entry.name];
}

/** The entries of a thing that come back at boot, also one that is not registered now. */
export function toForget(thing: Thing): readonly string[] | NotFor {
  if (thing.kind === 'entry') return [thing.name];
  const { boot, name } = thing.row;
  if (boot !== null && boot.kind !== 'until-restart') return [boot.rule.registration.name];
  return { isFine: true, sentence: `Nothing brings ${name} back at boot.` };
}

function isOn(name: string, snapshot: Snapshot): boolean {
  const entry = entryNamed(snapshot, name);
  return entry !== undefined && isEnabled(entry);
}
