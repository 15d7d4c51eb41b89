import fc from 'fast-check';
import { type Invocations, invocationNames } from '../../electron/ipc/contract.ts';
import { hostileRequest, hostileText, marksIn } from '../support/hostile.ts';
import { expect, test } from '../support/program.ts';
import { clearRegistry, listEntries, readEntry } from '../support/registry.ts';

const REQUESTS = 400;
const ARGUMENTS = 20;

/** What Playwright can hand to a page: the rest of JavaScript's values are tried in the page itself. */
const sample = <Value>(arbitrary: fc.Arbitrary<Value>, count: number): readonly string[] =>
  fc
    .sample(arbitrary, count * 2)
    .flatMap((value) => jsonOf(value))
    .slice(0, count);

function jsonOf(value: unknown): readonly string[] {
  try {
    const json: string | undefined = JSON.stringify(value);
    return json === undefined ? [] : [json];
  } catch {
    return []; // It has no BigInt and no cycles.
  }
}

test(`${REQUESTS} hostile requests through the bridge are refused with a reason or do what they say`, async ({
  program,
}) => {
  test.setTimeout(120_000);
  const before = readEntry('status');
  const requests = sample(hostileRequest, REQUESTS);
  const answers = await program.page.evaluate(async (texts) => {
    const said: string[] = [];
    for (const text of texts) {
      said.push(
        await window.binfmt.change(JSON.parse(text) as never).then(
          ({ kind, message }) => `${kind}: ${message}`,
          (error: unknown) => `refused: ${String(error)}`,
        ),
      );
    }
    // What one of them has switched off stays off for nobody.
    await window.binfmt.change({ kind: 'switch-master', on: true });
    return said;
  }, requests);
  expect(answers).toHaveLength(REQUESTS);
  for (const answer of answers) expect(answer).toMatch(/^(?:done|partly|failed|dismissed|refused): .*\S/s);
  expect(answers.filter((answer) => answer.startsWith('refused: ')).length).toBeGreaterThan(REQUESTS / 10);
  expect(answers.filter((answer) => answer.startsWith('failed: ')).length).toBeGreaterThan(REQUESTS / 10);
  expect(marksIn()).toEqual([]);
  expect(readEntry('status')).toBe(before);
  await expect(program.targets).toBeVisible();
  clearRegistry();
});

/** They open a dialog of the system, which waits for a person, or end in one. */
const asksInADialog: readonly (keyof Invocations)[] = [
  'chooseInterpreter',
  'chooseSample',
  'explainChosenFile',
  'readChosenImport',
  'exportFiles',
  'chooseImagePlace',
  'chooseLayout',
  'chooseArchive',
  'openLog',
];

test('every channel refuses arguments of other shapes and survives them', async ({ program }) => {
  test.setTimeout(120_000);
  const names = invocationNames.filter((name) => !asksInADialog.includes(name) && name !== 'change');
  const texts = sample(
    fc.array(fc.oneof(hostileText, hostileRequest), { minLength: 1, maxLength: 3 }),
    ARGUMENTS,
  );
  const answers = await program.page.evaluate(
    async ([channels, args]) => {
      /** What JSON cannot carry. */
      const strange: readonly (readonly unknown[])[] = [
        [new Map([['kind', 'reset']])],
        [new Date(0)],
        [Number.NaN],
        [10n],
        [new Uint8Array(4096)],
        [Object.create({ kind: 'mount' })],
        [undefined, null, 1, 2, 3],
        ['x'.repeat(1e6)],
      ];
      const bridge = window.binfmt as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
      const said: string[] = [];
      for (const channel of channels) {
        for (const list of [...args.map((text) => JSON.parse(text) as unknown[]), ...strange]) {
          const call = bridge[channel];
          if (call === undefined) continue;
          said.push(
            await call(...list).then(
              () => 'answered',
              (error: unknown) => String(error),
            ),
          );
        }
      }
      return said;
    },
    [names, texts] as const,
  );
  expect(answers.length).toBeGreaterThan(500);
  for (const answer of answers) expect(answer).not.toBe('');
  expect(answers.filter((answer) => answer !== 'answered').length).toBeGreaterThan(answers.length / 2);
  expect(marksIn()).toEqual([]);
  expect(listEntries()).toEqual([]);
  expect(readEntry('status')).toBe('enabled\n');
  await expect(program.targets).toBeVisible();
});
