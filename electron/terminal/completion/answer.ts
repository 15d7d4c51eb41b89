import { printable } from '../printable.ts';
import { readSystemQuickly } from '../system.ts';
import { complete } from './complete.ts';
import { namesIn } from './names.ts';
import { unquoted } from './unquoted.ts';

/**
 * What a shell is told: a line with what is to be completed (words, files, directories), and for words a line each
 * with a tab before the description. The words are the shell's name, for bash what it takes for the word to complete,
 * and what was typed behind the command's.
 */
export async function answerShell([shell, ...rest]: readonly string[]): Promise<string> {
  if (shell !== 'bash') {
    // fish hands words over as they were typed, quotes and all.
    return answer(shell === 'zsh' ? rest : rest.map(unquoted), '');
  }
  const [current = '', ...typed] = rest;
  // bash replaces what stands behind the last of the characters that it breaks words at.
  const last = typed.at(-1) ?? '';
  const stays = /^[:=@]+$/.test(current) ? last : last.slice(0, last.length - current.length);
  return answer(typed.map(unquoted), unquoted(stays));
}

/** The answer for these words; of each candidate it leaves out what stays as it is. */
async function answer(words: readonly string[], stays: string): Promise<string> {
  const completion = await complete(words, async (completes, part) =>
    namesIn(await readSystemQuickly())(completes, part),
  );
  const candidates = completion.kind === 'words' ? completion.words : [];
  const lines = candidates.map(({ word, description }) => {
    const offered = word.startsWith(stays) ? word.slice(stays.length) : word;
    return `${offered}\t${printable(description)}`;
  });
  return [completion.kind, ...lines, ''].join('\n');
}
