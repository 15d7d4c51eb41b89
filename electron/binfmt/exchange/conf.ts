import { compareFileNames, confFileNameFor } from '../boot/conf-file-name.ts';
import { encodeBytes } from '../bytes.ts';
import { mayTakeTheSameFile } from '../matcher.ts';
import { formatRegisterLine, type Registration, registrationLimits } from '../register-line.ts';
import { failure, type Result, success } from '../result.ts';
import type { DesiredEntry } from './desired-entry.ts';
import type { Exported, ExportedFile } from './exported.ts';
import { asQemuEscapes } from './qemu-escapes.ts';

/**
 * What systemd-binfmt would not hand to the kernel as it is: it takes `#` and `;` in front for a comment, strips
 * white space at both ends, and ends a line at a carriage return, too (binfmt.d(5), systemd's fileio.c).
 */
const MEANS_SOMETHING_TO_SYSTEMD = '#; \t\r';

/** The line of a `.conf` file of binfmt.d(5), without its line break; or a sentence saying why there is none. */
export function confLineOf(registration: Registration): Result<string, string> {
  const line = formatRegisterLine(registration, MEANS_SOMETHING_TO_SYSTEMD);
  if (!line.ok) return line;
  if (/[\n\r]/.test(line.value)) return failure('A line break in it cannot be written into a line.');
  const length = encodeBytes(line.value).length + '\n'.length;
  if (length > registrationLimits.longestLine) {
    return failure(
      `With the line break that systemd adds it has ${length} bytes, more than the kernel takes.`,
    );
  }
  return success(asQemuEscapes(registration, line.value));
}

/**
 * A file for each, as `qemu-binfmt-conf.sh --systemd` writes them. systemd registers them in the order of their
 * names, the last of them first in match order.
 */
export function confFilesOf(desired: readonly DesiredEntry[]): Exported {
  const named = desired.map((one) => ({ ...one, file: confFileNameFor(one.registration.name) }));
  const nameless = named.flatMap(({ registration: { name }, file }) =>
    file.ok ? [] : [`${name} cannot have a .conf file of its own. ${file.problem} One file can hold it.`],
  );
  const withFile = named.filter(({ file }) => file.ok);
  const { files, notCarried } = confLinesOf(withFile);
  return { files, notCarried: [...nameless, ...notCarried], remarks: wrongOrders(withFile) };
}

/** One file for all of them; systemd registers its lines from the first to the last, so the oldest is first. */
export function confFileOf(desired: readonly DesiredEntry[], name: string): Exported {
  const { files, notCarried } = confLinesOf(desired);
  const lines = files.map((file) => file.text).reverse();
  return { files: [{ name, text: lines.join('') }], notCarried };
}

function confLinesOf(desired: readonly DesiredEntry[]): Exported {
  const files: ExportedFile[] = [];
  const notCarried: string[] = [];
  for (const { registration, enabled } of desired) {
    const line = confLineOf(registration);
    if (line.ok) files.push({ name: `${registration.name}.conf`, text: `${line.value}\n` });
    notCarried.push(...lostInConf(registration, enabled, line));
  }
  return { files, notCarried };
}

function lostInConf(
  { name }: Registration,
  enabled: boolean,
  line: Result<string, string>,
): readonly string[] {
  if (!line.ok) return [`${name} cannot be written into a .conf file. ${line.problem}`];
  return enabled ? [] : [`${name} is disabled, which a .conf file cannot say: systemd will enable it.`];
}

/** Whether the names of the files put something into another order than it is in, told by an example. */
function wrongOrders(desired: readonly DesiredEntry[]): readonly string[] {
  const all = desired.map(({ registration }) => registration);
  for (const [index, newer] of all.entries()) {
    const older = all
      .slice(index + 1)
      .find((one) => isNamedBefore(newer, one) && mayTakeTheSameFile(newer, one));
    if (older === undefined) continue;
    return [
      'systemd takes these files in the order of their names: of entries that can match the same file it will ' +
        `try others first than now, such as ${older.name} before ${newer.name}.`,
    ];
  }
  return [];
}

const isNamedBefore = (one: Registration, other: Registration): boolean =>
  compareFileNames(`${one.name}.conf`, `${other.name}.conf`) < 0;
