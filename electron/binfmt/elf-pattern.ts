import {
  type ByteOrder,
  type ElfClass,
  type ElfField,
  elfFields,
  isElf,
  machineNames,
  typeNames,
} from './elf-header.ts';

/** A magic and its mask, at their place in a file that may be an ELF file. */
export class ElfPattern {
  constructor(
    private readonly magic: Uint8Array,
    /** Null: every bit counts. */
    private readonly mask: Uint8Array | null,
    private readonly offset: number,
  ) {}

  /** Whether it takes ELF files alone. */
  get asksForElf(): boolean {
    return this.beginsAsElf && this.bitsOf(EI_MAG).every((bits) => bits === 0xff);
  }

  /** Whether it lies over an ELF header: it begins as one, or could be a part of one and names a known machine. */
  get isOverHeader(): boolean {
    return this.beginsAsElf || (this.order !== null && this.isConsistentWith(this.order));
  }

  /** The fields it covers, in part or as a whole. */
  get fields(): readonly ElfField[] {
    const elfClass = this.elfClass;
    const all = elfClass === null ? fieldsOfBothClasses : elfFields(elfClass);
    const end = this.offset + this.magic.length;
    return all.filter(({ offset, size }) => offset < end && offset + size > this.offset);
  }

  /** By EI_DATA, or by the order in which e_machine is that of a machine; null where neither tells. */
  get order(): ByteOrder | null {
    const told = orders.filter((_, index) => this.allows(EI_DATA, index + 1, 'little'));
    const [only, ...others] =
      told.length === 1 ? told : told.filter((order) => this.machineIn(order) !== null);
    return only !== undefined && others.length === 0 ? only : null;
  }

  /** The first byte of the field that is covered, and how many are. */
  partOf({ offset, size }: ElfField): { readonly from: number; readonly size: number } {
    const from = Math.max(offset, this.offset);
    return { from, size: Math.min(offset + size, this.offset + this.magic.length) - from };
  }

  /** The bytes of a field as they lie in the file; a bit that does not count is 0. */
  bytesOf(field: ElfField): readonly number[] {
    return this.read(field, (index) => (this.magic[index] ?? 0) & this.bitsAt(index));
  }

  /** Which bits of a field’s bytes count; none of those that are not covered. */
  bitsOf(field: ElfField): readonly number[] {
    return this.read(field, (index) => this.bitsAt(index));
  }

  /** Whether a file passes with this value in a field. */
  allows(field: ElfField, value: number, order: ByteOrder): boolean {
    const [wanted, bits] = [this.bytesOf(field), this.bitsOf(field)];
    return bytesOfNumber(value, field.size, order).every(
      (byte, index) => (byte & (bits[index] ?? 0)) === wanted[index],
    );
  }

  /** The machine (e_machine) that it asks for, where that is a known one. */
  machineIn(order: ByteOrder): number | null {
    if (this.bitsOf(E_MACHINE).every((bits) => bits !== 0xff)) return null;
    return [...machineNames.keys()].find((machine) => this.allows(E_MACHINE, machine, order)) ?? null;
  }

  private get beginsAsElf(): boolean {
    return this.offset === 0 && isElf(this.magic);
  }

  /** By EI_CLASS; null where that is not asked for. */
  private get elfClass(): ElfClass | null {
    const told = ([32, 64] as const).filter((_, index) => this.allows(EI_CLASS, index + 1, 'little'));
    return told.length === 1 ? (told[0] ?? null) : null;
  }

  /** Whether it could be a part of a header that names a machine. */
  private isConsistentWith(order: ByteOrder): boolean {
    const isPossible = (field: ElfField, values: Iterable<number>): boolean =>
      [...values].some((value) => this.allows(field, value, order));
    return (
      this.machineIn(order) !== null &&
      isPossible(EI_CLASS, [1, 2]) &&
      isPossible(EI_VERSION, [1]) &&
      isPossible(EI_PAD, [0]) &&
      isPossible(E_TYPE, typeNames.keys())
    );
  }

  private bitsAt(index: number): number {
    if (index < 0 || index >= this.magic.length) return 0;
    return this.mask === null ? 0xff : (this.mask[index] ?? 0);
  }

  private read({ offset, size }: ElfField, at: (index: number) => number): readonly number[] {
    return Array.from({ length: size }, (_, index) => at(offset + index - this.offset));
  }
}

/** In the order of their numbers in EI_DATA. */
const orders = ['little', 'big'] as const;

/** The bytes of a number as they lie in a file. */
function bytesOfNumber(value: number, size: number, order: ByteOrder): readonly number[] {
  const bytes = Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** index) % 256);
  return order === 'little' ? bytes : bytes.reverse();
}

/** Where the class is not told: those that lie at one place in both. */
const fieldsOfBothClasses = elfFields(32).filter(({ offset, size }) => offset + size <= 24);

function fieldNamed(name: string): ElfField {
  const field = fieldsOfBothClasses.find((one) => one.name === name);
  if (field === undefined) throw new RangeError(`An ELF header has no field ${name}.`);
  return field;
}

const EI_MAG = fieldNamed('EI_MAG');
const EI_CLASS = fieldNamed('EI_CLASS');
const EI_DATA = fieldNamed('EI_DATA');
const EI_VERSION = fieldNamed('EI_VERSION');
const EI_PAD = fieldNamed('EI_PAD');
const E_TYPE = fieldNamed('e_type');
const E_MACHINE = fieldNamed('e_machine');
