import { execFileSync } from 'node:child_process';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { Interpreters } from '../../electron/binfmt/interpreters.ts';
import type { Plan } from '../../electron/binfmt/operations.ts';
import { SnapshotReader } from '../../electron/binfmt/reader.ts';
import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
import { explainFailure } from '../../electron/elevation/explain-failure.ts';
import { parseReport } from '../../electron/elevation/report.ts';
import { buildScript } from '../../electron/elevation/script.ts';
import { settle, settleUnreported } from '../../electron/elevation/settle.ts';
import { clearRegistry, listEntries, readEntry, register, writeToEntry } from '../support/registry.ts';

beforeEach(clearRegistry);
afterAll(clearRegistry);

const reader = new SnapshotReader(
  new Interpreters({ get: () => null, set: () => undefined }, () => undefined),
);

/** Carries the plan out as if it had been made when `planned` was read, and somebody had waited long for root. */
function carryOutLate(plan: Plan, planned: Snapshot) {
  const script = buildScript(plan, 'token', planned.entries);
  const output = execFileSync('/bin/bash', ['-c', script], { encoding: 'latin1' });
  return parseReport(output, plan, 'token');
}

async function sentencesOf(outcomes: ReturnType<typeof carryOutLate>): Promise<readonly string[]> {
  const now = await reader.read();
  return outcomes.map((outcome) =>
    outcome.status === 'failed' ? explainFailure(outcome.operation, outcome.message, now) : outcome.status,
  );
}

test.each(['unregister', 'enable', 'disable'] as const)(
  '%s leaves an entry alone that somebody registered differently while permission was asked for',
  async (kind) => {
    register(':thing:E::one::/bin/true:');
    const planned = await reader.read();
    writeToEntry('thing', '-1');
    register(':thing:E::two::/bin/false:');
    const theirs = readEntry('thing');

    const outcomes = carryOutLate([{ kind, name: 'thing' }], planned);
    expect(await sentencesOf(outcomes)).toEqual([
      'thing was left alone: somebody else changed it meanwhile. It is now registered with /bin/false. ' +
        'Try again if you still want to.',
    ]);
    expect(readEntry('thing')).toBe(theirs);
  },
);

test('what somebody else has removed meanwhile is told, and the rest is done', async () => {
  register(':gone:E::one::/bin/true:');
  register(':kept:E::two::/bin/true:');
  const planned = await reader.read();
  writeToEntry('gone', '-1');
  const outcomes = carryOutLate(
    [
      { kind: 'unregister', name: 'gone' },
      { kind: 'unregister', name: 'kept' },
    ],
    planned,
  );
  expect(await sentencesOf(outcomes)).toEqual(['gone is gone: somebody else removed it.', 'done']);
  expect(listEntries()).toEqual([]);
});

test('an entry that somebody only enabled or disabled meanwhile is still the same entry', async () => {
  register(':thing:E::one::/bin/true:');
  const planned = await reader.read();
  writeToEntry('thing', '0');
  expect(carryOutLate([{ kind: 'unregister', name: 'thing' }], planned)[0]?.status).toBe('done');
});

test('a name that somebody took meanwhile is theirs, and the loser is told', async () => {
  const planned = await reader.read();
  register(':thing:E::theirs::/bin/false:');
  const registration = {
    kind: 'extension',
    name: 'thing',
    extension: 'ours',
    interpreter: '/bin/true',
    flags: '',
  } as const;
  const outcomes = carryOutLate([{ kind: 'register', registration }], planned);
  expect((await sentencesOf(outcomes))[0]).toContain('is taken by an entry registered with /bin/false');
  expect(readEntry('thing')).toContain('.theirs');
});

test('a script killed after each operation in turn: what is told is what the kernel shows', async () => {
  const names = ['a', 'b', 'c', 'd'];
  for (let killedAfter = 0; killedAfter <= names.length; killedAfter++) {
    for (const phase of ['before the report', 'after the report'] as const) {
      clearRegistry();
      for (const name of names) register(`:${name}:E::${name}::/bin/true:`);
      const planned = await reader.read();
      const plan = names.map((name) => ({ kind: 'unregister', name }) as const);
      const script = dyingScript(buildScript(plan, 'token', planned.entries), killedAfter, phase);
      let output = '';
      try {
        output = execFileSync('/bin/bash', ['-c', script], { encoding: 'latin1' });
      } catch (error) {
        output = String((error as { stdout: unknown }).stdout);
      }
      const outcomes = settle(parseReport(output, plan, 'token'), await reader.read(), new Map());
      const left = listEntries();
      for (const [index, name] of names.entries()) {
        expect(outcomes[index]?.status).toBe(left.includes(name) ? 'not-reached' : 'done');
      }
      expect(left).toHaveLength(names.length - killedAfter);
    }
  }
});

test('a report that was lost altogether is read from the kernel', async () => {
  register(':a:E::a::/bin/true:');
  register(':b:E::b::/bin/true:');
  writeToEntry('b', '0');
  const registration = {
    kind: 'extension',
    name: 'a',
    extension: 'a',
    interpreter: '/bin/true',
    flags: '',
  } as const;
  const plan: Plan = [
    { kind: 'register', registration },
    { kind: 'disable', name: 'a' },
    { kind: 'disable', name: 'b' },
    { kind: 'unregister', name: 'c' },
    { kind: 'switch-master', on: false },
    { kind: 'mount' },
  ];
  const outcomes = settleUnreported(plan, await reader.read(), new Map());
  expect(outcomes.map((outcome) => outcome.status)).toEqual([
    'done',
    'not-reached',
    'done',
    'done',
    'not-reached',
    'done',
  ]);
});

/** The same script, killed by SIGKILL behind the n-th write, before or after it is reported. */
function dyingScript(
  script: string,
  killedAfter: number,
  phase: 'before the report' | 'after the report',
): string {
  const die = 'if ((++reached == last)); then kill -KILL $$; fi';
  const [end, dyingEnd] =
    phase === 'before the report'
      ? [
          '  check_entry "$@" && write "$value" "$1"\n}',
          `  check_entry "$@" && write "$value" "$1"; local status=$?; ${die}; return $status\n}`,
        ]
      : ['else report "$number" failed; fi', `else report "$number" failed; fi; ${die}`];
  expect(script).toContain(end);
  // With nothing to be reached, it dies before the first operation.
  const start = killedAfter === 0 ? 'kill -KILL $$' : `reached=0 last=${killedAfter}`;
  // Functions, for a $ in a replacement text has a meaning.
  return script.replace(end, () => dyingEnd).replace('\n\ncarry_out 1', () => `\n${start}\n\ncarry_out 1`);
}
