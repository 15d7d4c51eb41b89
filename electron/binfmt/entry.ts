import { isDeepStrictEqual } from 'node:util';
import { type Registration, registrationLimits } from './register-line.ts';

/**
 * An entry: one format registered in the kernel, as its file in the binfmt_misc directory tells it
 * (`entry_status()` in the kernel's fs/binfmt_misc.c).
 */
export type Entry = MagicEntry | ExtensionEntry | BpfEntry | UnreadableEntry;

interface EntryFile {
  /** The file's name; any bytes but `/` and NUL, see bytes.ts. */
  readonly name: string;
  /** What the kernel said, word for word. */
  readonly text: string;
}

interface RegisteredFormat extends EntryFile {
  readonly enabled: boolean;
  readonly interpreter: string;
  /** The flags' letters as the kernel prints them, unknown ones included. */
  readonly flags: string;
  /** Lines of a newer kernel that this program does not know. */
  readonly unknownLines: readonly string[];
}

export interface MagicEntry extends RegisteredFormat {
  readonly kind: 'magic';
  readonly offset: number;
  /** Hex digits, as the kernel prints them. */
  readonly magic: string;
  /** Hex digits, as long as the magic; null when registered without one: every bit counts. */
  readonly mask: string | null;
}

export interface ExtensionEntry extends RegisteredFormat {
  readonly kind: 'extension';
  /** Without the dot. */
  readonly extension: string;
}

/** A format whose matching a BPF program does (the newest kernels' type `B`). */
export interface BpfEntry extends EntryFile {
  readonly kind: 'bpf';
  readonly enabled: boolean;
  readonly flags: string;
  readonly unknownLines: readonly string[];
}

/** An entry file that could not be read or makes no sense: shown, never acted on by guessing. */
export interface UnreadableEntry extends EntryFile {
  readonly kind: 'unreadable';
  readonly reason: string;
}

/** Reads the text of an entry file. Never throws: nonsense becomes an {@link UnreadableEntry}. */
export function parseEntry(name: string, text: string): Entry {
  const nonsense = (reason: string): UnreadableEntry => ({ kind: 'unreadable', name, text, reason });

  const [status = '', rest = ''] = splitAtFirst(text, '\n');
  if (status !== 'enabled' && status !== 'disabled') {
    return nonsense('The first line says neither “enabled” nor “disabled”.');
  }
  const fields = parseFields(rest);
  const enabled = status === 'enabled';
  const { interpreter, flags, unknownLines } = fields;

  if (fields.isBpf) return { kind: 'bpf', name, text, enabled, flags, unknownLines };
  if (interpreter === null) return nonsense('There is no interpreter line.');
  const format = { name, text, enabled, interpreter, flags, unknownLines };

  if (fields.extension !== null) return { kind: 'extension', ...format, extension: fields.extension };
  if (fields.magic === null) return nonsense('There is neither a magic nor an extension.');
  const { magic, mask, offset } = fields;
  if (!isHex(magic) || (mask !== null && (!isHex(mask) || mask.length !== magic.length))) {
    return nonsense('The magic and the mask are not equally many pairs of hex digits.');
  }
  if (!/^\d+$/.test(offset) || Number(offset) + magic.length / 2 > registrationLimits.matchedBytes) {
    return nonsense('The offset is not a number within the part of a file that the kernel looks at.');
  }
  return { kind: 'magic', ...format, offset: Number(offset), magic, mask };
}

/** What would have to be registered to get this entry again, or null for what only the kernel knows. */
export function registrationOf(entry: Entry): Registration | null {
  switch (entry.kind) {
    case 'magic': {
      const { kind, name, interpreter, flags, offset, magic, mask } = entry;
      return { kind, name, interpreter, flags, offset, magic, mask };
    }
    case 'extension': {
      const { kind, name, interpreter, flags, extension } = entry;
      return { kind, name, interpreter, flags, extension };
    }
    case 'bpf':
    case 'unreadable':
      return null;
  }
}

/** Flags as the kernel prints them once they are registered: in its own order, and `C` brings `O` along. */
export function printedFlags(flags: string): string {
  const isSet = (flag: string): boolean => flags.includes(flag) || (flag === 'O' && flags.includes('C'));
  const others = [...new Set(flags)].filter((flag) => !FLAG_ORDER.includes(flag));
  return [...FLAG_ORDER].filter(isSet).concat(others).join('');
}

/** `entry_status()` in fs/binfmt_misc.c */
const FLAG_ORDER = 'POCF';

/** Whether registering either gives the same entry. */
export const isSameRegistration = (one: Registration, other: Registration): boolean =>
  isDeepStrictEqual(
    { ...one, flags: printedFlags(one.flags) },
    { ...other, flags: printedFlags(other.flags) },
  );

/** Whether the kernel considers the entry at all. */
export const isEnabled = (entry: Entry): boolean => entry.kind !== 'unreadable' && entry.enabled;

/** The kernel's text without its first line, the enabled state. */
export const fieldsTextOf = (entry: Entry): string => splitAtFirst(entry.text, '\n')[1] ?? '';

/** Whether two entry files say the same, their enabled state aside. */
export const saysTheSame = (one: Entry, other: Entry): boolean =>
  one.name === other.name && fieldsTextOf(one) === fieldsTextOf(other);

interface Fields {
  interpreter: string | null;
  flags: string;
  offset: string;
  magic: string | null;
  mask: string | null;
  extension: string | null;
  isBpf: boolean;
  unknownLines: string[];
}

function parseFields(text: string): Fields {
  const fields: Fields = {
    interpreter: null,
    flags: '',
    offset: '0',
    magic: null,
    mask: null,
    extension: null,
    isBpf: false,
    unknownLines: [],
  };
  let lines = text;
  if (lines.startsWith('interpreter ')) {
    // A path may hold line breaks; the kernel prints the flags right behind it, so the last such line ends it.
    const end = lines.lastIndexOf('\nflags:');
    fields.interpreter = lines.slice('interpreter '.length, end < 0 ? lines.indexOf('\n') : end);
    lines = end < 0 ? (splitAtFirst(lines, '\n')[1] ?? '') : lines.slice(end + 1);
  }
  for (const line of lines.split('\n')) {
    const [keyword = '', value = ''] = splitAtFirst(line, ' ');
    if (keyword === 'flags:') fields.flags = value;
    else if (keyword === 'offset') fields.offset = value;
    else if (keyword === 'magic') fields.magic = value;
    else if (keyword === 'mask') fields.mask = value;
    else if (keyword === 'extension' && value.startsWith('.')) fields.extension = value.slice(1);
    else if (keyword === 'bpf') {
      fields.isBpf = true;
      fields.unknownLines.push(line);
    } else if (line !== '') fields.unknownLines.push(line);
  }
  return fields;
}

const isHex = (text: string): boolean => /^(?:[0-9a-f]{2})+$/i.test(text);

function splitAtFirst(text: string, separator: string): [string, string?] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + separator.length)];
}
