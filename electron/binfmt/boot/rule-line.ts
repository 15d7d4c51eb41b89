import { decodeBytes, encodeBytes } from '../bytes.ts';
import { parseRegisterLine, type Registration, registrationLimits } from '../register-line.ts';
import { failure, type Result, success } from '../result.ts';

/**
 * What the kernel makes of a line that a boot service writes, with the line break that each of them adds to it.
 * Unlike {@link parseRegisterLine} it lets a relative interpreter pass: the kernel does. A problem is a sentence.
 */
export function readRuleLine(line: string): Result<Registration, string> {
  const { shortestLine, longestLine } = registrationLimits;
  const length = encodeBytes(line).length + '\n'.length;
  if (length < shortestLine) return failure('The line is too short for a register line.');
  if (length > longestLine) {
    return failure(`The line has ${length - 1} bytes; with its line break the kernel takes ${longestLine}.`);
  }
  const usual = withUsualSeparator(line);
  if (usual === null) return failure('The line begins with a byte that is no character of its own.');
  const parsed = parseRegisterLine(usual);
  if (parsed.ok) return parsed;

  const fields = usual.slice(1).split(usual.charAt(0));
  const interpreter = fields[INTERPRETER] ?? '';
  if (interpreter === '' || interpreter.startsWith('/')) return parsed;
  fields[INTERPRETER] = `/${interpreter}`;
  const absolute = parseRegisterLine(['', ...fields].join(usual.charAt(0)));
  return absolute.ok ? success({ ...absolute.value, interpreter }) : absolute;
}

/** The fields of a line, a string of bytes each: the byte it begins with separates them, whatever character it is of. */
export function splitRuleLine(line: string): readonly string[] {
  const bytes = encodeBytes(line).toString('latin1');
  const fields = bytes.slice(1).split(bytes.charAt(0));
  return fields.map((field) => decodeBytes(Buffer.from(field, 'latin1')));
}

/** The place of the interpreter among the fields. */
const INTERPRETER = 5;

/** The same fields between single characters; null where every candidate is taken. */
function withUsualSeparator(line: string): string | null {
  if ((encodeBytes(line)[0] ?? 0) < 0x80) return line;
  const separator = [...':|,!%&*+=@^~'].find((candidate) => !line.includes(candidate));
  return separator === undefined ? null : ['', ...splitRuleLine(line)].join(separator);
}
