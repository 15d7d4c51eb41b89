import { encodeBytes } from '../binfmt/bytes.ts';
import { shellQuote } from '../elevation/shell-quote.ts';

/** A command as a person types it: words that no shell changes stand as they are, all others are quoted. */
export const commandLine = (words: readonly string[]): string => words.map(quoteIfNeeded).join(' ');

const quoteIfNeeded = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('=') ? word : shellQuote(encodeBytes(word));
