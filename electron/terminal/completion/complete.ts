import { type OptionDefinition, type OptionName, options } from '../options.ts';
import { type Completes, operandsOf, type Verb } from '../verb.ts';
import { optionsAhead } from '../verb-first.ts';
import { verbs } from '../verbs.ts';

/** What may stand in the place of a word. */
export type Completion =
  | { readonly kind: 'words'; readonly words: readonly Candidate[] }
  /** The shell itself knows best. */
  | { readonly kind: 'files' | 'directories' };

export interface Candidate {
  readonly word: string;
  readonly description: string;
}

/** Names the targets and entries there are for a place, the last part of a list with commas. */
export type NameCandidates = (
  completes: Exclude<Completes, 'files' | readonly string[]>,
  typed: string,
) => Promise<readonly Candidate[]>;

/** What may stand in the place of the last word, which may be empty; `words` begin behind the command's name. */
export async function complete(words: readonly string[], names: NameCandidates): Promise<Completion> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const ahead = optionsAhead(before);
  const first = before[ahead];
  const rest = before.filter((_, index) => index !== ahead);
  if (first === undefined) return ahead > before.length ? nothing : completeVerb(typed);
  const verb = verbs.find(({ name }) => name === first);
  if (verb === undefined) return first === 'help' && rest.length === 0 ? completeVerb(typed) : nothing;
  const value = valueAsked(verb, rest, typed);
  if (value !== null) return value;
  const isBehindDashes = rest.includes('--');
  if (typed.startsWith('-') && !isBehindDashes) return completeOption(verb, rest, typed);
  return completeOperand(verb, operandsIn(verb, rest).length, typed, names);
}

const nothing: Completion = { kind: 'words', words: [] };

function beginningWith(typed: string, candidates: readonly Candidate[]): Completion {
  return { kind: 'words', words: candidates.filter(({ word }) => word.startsWith(typed)) };
}

function completeVerb(typed: string): Completion {
  const all = verbs.map(({ name, summary }) => ({ word: name, description: summary }));
  const others = [
    { word: 'help', description: 'print help' },
    { word: '--help', description: 'print help' },
    { word: '--version', description: 'print the version' },
    { word: '--json', description: options.json.help },
  ];
  return beginningWith(typed, [
    ...all,
    ...others.filter(({ word }) => !word.startsWith('-') || typed !== ''),
  ]);
}

/** The values of the option that waits for one: `-p ⇥`, `--persistent ⇥`, `--persistent=⇥`, in bash three words. */
function valueAsked(verb: Verb, rest: readonly string[], typed: string): Completion | null {
  const [assigned, name] = /^(--[a-z0-9-]+=)/.test(typed)
    ? [typed.slice(0, typed.indexOf('=') + 1), typed.slice(0, typed.indexOf('='))]
    : ['', rest.at(-1) === '=' ? rest.at(-2) : rest.at(-1)];
  const option = verb.options.find((one) => isCalled(one, name ?? ''));
  const { value }: OptionDefinition = option === undefined ? { help: '' } : options[option];
  if (value === undefined) return null;
  if (!('choices' in value)) return value.completes === 'nothing' ? nothing : { kind: value.completes };
  const words = value.choices.map((choice) => ({ word: assigned + choice, description: '' }));
  return typed === '=' ? { kind: 'words', words } : beginningWith(typed, words);
}

const isCalled = (name: OptionName, word: string): boolean => {
  const { short }: OptionDefinition = options[name];
  return word === `--${name}` || (short !== undefined && word === `-${short}`);
};

function completeOption({ options: allowed }: Verb, rest: readonly string[], typed: string): Completion {
  const left = allowed.filter((name) => !rest.some((word) => isCalled(name, word)));
  return beginningWith(typed, [
    ...left.map((name) => ({ word: `--${name}`, description: options[name].help })),
    { word: '--help', description: 'print help' },
  ]);
}

/** The words that are neither options nor their values. */
function operandsIn(verb: Verb, words: readonly string[]): readonly string[] {
  return words.filter((word, index) => {
    const before = words[index - 1];
    const isValue = verb.options.some((name) => 'value' in options[name] && isCalled(name, before ?? ''));
    return !isValue && (!word.startsWith('-') || words.slice(0, index).includes('--'));
  });
}

async function completeOperand(
  verb: Verb,
  already: number,
  typed: string,
  names: NameCandidates,
): Promise<Completion> {
  const all = operandsOf(verb);
  const last = all.at(-1);
  const operands = all[already] ?? (last?.many === true ? last : undefined);
  if (operands === undefined) return nothing;
  const { completes } = operands;
  if (completes === 'files') return { kind: 'files' };
  if (typeof completes !== 'string') {
    return beginningWith(
      typed,
      completes.map((word) => ({ word, description: '' })),
    );
  }
  const listed = /^(?:\\.|[^\\])*(?<!\\),/s.exec(typed)?.[0] ?? '';
  const candidates = await names(completes, typed.slice(listed.length));
  return beginningWith(
    typed,
    candidates.map(({ word, description }) => ({ word: listed + word, description })),
  );
}
