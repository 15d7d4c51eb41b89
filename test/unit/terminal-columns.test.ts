import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { formatColumns } from '../../electron/terminal/columns.ts';
import { cutTo, wrap } from '../../electron/terminal/text-width.ts';

const columns = [
  { heading: 'A', narrowest: 10 },
  { heading: 'B', givesWay: 1 },
  { heading: 'C', keepsEnd: true },
];

describe('columns', () => {
  test('are never wider than the terminal, whatever they hold', async () => {
    const cells = fc.array(
      fc.tuple(fc.string({ unit: 'grapheme' }), fc.string(), fc.string({ unit: 'grapheme' })),
    );
    await fc.assert(
      fc.asyncProperty(cells, fc.integer({ min: 16, max: 200 }), async (rows, width) => {
        for (const line of await formatColumns(columns, rows, width)) {
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
    );
  });

  test('stay aligned where a character takes two of the terminal’s', async () => {
    const lines = await formatColumns(
      columns,
      [
        ['日本', 'x', 'y'],
        ['ab', 'x', 'y'],
      ],
      null,
    );
    expect(lines).toEqual(['A     B  C', '日本  x  y', 'ab    x  y']);
  });

  test('are painted without changing their width', async () => {
    const painted = [{ heading: 'A', paint: (text: string) => `<${text}>` }, { heading: 'B' }];
    expect(
      await formatColumns(
        painted,
        [
          ['x', 'y'],
          ['long', 'y'],
        ],
        null,
      ),
    ).toEqual(['A     B', '<x   >  y', '<long>  y']);
  });
});

describe('a text', () => {
  test.each([
    ['abcdef', 6, false, 'abcdef'],
    ['abcdef', 4, false, 'abc…'],
    ['abcdef', 4, true, '…def'],
    ['日本語', 4, false, '日…'],
    ['日本語', 5, true, '…本語'],
  ])('%s is cut to %i columns', (text, room, keepsEnd, cut) => {
    expect(cutTo(text, room, keepsEnd, stringWidth)).toBe(cut);
  });

  test('is broken into lines at blanks, and nowhere else', () => {
    expect(wrap('one two three-and-more four', 9, stringWidth)).toEqual([
      'one two',
      'three-and-more',
      'four',
    ]);
  });
});
