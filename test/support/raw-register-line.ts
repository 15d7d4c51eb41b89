import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import type { Registration } from '../../electron/binfmt/register-line.ts';

/**
 * A register line for these fields, sensible or not, written without the code under test: every byte of magic
 * and mask is an escape, and the separator is a byte that no field has. Null where there is no such byte.
 */
export function rawRegisterLine(registration: Registration): Buffer | null {
  const { name, interpreter, flags } = registration;
  const escapes = (hex: string): string => hex.replace(/../g, '\\x$&');
  const matching =
    registration.kind === 'extension'
      ? ['E', '', registration.extension, '']
      : ['M', String(registration.offset), escapes(registration.magic), escapes(registration.mask ?? '')];
  const fields = [name, ...matching, interpreter, flags].map(encodeBytes);
  const separator = Array.from({ length: 255 }, (_, index) => index + 1).find(
    (byte) => !fields.some((field) => field.includes(byte)),
  );
  if (separator === undefined) return null;
  return Buffer.concat(fields.flatMap((field) => [Buffer.of(separator), field]));
}
