import { describe, expect, test } from 'vitest';
import { readElfMagic } from '../../electron/binfmt/elf-description.ts';
import { elfFields } from '../../electron/binfmt/elf-header.ts';
import { bytesOfHex } from '../../electron/binfmt/hex.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import { theTarget } from '../support/example-data.ts';

/** Field names and their meanings; free fields in brackets. */
function meanings(magic: string, mask: string | null, offset = 0): Readonly<Record<string, string>> | null {
  const readings = readElfMagic(bytesOfHex(magic), mask === null ? null : bytesOfHex(mask), offset);
  if (readings === null) return null;
  return Object.fromEntries(
    readings.map(({ field, meaning, isFree }) => [field.name, isFree ? `[${meaning}]` : meaning]),
  );
}

describe('what a magic asks of an ELF header', () => {
  test('is said field by field for a target', () => {
    const { magic, mask } = theTarget('aarch64');
    expect(meanings(magic, mask)).toEqual({
      EI_MAG: 'ELF file',
      EI_CLASS: '64-bit',
      EI_DATA: 'little-endian',
      EI_VERSION: 'version 1',
      EI_OSABI: '[any OS/ABI]',
      EI_ABIVERSION: '0',
      EI_PAD: '0',
      e_type: 'executable or PIE',
      e_machine: 'machine 183, AArch64',
    });
  });

  test('is read in the byte order that the magic itself tells', () => {
    const { magic, mask } = theTarget('s390x');
    expect(meanings(magic, mask)).toMatchObject({
      EI_DATA: 'big-endian',
      e_type: 'executable or PIE',
      e_machine: 'machine 22, IBM S/390',
    });
  });

  test('names every value that a mask lets through when they are few', () => {
    const { magic, mask } = theTarget('i386');
    expect(meanings(magic, mask)).toMatchObject({
      EI_DATA: 'byte order 0 or little-endian',
      e_machine: 'machine 3, Intel 80386',
    });
    expect(meanings('7f454c4602010103', 'fffffffffffffffc')).toMatchObject({
      EI_OSABI: 'System V, OS/ABI 1, OS/ABI 2 or GNU/Linux',
    });
  });

  test('is a number and its mask when they are many', () => {
    const { magic, mask } = theTarget('ppc64le');
    expect(meanings(magic, mask)).toMatchObject({ e_machine: '0x0015 under the mask 0x00ff' });
    expect(meanings('7f454c46', 'ffff0000')).toEqual({ EI_MAG: 'ELF file, in part' });
  });

  test('covers also e_flags where the magic reaches that far', () => {
    const { magic, mask } = theTarget('mipsn32');
    expect(meanings(magic, mask)).toMatchObject({
      e_version: '1',
      e_entry: '[any e_entry]',
      e_flags: '0x00000020 under the mask 0x00000020',
    });
  });

  test('is exact without a mask', () => {
    expect(meanings('7f454c4602010100', null)).toMatchObject({ EI_OSABI: 'System V', EI_CLASS: '64-bit' });
    expect(meanings('7f454c46020101000000000000000000020099990000000000', null)).toMatchObject({
      e_machine: 'machine 39321',
    });
  });

  test('leaves out a field that the magic covers in part', () => {
    expect(Object.keys(meanings('7f454c460101010000', null) ?? {}).at(-1)).toBe('EI_ABIVERSION');
  });

  test('is nothing for a magic that lies elsewhere or is no ELF file’s', () => {
    expect(meanings('7f454c4602', null, 1)).toBeNull();
    expect(meanings('cafebabe', null)).toBeNull();
    expect(meanings('7f454c', null)).toBeNull();
  });

  test('names class, byte order, type and machine of every target', () => {
    for (const { name, magic, mask } of targets) {
      const { e_type, e_machine, EI_CLASS } = meanings(magic, mask) ?? {};
      expect(e_type, name).toBe('executable or PIE');
      expect(EI_CLASS, name).toMatch(/^(32|64)-bit$/);
      if (name !== 'ppc64le') expect(e_machine, name).toMatch(/^machine \d+, .+/);
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
