import { failure, type Result, success } from '../binfmt/result.ts';

/** Larger ones do not fit into eleven octal digits of a tar header. */
const LATEST = 0o77777777777;

/**
 * The time that a build gives to everything it makes, in seconds since 1970; null when none is set. The
 * convention is https://reproducible-builds.org/specs/source-date-epoch/. A problem is a sentence.
 */
export function readSourceDateEpoch(env: NodeJS.ProcessEnv): Result<number | null, string> {
  const text = env.SOURCE_DATE_EPOCH;
  if (text === undefined || text === '') return success(null);
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= LATEST) return success(seconds);
  return failure(
    `SOURCE_DATE_EPOCH is “${text}”; it must be a number of seconds since 1970. Unset it or correct it.`,
  );
}
