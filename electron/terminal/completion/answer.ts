import { Interpreters } from '../../binfmt/interpreters.ts';
import { SnapshotReader } from '../../binfmt/reader.ts';
import { printable } from '../printable.ts';
import { notRead } from '../system.ts';
import { complete } from './complete.ts';
import { namesIn } from './names.ts';
import { unquoted } from './unquoted.ts';

/**
 * What a shell is told: a line with what is to be completed (words, files, directories), and for words a line each
 * with a tab before the description. `words` are the shell's name and what was typed behind the command's.
 */
export async function answerShell([shell, ...typed]: readonly string[]): Promise<string> {
  // bash and fish hand words over as they were typed, quotes and all.
  const words = shell === 'zsh' ? typed : typed.map(unquoted);
  const completion = await complete(words, async (completes, part) => {
    const reader = new SnapshotReader(new Interpreters(notRead, () => undefined));
    return namesIn(await reader.read())(completes, part);
  });
  const candidates = completion.kind === 'words' ? completion.words : [];
  return [completion.kind, ...candidates.map(lineOf), ''].join('\n');
}

const lineOf = ({ word, description }: { readonly word: string; readonly description: string }): string =>
  `${word}\t${printable(description)}`;
