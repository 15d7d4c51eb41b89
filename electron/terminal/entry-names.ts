import { entriesToSwitch } from '../binfmt/requests.ts';
import { entryNamed, type Snapshot } from '../binfmt/snapshot.ts';
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
  of: EntriesOf = allOf,
  otherNames: readonly string[] = [],
): Promise<NamedEntries> {
  const named = await thingsCalled(words, snapshot, otherNames);
  const absent = [...named.absent];
  const names = new Set<string>();
  for (const thing of named.found) {
    const found = of(thing, snapshot, terminal);
    if (!('sentence' in found)) for (const name of found) names.add(name);
    else if (found.isFine) terminal.say(found.sentence);
    else absent.push(found.sentence);
  }
  return { names: [...names], status: complainOf({ ...named, absent }, terminal) };
}

type EntriesOf = (thing: Thing, snapshot: Snapshot, terminal: Terminal) => readonly string[] | NotFor;

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

/** The entries to switch so that programs of the thing run, or run no more. */
export const toSwitch =
  (on: boolean): EntriesOf =>
  (thing, snapshot, terminal) => {
    const name = nameOf(thing);
    const all = allOf(thing);
    if ('sentence' in all) {
      const advice = on ? ` To register it: ${terminal.lineAsRoot('register', name)}` : '';
      return { isFine: false, sentence: all.sentence + advice };
    }
    const serving = all.flatMap((one) => entryNamed(snapshot, one) ?? []);
    const switched = entriesToSwitch(serving, on);
    if (switched.length > 0) return switched.map((entry) => entry.name);
    return { isFine: true, sentence: `${name} is ${on ? 'enabled' : 'disabled'} already.` };
  };

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
