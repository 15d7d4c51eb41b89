import { encodeBytes } from '../bytes.ts';
import { hexOfBytes } from '../hex.ts';
import { unescapeHex } from '../register-line.ts';
import { failure, type Result, success } from '../result.ts';

export interface TypedBytes {
  /** Hex digits. */
  readonly hex: string;
  /** Whether the text itself was taken for the bytes. */
  readonly isText: boolean;
}

/**
 * The bytes that somebody typed, or a sentence saying why there are none: hex digits (`7f 45 4c 46`, `7f454c46`,
 * `0x7f, 0x45`), text with escapes as register lines have it (`\x7fELF`), or else plain text (`MZ`).
 */
export function parseTypedBytes(typed: string): Result<TypedBytes, string> {
  if (typed.includes('\\')) {
    const bytes = unescapeHex(typed);
    if (bytes === null) return failure('A \\x is not followed by two hex digits.');
    return success({ hex: hexOfBytes(bytes), isText: false });
  }
  const groups = typed.split(/[\s,:]+/).filter((group) => group !== '');
  const digits = groups.map((group) => group.replace(/^0x/i, ''));
  const odd = digits.find((group) => !isHex(group));
  if (odd !== undefined && digits.some(isHex)) {
    return failure(`“${odd}” is not hex digits. A space in text is written with an escape: \\x20.`);
  }
  if (odd !== undefined) {
    return success({ hex: hexOfBytes(encodeBytes(typed)), isText: true });
  }
  if (!digits.every((group) => group.length % 2 === 0)) {
    return failure(
      'A byte is two hex digits. Text that looks like hex digits is written with escapes: \\x42AD.',
    );
  }
  return success({ hex: digits.join('').toLowerCase(), isText: false });
}

const isHex = (group: string): boolean => /^[0-9a-f]+$/i.test(group);
