import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { formatManual } from '../../electron/terminal/manual.ts';
import { options } from '../../electron/terminal/options.ts';
import { verbs } from '../../electron/terminal/verbs.ts';

const manual = formatManual('1.2.3', '2026-01-31');
const has = (program: string): boolean => spawnSync('which', [program]).status === 0;

/** What a program makes of the page: its output, and what it complains of. */
function readBy(
  program: string,
  ...args: readonly string[]
): { readonly text: string; readonly complaints: string } {
  const { stdout, stderr } = spawnSync(program, args, {
    input: manual,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  return { text: stdout, complaints: stderr };
}

describe('the manual page', () => {
  test.skipIf(!has('mandoc'))('passes mandoc’s lint (skipped where there is no mandoc)', () => {
    expect(readBy('mandoc', '-T', 'lint', '-W', 'style')).toEqual({ text: '', complaints: '' });
  });

  test.skipIf(!has('groff'))(
    'renders without a warning and tells of every verb and option (skipped where there is no groff)',
    () => {
      const { text, complaints } = readBy('groff', '-man', '-ww', '-T', 'utf8', '-P', '-cbou', '-rLL=200n');
      expect(complaints).toBe('');
      for (const { name, examples } of verbs) {
        expect(text).toMatch(new RegExp(`^ {7}${name}\\b`, 'm'));
        for (const { command } of examples) expect(text).toContain(`       ${command}\n`);
      }
      for (const name of Object.keys(options))
        expect(text).toMatch(new RegExp(`^ {7}(-\\w, )?--${name}\\b`, 'm'));
      expect(text).toMatch(/^QEMU-BINFMT\(1\)/);
    },
  );
});
