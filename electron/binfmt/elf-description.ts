import {
  byteOrderOf,
  type ElfField,
  elfClassOf,
  elfFields,
  isElf,
  machineNames,
  osAbiNames,
  readNumber,
  typeNames,
} from './elf-header.ts';

/** What a magic and its mask ask of one field of an ELF header. */
export interface FieldReading {
  readonly field: ElfField;
  /** In words: `executable or PIE`, `any OS/ABI`, `machine 183, AArch64`. */
  readonly meaning: string;
  /** Whether the mask lets every value through. */
  readonly isFree: boolean;
}

/**
 * Reads a magic and its mask (null: every bit counts) field by field; null when it does not lie over an ELF
 * header. A field that the magic covers in part is left out.
 */
export function readElfMagic(
  magic: Uint8Array,
  mask: Uint8Array | null,
  offset: number,
): readonly FieldReading[] | null {
  if (offset !== 0 || !isElf(magic)) return null;
  const order = byteOrderOf(magic);
  return elfFields(elfClassOf(magic))
    .filter((field) => field.offset + field.size <= magic.length)
    .map((field) => {
      const bits = mask === null ? allBits(field.size) : readNumber(mask, field.offset, field.size, order);
      const value = readNumber(magic, field.offset, field.size, order);
      return { field, meaning: meaningOf(field, value, bits), isFree: bits === 0 };
    });
}

const allBits = (size: number): number => 256 ** size - 1;

function meaningOf(field: ElfField, value: number, bits: number): string {
  const nameOf = valueNames[field.name];
  if (bits === 0) return `any ${subjects[field.name] ?? field.name}`;
  if (field.name === 'EI_MAG') return bits === allBits(4) ? 'ELF file' : 'ELF file, in part';
  if (nameOf === undefined)
    return bits === allBits(field.size) ? String(value) : maskedNumber(field, value, bits);
  const values = valuesLetThrough(field, value, bits);
  return values === null ? maskedNumber(field, value, bits) : joinNames(values.map(nameOf));
}

const subjects: Readonly<Record<string, string>> = {
  EI_CLASS: 'class',
  EI_DATA: 'byte order',
  EI_OSABI: 'OS/ABI',
  e_type: 'type',
  e_machine: 'machine',
};

const valueNames: Readonly<Record<string, (value: number) => string>> = {
  EI_CLASS: (value) => ({ 1: '32-bit', 2: '64-bit' })[value] ?? `class ${value}`,
  EI_DATA: (value) => ({ 1: 'little-endian', 2: 'big-endian' })[value] ?? `byte order ${value}`,
  EI_VERSION: (value) => `version ${value}`,
  EI_OSABI: (value) => osAbiNames.get(value) ?? `OS/ABI ${value}`,
  e_type: (value) => typeNames.get(value) ?? `type ${value}`,
  e_machine: (value) => `machine ${value}${machineNames.has(value) ? `, ${machineNames.get(value)}` : ''}`,
};

/** The values that differ from this one only in bits that the mask leaves free; null when there are many. */
function valuesLetThrough(field: ElfField, value: number, bits: number): readonly number[] | null {
  const freeBits = Array.from({ length: 8 * field.size }, (_, bit) => 2 ** bit).filter(
    (bit) => Math.floor(bits / bit) % 2 === 0,
  );
  if (freeBits.length > 2) return null;
  let values = [freeBits.reduce((left, bit) => left - (Math.floor(value / bit) % 2) * bit, value)];
  for (const bit of freeBits) values = values.flatMap((one) => [one, one + bit]);
  return values.sort((one, other) => one - other);
}

const maskedNumber = (field: ElfField, value: number, bits: number): string => {
  const hex = (number: number): string => number.toString(16).padStart(2 * field.size, '0');
  return `0x${hex(value)} under the mask 0x${hex(bits)}`;
};

const joinNames = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
