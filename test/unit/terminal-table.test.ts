import { describe, expect, test } from 'vitest';
import { type Finding, obstacleOf } from '../../electron/binfmt/diagnosis/finding.ts';
import { withFindings } from '../../electron/binfmt/diagnosis/findings.ts';
import type { Row, Snapshot } from '../../electron/binfmt/snapshot.ts';
import { formatTable } from '../../electron/terminal/table.ts';
import { exampleRow, exampleSnapshot, executable, magicEntry } from '../support/example-data.ts';

const aarch64 = exampleRow({
  state: 'Enabled',
  entry: magicEntry({ flags: 'PF' }),
  entryNames: ['qemu-aarch64'],
  boot: { kind: 'until-restart' },
});
const vax = exampleRow({ name: 'vax', label: 'VAX', state: 'Not installed', interpreter: null });

/** The table's lines, as a terminal of that width shows them; null: none looks at lines. */
async function linesOf(
  rows: readonly Row[],
  columns: number | null,
  snapshot: Snapshot = exampleSnapshot(),
): Promise<readonly string[]> {
  const text = await formatTable(rows, snapshot, { columns, paint: (_style, part) => part });
  return text.trimEnd().split('\n');
}

/** The lines behind what is said of the whole system. */
const tableIn = (lines: readonly string[]): readonly string[] => lines.slice(lines.indexOf('') + 1);

describe('the table in a terminal', () => {
  test('has aligned columns under its headings, all of them where there is room', async () => {
    expect(await linesOf([aarch64, vax], null)).toEqual([
      'x86_64 · Linux 6.18.0 · binfmt_misc is on',
      '',
      'TARGET   DESCRIPTION  STATE          INTERPRETER                   QEMU   FLAGS  AT BOOT',
      'aarch64  ARM, 64-bit  Enabled        /usr/bin/qemu-aarch64-static  9.2.0  PF     until restart',
      'vax      VAX          Not installed  -                             -      -      -',
    ]);
  });

  test.each([
    [90, 'TARGET   STATE          INTERPRETER                   QEMU   FLAGS  AT BOOT'],
    [80, 'TARGET   STATE          INTERPRETER                   FLAGS  AT BOOT'],
    [70, 'TARGET   STATE          INTERPRETER                   FLAGS'],
    [54, 'TARGET   STATE          INTERPRETER'],
    [40, 'TARGET   STATE          INTERPRETER'],
  ])('gives up columns at %i, the description first', async (columns, headings) => {
    const lines = await linesOf([aarch64, vax], columns);
    expect(tableIn(lines)[0]).toBe(headings);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  test('cuts the beginning off a path that does not fit', async () => {
    const lines = await linesOf([aarch64, vax], 40);
    expect(tableIn(lines)[1]).toBe('aarch64  Enabled        …-aarch64-static');
  });

  test('says that an interpreter is missing, and marks rows with a problem', async () => {
    const interpreter = { ...executable('/gone'), file: 'missing', qemuVersion: null } as const;
    const finding: Finding = {
      id: 'interpreter-missing',
      severity: 'error',
      subject: { kind: 'entry', name: 'qemu-aarch64' },
      sentence: 'It is gone.',
      detail: '',
      action: null,
    };
    const snapshot = exampleSnapshot({ findings: [finding] });
    const lines = await linesOf([{ ...aarch64, state: 'Broken', interpreter }, vax], null, snapshot);
    expect(lines[3]).toMatch(/^aarch64 {2}ARM, 64-bit {2}Broken \(!\) +\/gone \(missing\) +- +PF/);
    expect(lines.at(-1)).toBe('(!) The verb “show” says what there is to know.');
    const narrow = await linesOf([{ ...aarch64, state: 'Broken', interpreter }, vax], 40, snapshot);
    expect(narrow.slice(-2)).toEqual(['(!) The verb “show” says what there is', 'to know.']);
  });

  test.each([
    ['off', /binfmt_misc is switched off/, /No program of another CPU runs/],
    ['not-mounted', /binfmt_misc is not mounted/, /no program of another CPU runs/],
    ['not-loaded', /module binfmt_misc is not loaded/, /no program of another CPU runs/],
    ['unsupported', /This kernel has no binfmt_misc/, /programs of other CPUs cannot be handed to QEMU/],
  ] as const)(
    'says first that binfmt_misc is %s, as the window does',
    async (binfmtMisc, sentence, detail) => {
      const snapshot = withFindings(exampleSnapshot({ binfmtMisc }));
      const [first, second] = await linesOf([], null, snapshot);
      expect(first).toMatch(sentence);
      expect(second).toMatch(detail);
      expect(first).toContain(obstacleOf(snapshot.findings)?.sentence);
    },
  );

  test('lets no name command the terminal, or turn its line around', async () => {
    const hostile = exampleRow({ name: '\x1b[2J\x9b2J\n\r\x07ä\udcff\u202e', entryNames: [] });
    const text = (await linesOf([hostile], null)).join('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
    expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
    expect(text).toContain('?[2J?2J???ä??');
  });
});
