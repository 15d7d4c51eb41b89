import { type ByteOrder, type ElfField, machineNames, osAbiNames, typeNames } from './elf-header.ts';
import { ElfPattern } from './elf-pattern.ts';
import { hexOfBytes } from './hex.ts';

/** What a magic and its mask ask of an ELF header. */
export interface ElfReading {
  /** The fields that the magic covers, in part or as a whole, in the order of the file. */
  readonly fields: readonly FieldReading[];
  /** Whether it asks for an ELF file; where it does not, its bytes only look like a part of a header. */
  readonly asksForElf: boolean;
}

/** What a magic and its mask ask of one field of an ELF header. */
export interface FieldReading {
  readonly field: ElfField;
  /** The first byte of the field that the magic covers, and how many it covers. */
  readonly from: number;
  readonly size: number;
  /** The values that pass: `2 or 3`, `183`, `any OS/ABI`. */
  readonly values: string;
  /** What those of them are called that have a name: `executable or PIE`, `AArch64`; null where none is told. */
  readonly names: string | null;
}

/** The values that pass, in numbers and words: `2 or 3: executable or PIE`. */
export const meaningOf = ({ values, names }: FieldReading): string =>
  names === null ? values : `${values}: ${names}`;

/** Reads a magic and its mask (null: every bit counts) field by field; null when it lies over no ELF header. */
export function readElfMagic(magic: Uint8Array, mask: Uint8Array | null, offset: number): ElfReading | null {
  const pattern = new ElfPattern(magic, mask, offset);
  if (!pattern.isOverHeader) return null;
  const { order, asksForElf } = pattern;
  const fields = pattern.fields.map((field) => ({
    field,
    ...pattern.partOf(field),
    ...valuesOf(field, pattern, order),
  }));
  return { fields, asksForElf };
}

/** What is to be said where the magic does not ask for an ELF file. */
export const AS_IF_ELF =
  'Read as a part of an ELF header, as it looks like one: it does not ask whether the file is an ELF file.';

const MOST_NAMES = 4;
/** Longer ones are addresses and padding: their bytes tell more than a number. */
const LONGEST_NUMBER = 4;

type Values = Pick<FieldReading, 'values' | 'names'>;

function valuesOf(field: ElfField, pattern: ElfPattern, order: ByteOrder | null): Values {
  const [bytes, bits] = [pattern.bytesOf(field), pattern.bitsOf(field)];
  const isWhole = bits.every((some) => some === 0xff);
  const unnamed = (values: string): Values => ({ values, names: null });
  if (bits.every((some) => some === 0)) return unnamed(`any ${subjects[field.name] ?? 'value'}`);
  if (field.name === 'EI_MAG') return unnamed(isWhole ? 'ELF file' : 'ELF file, in part');
  if (isWhole && bytes.every((byte) => byte === 0)) {
    return { values: '0', names: namesFor(field, pattern, 'little') };
  }
  if ((order === null && field.size > 1) || field.size > LONGEST_NUMBER) {
    return unnamed(
      isWhole ? `bytes ${spaced(bytes)}` : `bytes ${spaced(bytes)} under the mask ${spaced(bits)}`,
    );
  }
  const by = order ?? 'little';
  return { values: numbersFor(field, bytes, bits, by), names: namesFor(field, pattern, by) };
}

const spaced = (bytes: readonly number[]): string => bytes.map((byte) => hexOfBytes([byte])).join(' ');

const subjects: Readonly<Record<string, string>> = {
  EI_CLASS: 'class',
  EI_DATA: 'byte order',
  EI_VERSION: 'version',
  EI_OSABI: 'OS/ABI',
  e_type: 'type',
  e_machine: 'machine',
};

const versionNames: ReadonlyMap<number, string> = new Map([[1, 'the current one']]);

/** What values of a field are called. */
const valueNames: Readonly<Record<string, ReadonlyMap<number, string>>> = {
  EI_CLASS: new Map([
    [1, '32-bit'],
    [2, '64-bit'],
  ]),
  EI_DATA: new Map([
    [1, 'little-endian'],
    [2, 'big-endian'],
  ]),
  EI_VERSION: versionNames,
  EI_OSABI: osAbiNames,
  e_type: typeNames,
  e_machine: machineNames,
  e_version: versionNames,
};

/** The numbers that pass: themselves where they are few, and else what is asked of their bits. */
function numbersFor(
  field: ElfField,
  bytes: readonly number[],
  bits: readonly number[],
  order: ByteOrder,
): string {
  const [value, mask] = [bytes, bits].map((some) =>
    Number.parseInt(hexOfBytes(inWritingOrder(some, order)), 16),
  );
  if (value === undefined || mask === undefined) return '';
  const free = Array.from({ length: 8 * field.size }, (_, bit) => 2 ** bit).filter(
    (bit) => Math.floor(mask / bit) % 2 === 0,
  );
  if (free.length > 2) {
    const hex = (number: number): string => `0x${number.toString(16).padStart(2 * field.size, '0')}`;
    return `${hex(value)} under the mask ${hex(mask)}`;
  }
  const values = free.reduce((some, bit) => some.flatMap((one) => [one, one + bit]), [value]);
  return inWords([...values].sort((one, other) => one - other).map(String));
}

/** What the values that pass are called; null where none has a name, or where too many have one to tell anything. */
function namesFor(field: ElfField, pattern: ElfPattern, order: ByteOrder): string | null {
  if (field.name === 'e_flags') return mipsAbi(field, pattern, order);
  const names = [...(valueNames[field.name] ?? [])].flatMap(([value, name]) =>
    pattern.allows(field, value, order) ? [name] : [],
  );
  return names.length === 0 || names.length > MOST_NAMES ? null : inWords(names);
}

const EM_MIPS = 8;
/** EF_MIPS_ABI2 (elf.h). */
const N32 = 0x20;

/** Which of MIPS’s ABIs the flags leave: n32 is told from the others by its flag. */
function mipsAbi(field: ElfField, pattern: ElfPattern, order: ByteOrder): string | null {
  if (pattern.machineIn(order) !== EM_MIPS) return null;
  const [with32, without] = [N32, 0].map((flags) => pattern.allows(field, flags, order));
  if (with32 === without) return null;
  return with32 === true ? 'the n32 ABI' : 'not the n32 ABI';
}

const inWritingOrder = (bytes: readonly number[], order: ByteOrder): readonly number[] =>
  order === 'big' ? bytes : [...bytes].reverse();

const inWords = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
