import { exit } from 'node:process';

/** Something a person can mend: its message is a sentence that says what happened and what to do. */
export class Problem extends Error {}

/** This machine cannot do it, whatever the program does: tests that need it are skipped. */
export class NotPossibleHere extends Problem {}

/** What to do about the errors of the operating system that set-up meets most. */
const advice = new Map([
  ['ENOSPC', 'Free some space on that disk and start again.'],
  [
    'EACCES',
    'Give this user that right; in place of the cache directory another can be named in XDG_CACHE_HOME.',
  ],
  [
    'EROFS',
    'That disk is read-only; in place of the cache directory another can be named in XDG_CACHE_HOME.',
  ],
]);

/**
 * Runs a command's main function: its number becomes the exit status, a problem one sentence on stderr.
 *
 * @param {() => Promise<number>} main
 */
export async function runMain(main) {
  try {
    exit(await main());
  } catch (error) {
    console.error(explain(error));
    exit(1);
  }
}

/**
 * The text to show for an error: a sentence for what was foreseen, the stack for what was not.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function explain(error) {
  if (error instanceof Problem) return error.message;
  if (!(error instanceof Error)) return String(error);
  const hint = 'code' in error && typeof error.code === 'string' ? advice.get(error.code) : undefined;
  return hint ? `${error.message}. ${hint}` : (error.stack ?? error.message);
}
