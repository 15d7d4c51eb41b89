import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../electron/binfmt/operations.ts';
import { type Outcome, parseReport } from '../../electron/elevation/report.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const plan: Plan = ['one', 'two', 'three'].map((name) => ({ kind: 'enable', name }));

type Fate = { readonly status: 'done' } | { readonly status: 'failed'; readonly message: string };

/** What the script prints when its operations end like this. */
const reportOf = (fates: readonly Fate[], token = TOKEN): string =>
  fates
    .map((fate, index) => {
      const said = fate.status === 'failed' ? `${fate.message}\n` : '';
      return `\n${token} ${index + 1} begin\n${said}\n${token} ${index + 1} ${fate.status}\n`;
    })
    .join('');

const summaryOf = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map((outcome) => (outcome.status === 'failed' ? `failed: ${outcome.message}` : outcome.status));
const read = (output: string): readonly string[] => summaryOf(parseReport(output, plan, TOKEN));

const whole = reportOf([
  { status: 'done' },
  { status: 'failed', message: 'bash: line 27: printf: write error: Invalid argument' },
  { status: 'done' },
]);

describe('a report', () => {
  test('says of every operation what became of it', () => {
    expect(read(whole)).toEqual([
      'done',
      'failed: bash: line 27: printf: write error: Invalid argument',
      'done',
    ]);
    expect(parseReport(whole, plan, TOKEN).map((outcome) => outcome.operation)).toEqual(plan);
  });

  test('that is empty says that nothing was reached', () => {
    expect(read('')).toEqual(['not-reached', 'not-reached', 'not-reached']);
  });

  test('keeps several lines of message, and none', () => {
    expect(read(reportOf([{ status: 'failed', message: 'one\ntwo' }]))[0]).toBe('failed: one\ntwo');
    expect(read(reportOf([{ status: 'failed', message: '' }]))[0]).toBe('failed: ');
  });

  test('is read also behind and between other output', () => {
    expect(read(`Warning: whatever\n${whole.replaceAll('begin\n', 'begin\nnoise without end')}`)[2]).toBe(
      'done',
    );
  });

  test('is read also when blank lines got lost on the way', () => {
    expect(read(whole.replace(/\n+/g, '\n'))).toEqual(read(whole));
  });

  test('of operations that are not in the plan says nothing', () => {
    expect(read(`\n${TOKEN} 4 begin\n\n${TOKEN} 4 done\n\n${TOKEN} 0 done\n`)).toEqual(
      Array<string>(3).fill('not-reached'),
    );
  });
});

describe('a report cut off after any byte', () => {
  test('is consistent: done or failed, at most one interrupted, the rest not reached', () => {
    const complete = read(whole);
    for (let length = 0; length <= whole.length; length++) {
      const statuses = read(whole.slice(0, length));
      const ended = statuses.findIndex((status) => status === 'interrupted' || status === 'not-reached');
      const reported = ended < 0 ? statuses.length : ended;
      expect(statuses.slice(0, reported)).toEqual(complete.slice(0, reported));
      expect(statuses.slice(reported + 1)).toEqual(
        Array<string>(Math.max(0, 2 - reported)).fill('not-reached'),
      );

      // Exactly what the bytes that came through say, a whole line at least.
      const begun = [...whole.slice(0, length).matchAll(/ begin\n/g)].length;
      const finished = [...whole.slice(0, length).matchAll(/ (done|failed)\n/g)].length;
      expect([reported, statuses[reported] === 'interrupted'], `after ${length} bytes`).toEqual([
        finished,
        begun > finished,
      ]);
    }
  });

  test('never makes anything else of what tools say, whatever that is', () => {
    const message = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(message, message, fc.nat(), (one, other, cut) => {
        const output = reportOf([
          { status: 'failed', message: one },
          { status: 'failed', message: other },
        ]);
        const length = cut % (output.length + 1);
        const [first = '', second = ''] = read(output.slice(0, length));
        expect([`failed: ${one.trim()}`, 'interrupted', 'not-reached']).toContain(first);
        expect([`failed: ${other.trim()}`, 'interrupted', 'not-reached']).toContain(second);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a message that imitates a report', () => {
  test.each([
    ['with another token', `\n${'f'.repeat(32)} 2 done\n`],
    ['without a token', '\n 2 done\n'],
    ['in the middle of a line', `x ${TOKEN} 2 done`],
    ['with something behind it', `\n${TOKEN} 2 done and more\n`],
  ])('%s is taken for the message it is', (_how, message) => {
    const output = reportOf([{ status: 'done' }, { status: 'failed', message }]);
    expect(read(output)).toEqual(['done', `failed: ${message.trim()}`, 'not-reached']);
  });
});
