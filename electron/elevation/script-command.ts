import { gzipSync } from 'node:zlib';

/** What one argument of a command can hold (MAX_ARG_STRLEN, 128 KiB), less what sudo-prompt puts in front. */
export const LONGEST_ARGUMENT = 130_000;

/** What `bash -c` is given to execute a script: the script itself, or packed where that would be too long. */
export const commandOf = (script: string): string =>
  script.length <= LONGEST_ARGUMENT ? script : packedCommandOf(script);

/**
 * The same, packed in any case: letters, digits, `+`, `/` and `=` have no meaning to any shell on the way. Scripts
 * repeat themselves: of one for hundreds of entries a tenth is left.
 */
export function packedCommandOf(script: string): string {
  const packed = gzipSync(Buffer.from(script, 'ascii'), { level: 9 }).toString('base64');
  return `echo ${packed} | /usr/bin/base64 --decode | /bin/gzip -d | /bin/bash`;
}

/** Whether a script would not even fit packed, whichever way root is had: that takes thousands of entries. */
export const isTooLong = (script: string): boolean => packedCommandOf(script).length > LONGEST_ARGUMENT;
