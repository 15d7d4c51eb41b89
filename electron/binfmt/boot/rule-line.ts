import { decodeBytes, encodeBytes } from '../bytes.ts';
import { parseRegisterLine, type Registration, registrationLimits } from '../register-line.ts';
import { failure, type Result } from '../result.ts';

/**
 * What the kernel makes of a line that a boot service writes, with the line break that each of them adds to it, be
 * its separator a byte of a longer character. A problem is a sentence.
 */
export function readRuleLine(line: string): Result<Registration, string> {
  const { shortestLine, longestLine } = registrationLimits;
  // A character has a byte at least: very long ones need not be encoded to know.
  const length = (line.length > longestLine ? line.length : encodeBytes(line).length) + '\n'.length;
  if (length < shortestLine) return failure('The line is too short for a register line.');
  if (length > longestLine) {
    return failure(`The line is too long: with its line break the kernel takes ${longestLine} bytes.`);
  }
  const usual = withUsualSeparator(line);
  return usual === null
    ? failure('The line begins with a byte that is no character of its own.')
    : parseRegisterLine(usual);
}

/** The name in a line, however long that is: of one that no file can have, a part. */
export const nameInRuleLine = (line: string): string =>
  splitRuleLine(line.slice(0, 4 * registrationLimits.longestName))[0] ?? '';

/** The fields of a line, a string of bytes each: the byte it begins with separates them, whatever character it is of. */
function splitRuleLine(line: string): readonly string[] {
  const bytes = encodeBytes(line).toString('latin1');
  const fields = bytes.slice(1).split(bytes.charAt(0));
  return fields.map((field) => decodeBytes(Buffer.from(field, 'latin1')));
}

/** The same fields between single characters; null where every candidate is taken. */
function withUsualSeparator(line: string): string | null {
  if ((encodeBytes(line)[0] ?? 0) < 0x80) return line;
  const separator = [...':|,!%&*+=@^~'].find((candidate) => !line.includes(candidate));
  return separator === undefined ? null : ['', ...splitRuleLine(line)].join(separator);
}
