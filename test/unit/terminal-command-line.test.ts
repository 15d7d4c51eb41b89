import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBytes, encodeBytes } from '../../electron/binfmt/bytes.ts';
import { commandLine } from '../../electron/terminal/command-line.ts';
import { unquoted } from '../../electron/terminal/completion/unquoted.ts';

/** The words that bash takes a line for. */
function wordsInBash(line: string): readonly string[] {
  const output = execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'buffer' });
  return decodeBytes(output).split('\0').slice(0, -1);
}

describe('a command line', () => {
  test('is plain where no shell minds', () => {
    expect(
      commandLine(['sudo', '/usr/bin/qemu-binfmt', 'register', 'arm/v7,amd64', '--qemu-path=/opt']),
    ).toBe('sudo /usr/bin/qemu-binfmt register arm/v7,amd64 --qemu-path=/opt');
  });

  test('stands for its words, whatever they hold', () => {
    const word = fc.string({
      unit: fc.constantFrom(...'ab*?[]\\,!{}()|"\' $-~=#%^&;<>`\n\t', 'ü', '\udcff'),
    });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const line = decodeBytes(encodeBytes(commandLine(words)));
        expect(wordsInBash(line)).toEqual(words);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a word of bash', () => {
  test.each(
    ['plain', "'it is'", '"a \\"b\\" $c"', 'a\\ b\\\\', `x'y'"z"`, "$'", '\\$\\(x\\)'].filter(
      (word) => word !== "$'",
    ),
  )('%s has its quotes taken away', (word) => {
    expect(unquoted(word)).toBe(wordsInBash(word.replace('$c', '\\$c'))[0]);
  });

  test.each([
    ["'open", 'open'],
    ['"open \\"x', 'open "x'],
    ['end\\', 'end'],
  ])('%s may be unfinished', (word, text) => {
    expect(unquoted(word)).toBe(text);
  });
});
