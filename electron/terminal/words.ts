import leven from 'leven';
import { problemOfName } from '../binfmt/register-line.ts';
import { type Row, resettableEntries, type Snapshot } from '../binfmt/snapshot.ts';
import { allTargetNames, targetCalled } from '../binfmt/target-names.ts';
import { entryNameOf, type Target, targets } from '../binfmt/targets.ts';

/** What a word on the command line names. */
export type Thing =
  | { readonly kind: 'target'; readonly target: Target; readonly row: Row }
  | { readonly kind: 'entry'; readonly name: string };

/** What words name, and a sentence for each that names nothing: nothing that is there now, or nothing at all. */
export interface Named<One> {
  readonly found: readonly One[];
  readonly absent: readonly string[];
  readonly unknown: readonly string[];
}

export interface NamedTargets extends Named<Target> {
  /** Whether one of the words is `all`; which these are depends on what is to be done. */
  readonly isAll: boolean;
}

/** The word for everything. */
export const ALL = 'all';

/** The targets of these words: names of QEMU, Docker or Debian, also several with commas between them. */
export function targetsCalled(words: readonly string[]): NamedTargets {
  const found = new Set<Target>();
  const { names, empty } = split(words);
  const unknown = empty.map(namesNothing);
  for (const name of names.filter((one) => one !== ALL)) {
    const target = targetCalled(name);
    if (target === undefined) unknown.push(notATarget(name));
    else found.add(target);
  }
  return { found: [...found], isAll: names.includes(ALL), absent: [], unknown };
}

/**
 * The targets and entries of these words. A word is a target's name, an entry's, a pattern of entries' names as
 * a shell has them (`qemu-*`), or `all` for QEMU's entries; a backslash makes the character behind it mean itself.
 * `otherNames` are names of entries that are not registered and meant as well.
 */
export async function thingsCalled(
  words: readonly string[],
  snapshot: Snapshot,
  otherNames: readonly string[] = [],
): Promise<Named<Thing>> {
  const found = new Map<string, Thing>();
  const { names, empty } = split(words);
  const absent: string[] = [];
  const unknown = empty.map(namesNothing);
  for (const name of names) {
    const things = await thingsOf(name, snapshot, otherNames);
    for (const thing of things) found.set(`${thing.kind} ${nameOf(thing)}`, thing);
    if (things.length > 0) continue;
    if (name === ALL) absent.push('Nothing is registered for QEMU.');
    else if (isPattern(name)) absent.push(`No entry matches “${name}”.`);
    else if (isUsualName(name)) absent.push(`${name} is not registered.`);
    else {
      const plain = unescaped(name);
      (problemOfName(plain) === null ? absent : unknown).push(notAThing(plain, snapshot));
    }
  }
  return { found: [...found.values()], absent, unknown };
}

/** Whether a word is for targets and entries, be they there or not, and no mistake. */
export async function meansThings(word: string, snapshot: Snapshot): Promise<boolean> {
  const { names } = split([word]);
  const isMeant = async (name: string): Promise<boolean> =>
    name === ALL || isPattern(name) || isUsualName(name) || (await thingsOf(name, snapshot, [])).length > 0;
  return names.length > 0 && (await Promise.all(names.map(isMeant))).every(Boolean);
}

export const nameOf = (thing: Thing): string => (thing.kind === 'target' ? thing.target.name : thing.name);

/** The rows that tell of a thing. */
export function rowsOf(thing: Thing, { targets: targetRows, formats }: Snapshot): readonly Row[] {
  if (thing.kind === 'target') return [thing.row];
  const all = [...targetRows, ...formats].filter((row) => row.entryNames.includes(thing.name));
  const used = all.filter((row) => row.entry?.name === thing.name);
  return used.length > 0 ? used : all;
}

/** The word that names this entry and nothing else. */
export function wordForEntry(name: string): string {
  const escaped = name.replace(/[\\,*?[]/g, '\\$&');
  return escaped === ALL || targetCalled(escaped) !== undefined ? `\\${escaped}` : escaped;
}

async function thingsOf(
  word: string,
  snapshot: Snapshot,
  otherNames: readonly string[],
): Promise<readonly Thing[]> {
  if (word === ALL) return resettableEntries(snapshot).map((name) => ({ kind: 'entry', name }));
  const target = targetCalled(word);
  const row = snapshot.targets.find((one) => one.isTarget && one.name === target?.name);
  if (target !== undefined && row !== undefined) return [{ kind: 'target', target, row }];
  const names = [...new Set([...snapshot.entries.map((entry) => entry.name), ...otherNames])];
  if (isPattern(word)) {
    const matches = await matcherOf(word);
    return names.filter(matches).map((name) => ({ kind: 'entry', name }));
  }
  const name = [unescaped(word), word].find((one) => names.includes(one));
  return name === undefined ? [] : [{ kind: 'entry', name }];
}

/** Loaded only where there is a pattern. */
async function matcherOf(pattern: string): Promise<(name: string) => boolean> {
  const { Minimatch } = await import('minimatch');
  const plain = { dot: true, nobrace: true, nocomment: true, noext: true, noglobstar: true, nonegate: true };
  const compiled = new Minimatch(pattern, plain);
  return (name) => compiled.match(name);
}

/** What stands in words between commas, and the words in which nothing does. */
function split(words: readonly string[]): {
  readonly names: readonly string[];
  readonly empty: readonly string[];
} {
  const namesIn = (word: string): readonly string[] => word.match(/(?:\\.?|[^,\\])+/gs) ?? [];
  return { names: words.flatMap(namesIn), empty: words.filter((word) => namesIn(word).length === 0) };
}

const namesNothing = (word: string): string => `“${word}” names nothing.`;

const isPattern = (word: string): boolean => /[*?[]/.test(word.replace(/\\./gs, ''));
const unescaped = (word: string): string => word.replace(/\\(.)/gs, '$1');

/** Whether that is what tools call a target's entry. */
const isUsualName = (word: string): boolean => targets.some((target) => entryNameOf(target) === word);

const notATarget = (word: string): string =>
  `“${word}” is none of QEMU’s targets.${suggestion(word, allTargetNames)}`;

const notAThing = (word: string, { entries }: Snapshot): string =>
  `“${word}” is neither a target nor a registered entry.${suggestion(word, [
    ...allTargetNames,
    ...entries.map((entry) => entry.name),
  ])}`;

/** The names most like it, where most of the letters are right. */
function suggestion(word: string, names: readonly string[]): string {
  const asked = word.toLowerCase();
  const maxDistance = Math.max(1, Math.floor(word.length / 3));
  const distances = new Map(
    names.map((name) => [name, leven(asked, name, { maxDistance: maxDistance + 1 })]),
  );
  const least = Math.min(...distances.values());
  if (least > maxDistance) return ' The verb “list” shows them all.';
  const nearest = [...distances].filter(([, distance]) => distance === least).map(([name]) => name);
  return ` Did you mean ${nearest.slice(0, MOST_SUGGESTIONS).join(' or ')}?`;
}

const MOST_SUGGESTIONS = 3;
