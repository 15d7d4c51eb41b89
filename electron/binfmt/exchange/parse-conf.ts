import { decodeBytes } from '../bytes.ts';
import {
  formatRegisterLine,
  parseRegisterLine,
  type Registration,
  registrationLimits,
} from '../register-line.ts';
import { failure, type Result, success } from '../result.ts';
import { type DesiredEntry, unknownFlagsOf } from './desired-entry.ts';
import { MOST_ENTRIES } from './document-schema.ts';
import type { ImportProblem } from './import.ts';

/**
 * Reads a `.conf` file, each of its bytes a character (latin1), as systemd-binfmt does (binfmt.d(5), systemd's
 * src/binfmt/binfmt.c): white space around a line does not count, and lines that begin with `#` or `;` are
 * comments. The last line is registered last, so it is the first in match order.
 */
export function parseConf(latin1: string): Result<readonly DesiredEntry[], ImportProblem> {
  const lines = new Map<string, number>();
  const entries: DesiredEntry[] = [];
  for (const [index, rawLine] of latin1.split(/\r\n|[\n\r]/).entries()) {
    const line = index + 1;
    const text = rawLine.replace(/^[ \t]+/, '');
    if (text === '' || /^[#;]/.test(text)) continue;

    const registration = parseLine(text);
    if (!registration.ok) return failureAt(line, registration.problem);
    const { name } = registration.value;
    const earlier = lines.get(name);
    if (earlier !== undefined)
      return failureAt(line, `Line ${earlier} registers something of that name already.`);
    if (entries.length === MOST_ENTRIES)
      return failureAt(line, `More than ${MOST_ENTRIES} entries are not read.`);
    lines.set(name, line);
    entries.push({ registration: registration.value, enabled: true });
  }
  if (entries.length === 0) return failureAt(1, 'The file has no register line.');
  return success(entries.reverse());
}

function parseLine(latin1: string): Result<Registration, string> {
  if (latin1.includes('\0')) return failure('There is a NUL byte in it.');
  const { longestLine } = registrationLimits;
  if (latin1.length > longestLine) {
    return failure(`It has ${latin1.length} bytes; the kernel takes at most ${longestLine}.`);
  }
  const stripped = latin1.replace(/[ \t]+$/, '');
  const parsed = parseRegisterLine(decodeBytes(Buffer.from(stripped, 'latin1')));
  if (!parsed.ok) return parsed;
  const unknown = unknownFlagsOf(parsed.value.flags);
  if (unknown !== '') return failure(`There is no flag ${unknown}.`);
  const again = formatRegisterLine(parsed.value);
  return again.ok ? parsed : again;
}

const failureAt = (line: number, problem: string): Result<never, ImportProblem> =>
  failure({ sentence: `Line ${line}: ${problem}`, line });
