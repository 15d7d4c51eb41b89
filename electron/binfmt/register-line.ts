import { decodeBytes, encodeBytes } from './bytes.ts';
import { bytesOfHex, hexOfBytes } from './hex.ts';
import { isOlder } from './is-older.ts';
import { failure, type Result, success } from './result.ts';

/**
 * The register line `:name:type:offset:magic:mask:interpreter:flags`, as the kernel reads it
 * (`create_entry()` in fs/binfmt_misc.c; Documentation/admin-guide/binfmt-misc.rst).
 */
export type Registration = MagicRegistration | ExtensionRegistration;

interface RegistrationFields {
  readonly name: string;
  readonly interpreter: string;
  readonly flags: string;
}

export interface MagicRegistration extends RegistrationFields {
  readonly kind: 'magic';
  readonly offset: number;
  /** Hex digits. */
  readonly magic: string;
  /** Hex digits, as long as the magic, or null: every bit counts. */
  readonly mask: string | null;
}

export interface ExtensionRegistration extends RegistrationFields {
  readonly kind: 'extension';
  /** Without the dot. */
  readonly extension: string;
}

/** What the kernel accepts; all lengths in bytes. */
export const registrationLimits = {
  shortestLine: 11,
  /** MAX_REGISTER_LENGTH */
  longestLine: 1920,
  /** BINPRM_BUF_SIZE: offset and magic together. */
  matchedBytes: 256,
  /** The same before Linux 5.1. */
  matchedBytesOfOld: 128,
  /** NAME_MAX */
  longestName: 255,
} as const;

/**
 * The register line (a string of bytes, see bytes.ts), or a sentence saying why the kernel would refuse it.
 * The ASCII characters `avoided` neither separate its fields nor stand unescaped in magic and mask.
 */
export function formatRegisterLine(registration: Registration, avoided = ''): Result<string, string> {
  const problem = problemOfRegistration(registration);
  if (problem !== null) return failure(problem);
  const delimiter = freeDelimiter(registration, avoided);
  if (delimiter === null) return failure('Its fields use up every character that could separate them.');

  const { longestLine } = registrationLimits;
  const readable = joinFields(registration, delimiter, escapeReadably);
  if (encodeBytes(readable).length <= longestLine) return success(readable);
  const compact = joinFields(registration, delimiter, (bytes) => escapeCompactly(bytes, delimiter + avoided));
  const length = encodeBytes(compact).length;
  if (length <= longestLine) return success(compact);
  return failure(`The register line has ${length} bytes; the kernel takes at most ${longestLine}.`);
}

/** Reads a register line as the kernel does; a problem is a sentence. */
export function parseRegisterLine(line: string): Result<Registration, string> {
  const text = line.endsWith('\n') ? line.slice(0, -1) : line;
  const delimiter = text.charAt(0);
  const [name, type, offset, magic, mask, interpreter, flags, ...more] = text.slice(1).split(delimiter);
  if (delimiter === '' || interpreter === undefined || flags === undefined || more.length > 0) {
    return failure(
      'A register line has seven fields, each after the separator the line begins with: ' +
        ':name:type:offset:magic:mask:interpreter:flags',
    );
  }
  const fields = { name: name ?? '', interpreter, flags };
  if (type === 'E') {
    return checked({ kind: 'extension', ...fields, extension: magic ?? '' });
  }
  if (type !== 'M') return failure(`The type is “${type}”; it must be M (magic) or E (extension).`);
  if (!/^\+?\d*$/.test(offset ?? '')) return failure(`The offset “${offset}” is not a number.`);
  const magicBytes = unescapeHex(magic ?? '');
  const maskBytes = unescapeHex(mask ?? '');
  if (magicBytes === null || maskBytes === null) return failure('A \\x is not followed by two hex digits.');
  return checked({
    kind: 'magic',
    ...fields,
    offset: Number(offset),
    magic: hexOfBytes(magicBytes),
    mask: mask === '' ? null : hexOfBytes(maskBytes),
  });
}

