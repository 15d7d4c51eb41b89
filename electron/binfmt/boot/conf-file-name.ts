import { decodeBytes, encodeBytes } from '../bytes.ts';
import { registrationLimits } from '../register-line.ts';
import { failure, type Result, success } from '../result.ts';

/** Whether systemd takes a file of that name for a part of binfmt.d (`hidden_or_backup_file()` in its src/basic/path-util.c). */
export const isConfFileName = (name: string): boolean => name.endsWith('.conf') && !name.startsWith('.');

/** The order in which the services read files: by the bytes of their names, as strcmp(3) compares them. */
export const compareFileNames = (one: string, other: string): number =>
  Buffer.compare(encodeBytes(one), encodeBytes(other));

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
