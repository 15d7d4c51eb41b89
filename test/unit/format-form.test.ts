import { describe, expect, test } from 'vitest';
import { beginWith, extensionOf, fieldsFrom, withFlag } from '../../renderer/add-format/format-form.ts';

const sampleOf = (bytes: string) => ({ path: '/x', description: '', bytes });

describe('a sample', () => {
  test.each([
    ['504b030414', 4],
    ['4d5a', 2],
    [`7f454c46${'00'.repeat(60)}`, 20],
    ['7f454c46', 4],
  ])('of %s begins with %i bytes', (bytes, count) => {
    expect(beginWith(sampleOf(bytes))).toMatchObject({ from: 0, count });
  });

  test('makes magic and offset, and clears a mask of another length', () => {
    expect(fieldsFrom({ ...sampleOf('0102030405'), from: 1, count: 3 })).toEqual({
      offset: '1',
      magic: '02 03 04',
      mask: '',
    });
  });

  test.each([
    ['/a/b.jar', 'jar'],
    ['/a/b.tar.gz', 'gz'],
    ['/a.d/b', ''],
    ['/a/.hidden', ''],
    ['/a/b.', ''],
  ])('called %s ends in “%s”', (file, extension) => {
    expect(extensionOf(file)).toBe(extension);
  });
});

describe('flags', () => {
  test.each([
    ['', 'F', true, 'F'],
    ['F', 'C', true, 'OCF'],
    ['OCF', 'O', false, 'F'],
    ['OCF', 'C', false, 'OF'],
    ['OF', 'P', true, 'OFP'],
    ['F', 'F', false, ''],
  ])('%s with %s %s are %s', (flags, flag, isSet, expected) => {
    expect(withFlag(flags, flag, isSet)).toBe(expected);
  });
});
