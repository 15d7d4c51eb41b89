import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../electron/binfmt/operations.ts';
import { parseReport } from '../../electron/elevation/report.ts';
import { buildScript } from '../../electron/elevation/script.ts';
import { carryOut, readEntries, registeringOdd, summaryOf, TOKEN } from '../support/carry-out.ts';
import { coverBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import {
  BINFMT_MISC,
  clearRegistry,
  listEntries,
  readEntry,
  register,
  writeToEntry,
} from '../support/registry.ts';

beforeEach(clearRegistry);
afterAll(clearRegistry);

const masterSwitch = (): string => readFileSync(`${BINFMT_MISC}/status`, 'latin1').trim();

describe('the script', () => {
  test('carries out operations of every kind, in their order', async () => {
    register(':old:E::x::/bin/true:');
    const plan: Plan = [
      { kind: 'mount' },
      registeringOdd('first'),
      registeringOdd('second'),
      { kind: 'disable', name: 'first' },
      { kind: 'unregister', name: 'old' },
      { kind: 'switch-master', on: false },
    ];
    expect(summaryOf(await carryOut(plan))).toEqual(plan.map(() => 'done'));
    expect(listEntries()).toEqual(['second', 'first']);
    expect(readEntry('first')).toMatch(/^disabled\n/);
    expect(masterSwitch()).toBe('disabled');

    const back: Plan = [
      { kind: 'enable', name: 'first' },
      { kind: 'switch-master', on: true },
    ];
    expect(summaryOf(await carryOut(back))).toEqual(['done', 'done']);
    expect(readEntry('first')).toMatch(/^enabled\n/);
    expect(masterSwitch()).toBe('enabled');
  });

  test('goes on after an operation that failed', async () => {
    register(':taken:E::x::/bin/true:');
    const plan: Plan = [
      registeringOdd('one'),
      registeringOdd('taken'),
      { kind: 'enable', name: 'gone' },
      registeringOdd('two'),
    ];
    expect(summaryOf(await carryOut(plan))).toEqual([
      'done',
      expect.stringMatching(/^failed: .*File exists$/),
      'failed: Entry is gone',
      'done',
    ]);
    expect(listEntries()).toEqual(['two', 'one', 'taken']);
  });

  test('mounts binfmt_misc where it is not, and leaves it be where it is', async () => {
    coverBinfmtMisc();
    try {
      expect(summaryOf(await carryOut([{ kind: 'mount' }, registeringOdd('x')]))).toEqual(['done', 'done']);
      expect(listEntries()).toEqual(['x']);
      uncoverBinfmtMisc();
      expect(existsSync(`${BINFMT_MISC}/status`)).toBe(false);
    } finally {
      uncoverBinfmtMisc();
    }
    expect(summaryOf(await carryOut([{ kind: 'mount' }]))).toEqual(['done']);
  });

  test('writes nothing into a directory that somebody planted there', async () => {
    register(':x:E::x::/bin/true:');
    const entries = readEntries();
    coverBinfmtMisc();
    try {
      for (const file of ['register', 'status', 'x']) writeFileSync(`${BINFMT_MISC}/${file}`, 'planted');
      const plan: Plan = [
        registeringOdd('y'),
        { kind: 'disable', name: 'x' },
        { kind: 'unregister', name: 'x' },
        { kind: 'switch-master', on: false },
      ];
      expect(summaryOf(await carryOut(plan, entries))).toEqual(
        plan.map(() => 'failed: Not a binfmt_misc file system'),
      );
      for (const file of ['register', 'status', 'x']) {
        expect(readFileSync(`${BINFMT_MISC}/${file}`, 'latin1')).toBe('planted');
      }
      expect(readdirSync(BINFMT_MISC).sort()).toEqual(['register', 'status', 'x']);
    } finally {
      uncoverBinfmtMisc();
    }
    expect(readEntry('x')).toMatch(/^enabled\n/);
  });

  test('does not touch an entry that somebody has registered differently since', async () => {
    register(':x:E::x::/bin/true:');
    const entries = readEntries();
    writeToEntry('x', '-1');
    register(':x:E::x::/bin/false:');
    const plan: Plan = [
      { kind: 'disable', name: 'x' },
      { kind: 'unregister', name: 'x' },
    ];
    expect(summaryOf(await carryOut(plan, entries))).toEqual([
      'failed: Entry was changed',
      'failed: Entry was changed',
    ]);
    expect(readEntry('x')).toMatch(/^enabled\ninterpreter \/bin\/false\n/);
  });

  test('takes an entry for the same that somebody only switched since', async () => {
    register(':x:E::x::/bin/true:');
    const entries = readEntries();
    writeToEntry('x', '0');
    expect(summaryOf(await carryOut([{ kind: 'unregister', name: 'x' }], entries))).toEqual(['done']);
    expect(listEntries()).toEqual([]);
  });
});

describe('a script killed halfway', () => {
  test('has reported what the kernel shows', async () => {
    const plan: Plan = Array.from({ length: 200 }, (_, index) => registeringOdd(`entry-${index}`));
    const script = buildScript(plan, TOKEN, []);
    const seen = new Set<string>();
    for (const killAfter of [0, 1, 2, 10, 40, 90, 130]) {
      clearRegistry();
      const bash = spawn('/bin/bash', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
      let output = '';
      bash.stdout.setEncoding('latin1');
      bash.stdout.on('data', (text: string) => {
        output += text;
        if (output.split(' begin\n').length > killAfter) bash.kill('SIGKILL');
      });
      await once(bash, 'close');

      const statuses = parseReport(output, plan, TOKEN).map((outcome) => outcome.status);
      const registered = new Set(listEntries());
      statuses.forEach((status, index) => {
        seen.add(status);
        const isThere = registered.has(`entry-${index}`);
        if (status === 'done') expect(isThere).toBe(true);
        if (status === 'not-reached') expect(isThere).toBe(false);
      });
      const done = statuses.lastIndexOf('done') + 1;
      expect(statuses.slice(0, done)).toEqual(Array(done).fill('done'));
      expect(statuses.filter((status) => status === 'interrupted').length).toBeLessThanOrEqual(1);
    }
    expect(seen).toContain('done');
    expect(seen).toContain('not-reached');
  });
});
