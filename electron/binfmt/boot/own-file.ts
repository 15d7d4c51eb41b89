import { decodeBytes, encodeBytes } from '../bytes.ts';
import { confLineOf } from '../exchange/conf.ts';
import { formatFieldsOf } from '../exchange/template.ts';
import { type Registration, registrationLimits } from '../register-line.ts';
import { failure, type Result, success } from '../result.ts';
import { isConfFileName } from './conf-files.ts';
import { ADMINISTRATOR, databaseFileOf } from './format-file.ts';
import { ownMarkFor } from './own-mark.ts';

/**
 * The text (a string of bytes) of a file of binfmt.d that registers these in this order, or a sentence saying why
 * there can be none. Some names and paths that the kernel takes cannot stand in such a file.
 */
export function formatConfFile(registrations: readonly Registration[]): Result<string, string> {
  let text = '';
  for (const registration of registrations) {
    const line = confLineOf(registration);
    if (!line.ok) return line;
    text += `${line.value}\n`;
  }
  return success(`${ownMarkFor(text)}\n${text}`);
}

/** The same for the file of binfmt-support's database that registers this one. */
export function formatDatabaseFile(registration: Registration): Result<string, string> {
  const fields = formatFieldsOf(registration);
  if (!fields.ok) return fields;
  const text = databaseFileOf({ ...fields.value, package: ADMINISTRATOR });
  // update-binfmts reads as many lines as there are fields, and none behind them.
  return success(`${text}${ownMarkFor(text)}\n`);
}

/** The name of the file for an entry of that name (both strings of bytes), or a sentence saying why there can be none. */
export function confFileNameFor(name: string): Result<string, string> {
  const file = `${name}.conf`;
  if (name === '') return failure('An entry without a name can have no file.');
  if (/[/\0]/.test(name)) return failure(`“${file}” cannot be a file’s name.`);
  if (!isConfFileName(file))
    return failure(`systemd leaves out files that begin with a dot, like “${file}”.`);
  if (decodeBytes(encodeBytes(name)) !== name) return failure('The name holds half a character.');
  const length = encodeBytes(file).length;
  const { longestName } = registrationLimits;
  return length > longestName
    ? failure(`“${file}” has ${length} bytes, and a file’s name can have ${longestName}.`)
    : success(file);
}
