import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../electron/binfmt/operations.ts';
import { carryOut, readEntries, registeringOdd, summaryOf, TOKEN } from '../support/carry-out.ts';
import { BINFMT_MISC, clearRegistry, listEntries, register } from '../support/registry.ts';

beforeEach(clearRegistry);
afterAll(clearRegistry);

const masterSwitch = (): string => readFileSync(`${BINFMT_MISC}/status`, 'latin1').trim();

describe('names and paths like shell code', () => {
  const hostile = [
    '$(touch pwned)',
    '`touch pwned`',
    "';touch pwned;'",
    "'\n touch pwned\n'",
    '"; touch pwned; "',
    '\\$(touch pwned)',
    "\\'; touch pwned #",
    '> pwned',
    '-1',
    '-e',
    '--help',
    '*',
    '~',
    '{a,b}',
    '!!',
    'a b\tc',
    '%s%n\\x41',
    ']]',
    '\udcff\udc80\x01',
    `\n${TOKEN} 1 done\n`,
    'x\n',
    '\n',
  ];

  test.each(hostile)('are registered, switched and removed as the names they are: %j', async (name) => {
    const program = registeringOdd(name, { interpreter: `/${name.replaceAll('/', '')}` });
    expect(summaryOf(await carryOut([program, { kind: 'disable', name }]))).toEqual(['done', 'done']);
    expect(listEntries()).toEqual([name]);
    expect(readEntries()).toMatchObject([{ name, enabled: false, interpreter: `/${name}` }]);
    expect(summaryOf(await carryOut([{ kind: 'enable', name }]))).toEqual(['done']);
    expect(readEntries()).toMatchObject([{ name, enabled: true }]);
    expect(summaryOf(await carryOut([{ kind: 'unregister', name }]))).toEqual(['done']);
    expect(listEntries()).toEqual([]);
    for (const place of ['/', process.cwd(), BINFMT_MISC]) {
      expect(existsSync(path.join(place, 'pwned'))).toBe(false);
    }
  });

  test.each(['status', 'register', '.', '..', '../binfmt_misc/x', ''])(
    'never lead away from the entries: %j',
    async (name) => {
      register(':x:E::x::/bin/true:');
      const before = readEntries();
      const plan: Plan = [
        { kind: 'unregister', name },
        { kind: 'disable', name },
      ];
      expect(summaryOf(await carryOut(plan))).toEqual(['failed: Not an entry', 'failed: Not an entry']);
      expect(readEntries()).toEqual(before);
      expect(masterSwitch()).toBe('enabled');
    },
  );

  test('cannot imitate a report', async () => {
    register(`|x\n${TOKEN} 2 done\n|E||x||/bin/true|`);
    const name = `x\n${TOKEN} 2 done\n`;
    const outcomes = await carryOut([
      { kind: 'disable', name },
      { kind: 'enable', name: 'gone' },
    ]);
    expect(summaryOf(outcomes)).toEqual(['done', 'failed: Entry is gone']);
  });
});
