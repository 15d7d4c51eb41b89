import { describe, expect, test } from 'vitest';
import { readNumber } from '../../electron/binfmt/elf-header.ts';
import { hexOfBytes } from '../../electron/binfmt/hex.ts';
import { takes } from '../../electron/binfmt/matcher.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import { buildElfProgram, LOAD_ADDRESS } from '../../electron/binfmt/verify/programs/elf-program.ts';
import { inWrittenOrder, littleEndian } from '../../electron/binfmt/verify/programs/machine-code.ts';
import { proofProgram } from '../../electron/binfmt/verify/proof-program.ts';
import { registrationOfTarget, theTarget } from '../support/example-data.ts';

/** The fields of a file, read without the code that writes them (elf(5)). */
function fieldsOf(file: Uint8Array) {
  const order = file[5] === 2 ? 'big' : 'little';
  const number = (offset: number, size: number): number => readNumber(file, offset, size, order);
  const common = { type: number(16, 2), machine: number(18, 2), version: number(20, 4) };
  return file[4] === 2
    ? {
        ...common,
        entry: number(24, 8),
        programHeaderAt: number(32, 8),
        sectionsAt: number(40, 8),
        flags: number(48, 4),
        sizes: [number(52, 2), number(54, 2), number(56, 2)],
        segment: { type: number(64, 4), flags: number(68, 4), offset: number(72, 8), address: number(80, 8) },
        segmentSizes: [number(96, 8), number(104, 8)],
        align: number(112, 8),
        codeAt: 120,
        word: (offset: number) => number(offset, 8),
      }
    : {
        ...common,
        entry: number(24, 4),
        programHeaderAt: number(28, 4),
        sectionsAt: number(32, 4),
        flags: number(36, 4),
        sizes: [number(40, 2), number(42, 2), number(44, 2)],
        segment: { type: number(52, 4), flags: number(76, 4), offset: number(56, 4), address: number(60, 4) },
        segmentSizes: [number(68, 4), number(72, 4)],
        align: number(80, 4),
        codeAt: 84,
        word: (offset: number) => number(offset, 4),
      };
}

describe.each(targets.map((target) => ({ target, name: target.name })))(
  'the program of $name',
  ({ target }) => {
    const file = proofProgram(target);
    const fields = fieldsOf(file);

    test('is taken by its own target’s entry and by no other’s', () => {
      const head = new Uint8Array(256);
      head.set(file);
      const takers = targets.filter((one) => takes(registrationOfTarget(one.name), { head, path: '' }));
      expect(takers.map((one) => one.name)).toEqual([target.name]);
    });

    test('is a static executable of at most 512 bytes, with one header for all of it', () => {
      expect(file.length).toBeLessThanOrEqual(512);
      expect(hexOfBytes(file.subarray(0, 4))).toBe('7f454c46');
      expect([fields.type, fields.version, fields.sectionsAt]).toEqual([2, 1, 0]);
      const is64 = file[4] === 2;
      expect(fields.sizes).toEqual(is64 ? [64, 56, 1] : [52, 32, 1]);
      expect(fields.programHeaderAt).toBe(is64 ? 64 : 52);
      expect(fields.segment).toEqual({ type: 1, flags: 5, offset: 0, address: LOAD_ADDRESS });
      expect(fields.segmentSizes).toEqual([file.length, file.length]);
    });

    test('lies on a boundary of the largest page', () => {
      expect(fields.align).toBe(0x10000);
      expect(fields.segment.address % fields.align).toBe(0);
    });

    test('starts at its first instruction', () => {
      expect(fields.entry).toBe(LOAD_ADDRESS + fields.codeAt);
      if (target.name !== 'ppc64') return;
      // The entry is a descriptor: the code's address, and two pointers that the code does not use.
      expect(fields.word(fields.codeAt)).toBe(LOAD_ADDRESS + fields.codeAt + 24);
      expect([fields.word(fields.codeAt + 8), fields.word(fields.codeAt + 16)]).toEqual([0, 0]);
      expect(file.length).toBe(fields.codeAt + 24 + 12);
    });
  },
);

describe('the programs', () => {
  test.each([
    ['mips', 0x50001000],
    ['mipsn32', 0x60000020],
    ['mipsn32el', 0x60000020],
    ['mips64', 0x60000000],
    ['ppc64', 1],
    ['ppc64le', 2],
    ['arm', 0x05000000],
    ['armeb', 0x05800000],
    ['sparc32plus', 0x100],
    ['hppa', 0x210],
    ['sh4', 9],
    ['hexagon', 0x60],
    ['loongarch64', 0x43],
    ['riscv64', 0],
  ])('tell the ABI of %s in e_flags', (name, flags) => {
    expect(fieldsOf(proofProgram(theTarget(name))).flags).toBe(flags);
  });

  test('are all different', () => {
    expect(new Set(targets.map((target) => hexOfBytes(proofProgram(target)))).size).toBe(targets.length);
  });

  test('of the ARMs have little-endian code whatever the order of their data', () => {
    const codeOf = (name: string): string => hexOfBytes(proofProgram(theTarget(name)).slice(-12));
    expect(codeOf('armeb')).toBe(codeOf('arm'));
    expect(codeOf('aarch64_be')).toBe(codeOf('aarch64'));
    expect(codeOf('arm')).toBe('0170a0e32a00a0e3000000ef');
  });

  test('are missing for targets that nobody knows', () => {
    expect(() => proofProgram({ ...theTarget('arm'), name: 'vax' })).toThrow(RangeError);
  });
});

describe('machine code', () => {
  test('is as the manual writes it, or with each instruction reversed', () => {
    const listing = [
      ['01020304', 'one'],
      ['0506', 'another'],
    ] as const;
    expect(hexOfBytes(inWrittenOrder(listing))).toBe('010203040506');
    expect(hexOfBytes(littleEndian(listing))).toBe('040302010605');
  });
});

test('a whole file is what elf(5) says', () => {
  const file = buildElfProgram({
    elfClass: 32,
    byteOrder: 'big',
    machine: 0x0102,
    flags: 0x03040506,
    osAbi: 3,
    code: Uint8Array.of(0xca, 0xfe),
  });
  expect(hexOfBytes(file).replace(/.{8}/g, '$& ').trim().split(' ')).toEqual([
    ...['7f454c46', '01020103', '00000000', '00000000', '00020102', '00000001', '00400054', '00000034'],
    ...['00000000', '03040506', '00340020', '00010000', '00000000'],
    ...['00000001', '00000000', '00400000', '00400000', '00000056', '00000056', '00000005', '00010000'],
    'cafe',
  ]);
});
