/**
 * The one way in which data becomes part of a shell script: a single word of bash that stands for exactly these
 * bytes. Printable ASCII goes into single quotes, where nothing is special; everything else into `$'…'` with
 * each special byte as `\xHH`, so that the script is plain ASCII on one line whatever the data holds.
 * Throws a RangeError on NUL, which no shell word can hold.
 */
export function shellQuote(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  if (text.includes('\0')) throw new RangeError('A shell word cannot hold a NUL byte.');
  if (/^[ -~]*$/.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text.replace(
    /[^ -~]|['\\]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `$'${escaped}'`;
}