/** Why the kernel would refuse these fields, as a sentence; null when it would not. */
export const problemOfRegistration = (registration: Registration): string | null =>
  problemsOfRegistration(registration)[0]?.sentence ?? null;

/** Why a kernel of that release would refuse what newer ones take, as a sentence; null when it would not. */
export function problemOfAge(registration: Registration, kernelRelease: string): string | null {
  const { matchedBytes, matchedBytesOfOld } = registrationLimits;
  const isInReach =
    registration.kind === 'extension' ||
    registration.offset + registration.magic.length / 2 <= matchedBytesOfOld;
  return isInReach || !isOlder(kernelRelease, '5.1')
    ? null
    : `Linux ${kernelRelease} looks at the first ${matchedBytesOfOld} bytes of a file only; from 5.1 on it is ${matchedBytes}.`;
}

/** A field that the kernel would refuse, and why. */
export interface FieldProblem {
  readonly field: RegistrationField;
  readonly sentence: string;
}

/**
 * Why a new entry may not have this interpreter, as a sentence; null when it may. The kernel takes a relative path,
 * and looks for it wherever whoever starts a program happens to be.
 */
export const problemOfNewInterpreter = (interpreter: string): string | null =>
  interpreter.startsWith('/') ? null : 'The interpreter must be an absolute path.';

export type RegistrationField = Exclude<keyof MagicRegistration | keyof ExtensionRegistration, 'kind'>;

/** What the kernel would refuse of these fields, at most once each. */
export function problemsOfRegistration(registration: Registration): readonly FieldProblem[] {
  const { name, interpreter, flags } = registration;
  const own =
    registration.kind === 'extension'
      ? { extension: problemOfExtension(registration.extension) }
      : problemsOfMagic(registration);
  const problems: Readonly<Partial<Record<RegistrationField, string | null>>> = {
    name: problemOfName(name),
    interpreter: interpreter === '' ? 'The interpreter is missing.' : problemOfBytes(interpreter),
    flags: /^[A-Za-z]*$/.test(flags) ? null : 'Flags are letters.',
    ...own,
  };
  return Object.entries(problems).flatMap(([field, sentence]) =>
    sentence === null ? [] : [{ field: field as RegistrationField, sentence }],
  );
}

/** Why no entry can be called so, as a sentence; null when one can. */
export function problemOfName(name: string): string | null {
  const { longestName } = registrationLimits;
  if (name === '' || name === '.' || name === '..' || name.includes('/')) {
    return 'The name must not be empty, “.” or “..”, nor contain a slash.';
  }
  if (encodeBytes(name).length > longestName) return `The name is longer than ${longestName} bytes.`;
  if (name === 'register' || name === 'status') return `“${name}” is a file of the kernel's own there.`;
  return problemOfBytes(name);
}

function problemOfExtension(extension: string): string | null {
  if (extension === '') return 'The extension is empty.';
  if (/[/\0]/.test(extension)) return 'The extension must not contain a slash or a NUL byte.';
  return problemOfBytes(extension);
}

type MagicField = 'magic' | 'mask' | 'offset';

function problemsOfMagic({ magic, mask, offset }: MagicRegistration): Record<MagicField, string | null> {
  const { matchedBytes } = registrationLimits;
  const problemOfMagic = magic === '' ? 'The magic is empty.' : isHex(magic) ? null : notHex;
  const isTooShort = mask !== null && mask.length !== magic.length;
  const problemOfMask = mask !== null && !isHex(mask) ? notHex : isTooShort ? otherLength : null;
  let problemOfOffset: string | null = null;
  if (!Number.isInteger(offset) || offset < 0) {
    problemOfOffset = 'The offset must be a whole number, 0 or more.';
  } else if (offset + magic.length / 2 > matchedBytes) {
    problemOfOffset = `Offset and magic reach beyond the first ${matchedBytes} bytes of a file.`;
  }
  return { magic: problemOfMagic, mask: problemOfMask, offset: problemOfOffset };
}

