import { describe, expect, test } from 'vitest';
import { meaningOf, readElfMagic } from '../../electron/binfmt/elf-description.ts';
import { elfFields } from '../../electron/binfmt/elf-header.ts';
import { bytesOfHex } from '../../electron/binfmt/hex.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import { theTarget } from '../support/example-data.ts';

/** Field names and their meanings. */
function meanings(magic: string, mask: string | null, offset = 0): Readonly<Record<string, string>> | null {
  const reading = readElfMagic(bytesOfHex(magic), mask === null ? null : bytesOfHex(mask), offset);
  if (reading === null) return null;
  return Object.fromEntries(reading.fields.map((one) => [one.field.name, meaningOf(one)]));
}

const asksForElf = (magic: string, mask: string | null, offset = 0): boolean | undefined =>
  readElfMagic(bytesOfHex(magic), mask === null ? null : bytesOfHex(mask), offset)?.asksForElf;

describe('what a magic asks of an ELF header', () => {
  test('is said field by field for a target, in numbers and words', () => {
    const { magic, mask } = theTarget('aarch64');
    expect(meanings(magic, mask)).toEqual({
      EI_MAG: 'ELF file',
      EI_CLASS: '2: 64-bit',
      EI_DATA: '1: little-endian',
      EI_VERSION: '1: the current one',
      EI_OSABI: 'any OS/ABI',
      EI_ABIVERSION: '0',
      EI_PAD: '0',
      e_type: '2 or 3: executable or PIE',
      e_machine: '183: AArch64',
    });
    expect(asksForElf(magic, mask)).toBe(true);
  });

  test('is read in the byte order that the magic itself tells', () => {
    const { magic, mask } = theTarget('s390x');
    expect(meanings(magic, mask)).toMatchObject({
      EI_DATA: '2: big-endian',
      e_type: '2 or 3: executable or PIE',
      e_machine: '22: IBM S/390',
    });
  });

  test('names every value that a mask lets through when they are few', () => {
    const { magic, mask } = theTarget('i386');
    expect(meanings(magic, mask)).toMatchObject({
      EI_DATA: '0 or 1: little-endian',
      e_machine: '3: Intel 80386',
    });
    expect(meanings('7f454c4602010103', 'fffffffffffffffc')).toMatchObject({
      EI_OSABI: '0, 1, 2 or 3: System V or GNU/Linux',
    });
  });

  test('is a number and its mask when they are many, and the words all the same', () => {
    const { magic, mask } = theTarget('ppc64le');
    expect(meanings(magic, mask)).toMatchObject({
      e_machine: '0x0015 under the mask 0x00ff: PowerPC 64-bit',
    });
    expect(meanings('7f454c46', 'ffff0000')).toEqual({ EI_MAG: 'ELF file, in part' });
    expect(asksForElf('7f454c46', 'ffff0000')).toBe(false);
  });

  test('covers also e_flags where the magic reaches that far', () => {
    const { magic, mask } = theTarget('mipsn32');
    expect(meanings(magic, mask)).toMatchObject({
      e_version: '1: the current one',
      e_entry: 'any value',
      e_flags: '0x00000020 under the mask 0x00000020: the n32 ABI',
    });
    const { magic: o32, mask: o32Mask } = theTarget('mips');
    expect(meanings(o32, o32Mask)).toMatchObject({
      e_flags: '0x00000000 under the mask 0x00000020: not the n32 ABI',
    });
  });

  test('is exact without a mask', () => {
    expect(meanings('7f454c4602010100', null)).toMatchObject({
      EI_OSABI: '0: System V',
      EI_CLASS: '2: 64-bit',
    });
    expect(meanings('7f454c46020101000000000000000000020099990000000000', null)).toMatchObject({
      e_machine: '39321',
    });
  });

  test('is told of addresses byte by byte', () => {
    const start = '7f454c460201010000000000000000000200b70001000000';
    expect(meanings(`${start}0123456789abcdef`, null)).toMatchObject({
      e_entry: 'bytes 01 23 45 67 89 ab cd ef',
    });
    expect(meanings(`${start}0123`, `${'ff'.repeat(24)}f0ff`)).toMatchObject({
      e_entry: 'bytes 00 23 00 00 00 00 00 00 under the mask f0 ff 00 00 00 00 00 00',
    });
  });

  test('goes for the bytes of a field that the magic covers in part', () => {
    const magic = bytesOfHex('7f454c460201010000000000000000000200b7');
    const machine = readElfMagic(magic, null, 0)?.fields.at(-1);
    expect(machine).toMatchObject({
      from: 18,
      size: 1,
      values: '0x00b7 under the mask 0x00ff',
      names: 'AArch64',
    });
  });

  test('is told of a magic that begins within the header, where that names a machine', () => {
    expect(meanings('b700', null, 18)).toEqual({ e_machine: '183: AArch64' });
    expect(meanings('00b7', null, 18)).toEqual({ e_machine: '183: AArch64' });
    expect(meanings('02010100000000000000000002003e00', null, 4)).toMatchObject({
      EI_CLASS: '2: 64-bit',
      e_machine: '62: AMD x86-64',
    });
    expect(asksForElf('b700', null, 18)).toBe(false);
  });

  test('is told of the first 24 bytes where the class is not asked for, as it is another for each', () => {
    const magic = `7f454c460001010000000000000000000200b70001000000${'00'.repeat(8)}`;
    const mask = `ffffffff00${'ff'.repeat(27)}`;
    expect(Object.keys(meanings(magic, mask) ?? {}).at(-1)).toBe('e_version');
  });

  test('is told in the order of the machine where the byte order is not asked for', () => {
    const mask = 'ffffffffff00ffffffffffffffffffffffffffff';
    expect(meanings('7f454c460200010000000000000000000200b700', mask)).toMatchObject({
      EI_DATA: 'any byte order',
      e_machine: '183: AArch64',
    });
    expect(meanings('7f454c46020001000000000000000000ffff9999', mask)).toMatchObject({
      e_machine: 'bytes 99 99',
    });
  });

  test('is nothing for a magic that lies elsewhere or is no ELF file’s', () => {
    expect(meanings('7f454c4602', null, 1)).toBeNull();
    expect(meanings('cafebabe', null)).toBeNull();
    expect(meanings('7f454c', null)).toBeNull();
    expect(meanings('61626364', null, 10)).toBeNull();
    expect(meanings('61626364', null, 16)).toBeNull();
    expect(meanings('b700', 'f000', 18)).toBeNull();
  });

  test('names class, byte order, type and machine of every target', () => {
    for (const { name, magic, mask } of targets) {
      const { e_type, e_machine, EI_CLASS } = meanings(magic, mask) ?? {};
      expect(e_type, name).toBe('2 or 3: executable or PIE');
      expect(EI_CLASS, name).toMatch(/^\d: (32|64)-bit$/);
      expect(e_machine, name).toMatch(/^.+: .+/);
    }
  });

  test('gives every byte of a target’s magic to a field, in order', () => {
    for (const { name, magic, mask } of targets) {
      let next = 0;
      for (const { from, size } of readElfMagic(bytesOfHex(magic), bytesOfHex(mask), 0)?.fields ?? []) {
        expect(from, name).toBe(next);
        next += size;
      }
      expect(next, name).toBe(magic.length / 2);
    }
  });
});

describe('the fields of an ELF header', () => {
  test.each([
    [32, 52],
    [64, 64],
  ] as const)('of class %i lie without gaps in %i bytes', (elfClass, size) => {
    let end = 0;
    for (const field of elfFields(elfClass)) {
      expect(field.offset, field.name).toBe(end);
      end += field.size;
    }
    expect(end).toBe(size);
  });
});
