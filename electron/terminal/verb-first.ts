import { type OptionDefinition, options } from './options.ts';
import { verbs } from './verbs.ts';

/** The words with the verb in front, which may stand behind options. Without one, or with names in its place, it is `list`. */
export async function verbFirst(words: readonly string[]): Promise<readonly string[]> {
  const [first, second] = words;
  if (first === 'help') {
    if (second === undefined) return ['--help'];
    return isVerb(second) ? [second, '--help'] : [second];
  }
  if (['-h', '--help', '-V', '--version'].includes(first ?? '')) return words;
  const ahead = optionsAhead(words);
  const word = words[ahead];
  if (word === undefined || word === '--') return ['list', ...words];
  if (!isVerb(word) && (await namesThings(word))) return ['list', ...words];
  return [word, ...words.slice(0, ahead), ...words.slice(ahead + 1)];
}

const isVerb = (word: string): boolean => verbs.some(({ name }) => name === word);

/** Read only where there is no verb. */
async function namesThings(word: string): Promise<boolean> {
  const [{ readSystemQuickly }, { meansThings }] = await Promise.all([
    import('./system.ts'),
    import('./words.ts'),
  ]);
  return meansThings(word, await readSystemQuickly());
}

/** How many of the words in front are options and their values. */
export function optionsAhead(words: readonly string[]): number {
  let ahead = 0;
  for (;;) {
    const word = words[ahead];
    if (word === undefined || !/^-(?:[^-]|-.)/s.test(word)) return ahead;
    ahead += takesNextWord(word) ? 2 : 1;
  }
}

/** Whether the value of an option is the word behind it, and not a part of it. */
function takesNextWord(word: string): boolean {
  const all: readonly (readonly [string, OptionDefinition])[] = Object.entries(options);
  const withValue = all.filter(([, { value }]) => value !== undefined);
  if (word.startsWith('--')) return withValue.some(([name]) => word === `--${name}`);
  const short = new Set(withValue.map(([, definition]) => definition.short));
  const letters = [...word.slice(1)];
  // Of letters that stand together the first with a value has what is behind it.
  const first = letters.findIndex((letter) => short.has(letter));
  return first >= 0 && first === letters.length - 1;
}
