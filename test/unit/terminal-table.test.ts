import { describe, expect, test } from 'vitest';
import { formatTable } from '../../electron/terminal/table.ts';
import { exampleRow, exampleSnapshot, executable, magicEntry } from '../support/example-data.ts';

const aarch64 = exampleRow({ state: 'Enabled', entry: magicEntry({ flags: 'PF' }) });

describe('the table in a terminal', () => {
  test('has aligned columns under its headings', () => {
    const vax = exampleRow({ name: 'vax', state: 'Not installed', interpreter: null });
    expect(formatTable(exampleSnapshot({ targets: [aarch64], formats: [vax] }))).toBe(
      `x86_64 · Linux 6.18.0 · binfmt_misc is on

TARGET   STATE          INTERPRETER                                FLAGS
aarch64  Enabled        /usr/bin/qemu-aarch64-static (QEMU 9.2.0)  PF
vax      Not installed  -                                          -
`,
    );
  });

  test('says that an interpreter is missing', () => {
    const interpreter = { ...executable('/gone'), file: 'missing', qemuVersion: null } as const;
    const text = formatTable(exampleSnapshot({ targets: [{ ...aarch64, state: 'Broken', interpreter }] }));
    expect(text).toContain('aarch64  Broken  /gone (missing)  PF');
  });

  test.each([
    ['off', /binfmt_misc is switched off: no registered format runs/],
    ['not-mounted', /binfmt_misc is not mounted/],
    ['not-loaded', /module binfmt_misc is not loaded/],
    ['unsupported', /this kernel has no binfmt_misc/],
  ] as const)('says in its first line that binfmt_misc is %s', (binfmtMisc, sentence) => {
    expect(formatTable(exampleSnapshot({ binfmtMisc })).split('\n')[0]).toMatch(sentence);
  });

  test('lets no name command the terminal', () => {
    const hostile = exampleRow({ name: '\x1b[2J\x9b2J\n\r\x07ä\udcff', entryNames: [] });
    const text = formatTable(exampleSnapshot({ formats: [hostile] }));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
    expect(text.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    expect(text).toContain('?[2J?2J???ä?');
  });
});