const notHex = 'Magic and mask must be pairs of hex digits.';
const otherLength = 'The mask must be as long as the magic.';

/** What keeps a text from being a field of a register line. */
function problemOfBytes(text: string): string | null {
  if (text.includes('\0')) return 'A field contains a NUL byte.';
  return decodeBytes(encodeBytes(text)) === text
    ? null
    : 'A field holds half a character, which stands for no bytes.';
}

const checked = (registration: Registration): Result<Registration, string> => {
  const problem = problemOfRegistration(registration);
  return problem === null ? success(registration) : failure(problem);
};

const isHex = (text: string): boolean => /^(?:[0-9a-f]{2})+$/i.test(text);

function joinFields(
  registration: Registration,
  delimiter: string,
  escapeBytes: (bytes: Uint8Array) => string,
): string {
  const { name, interpreter, flags } = registration;
  const matching =
    registration.kind === 'extension'
      ? ['E', '', registration.extension, '']
      : [
          'M',
          registration.offset === 0 ? '' : String(registration.offset),
          escapeBytes(bytesOfHex(registration.magic)),
          registration.mask === null ? '' : escapeMask(registration.mask, escapeBytes),
        ];
  return ['', name, ...matching, interpreter, flags].join(delimiter);
}

// A mask in letters would be unreadable, and qemu-binfmt-conf.sh writes escapes only.
const escapeMask = (mask: string, escapeBytes: (bytes: Uint8Array) => string): string =>
  escapeBytes === escapeReadably ? escapedMask(mask) : escapeBytes(bytesOfHex(mask));

/** A magic in hex digits as register lines have it: escapes, but for the letters of `ELF`. */
export const escapedMagic = (hex: string): string => escapeReadably(bytesOfHex(hex));

/** A mask in hex digits as register lines have it: escapes. */
export const escapedMask = (hex: string): string => hex.replace(/../g, '\\x$&');

const escapeByte = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;

/** Escapes all but the letters of `ELF`, as qemu-binfmt-conf.sh writes a magic. */
function escapeReadably(bytes: Uint8Array): string {
  const startsAsElf = [0x7f, 0x45, 0x4c, 0x46].every((byte, index) => bytes[index] === byte);
  const escaped = Array.from(bytes, escapeByte);
  if (startsAsElf) escaped.splice(1, 3, 'E', 'L', 'F');
  return escaped.join('');
}

/** Escapes only what must be, for magics so long that the line would not fit otherwise. */
function escapeCompactly(bytes: Uint8Array, avoided: string): string {
  const mustEscape = new Set([0, 0x0a, 0x5c, ...encodeBytes(avoided)]);
  const raw: number[] = [];
  for (const byte of bytes) raw.push(...(mustEscape.has(byte) ? Buffer.from(escapeByte(byte)) : [byte]));
  return decodeBytes(Uint8Array.from(raw));
}

/** A character that occurs in no field, and in no escape. */
function freeDelimiter(registration: Registration, avoided: string): string | null {
  const extension = registration.kind === 'extension' ? registration.extension : '';
  const used = registration.name + registration.interpreter + registration.flags + extension + avoided;
  for (const candidate of ':|,;!#%&*+=@^~"\'()<>?[]{}$`-_. \t\x01\x02\x03\x04\x05\x06\x07') {
    if (!used.includes(candidate)) return candidate;
  }
  return null;
}

/** The bytes of a field with its `\xHH` escapes undone, or null where an escape is incomplete (`scanarg()`). */
export function unescapeHex(text: string): Uint8Array | null {
  const field = encodeBytes(text).toString('latin1');
  if (/\\x(?![0-9A-Fa-f]{2})/.test(field)) return null;
  // A backslash in front of anything else stands for itself and takes that along: `\\x41` is five
  // characters (`string_unescape()`).
  const plain = field.replace(/\\x([0-9A-Fa-f]{2})|\\./gs, (whole, digits?: string) =>
    digits === undefined ? whole : String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(plain, 'latin1');
}
