import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { formatRegisterLine } from '../../electron/binfmt/register-line.ts';
import type { ChangeRequest } from '../../electron/plan-change.ts';
import { registrationOfTarget } from '../support/example-data.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { newManager } from '../support/manage.ts';
import { coverBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import { clearRegistry, readEntry, readRegistry, register, writeToEntry } from '../support/registry.ts';
import { killedAtStep } from '../support/root-shell.ts';

const { directory, remove } = temporaryDirectory();
beforeEach(clearRegistry);
afterAll(() => {
  clearRegistry();
  remove();
});

const look = () => ({ entries: readRegistry(), status: readEntry('status') });
const THING = ':thing:E::thing::/bin/true:';
const addThing = (name: string): ChangeRequest => ({
  kind: 'add-format',
  registration: { kind: 'extension', name, extension: 'thing', interpreter: '/bin/false', flags: '' },
  existing: 'replace',
});

/** Makes the change over and over, killed one step later each time, until it is not killed any more. */
async function atEachStep(
  arrange: () => void,
  request: ChangeRequest,
  check: (result: Awaited<ReturnType<typeof change>>) => Promise<void>,
): Promise<void> {
  for (let step = 0, died = true; died; step++) {
    clearRegistry();
    arrange();
    const result = await change(request, step);
    died = result.died;
    await check(result);
    if (!died) expect(step).toBeGreaterThan(1);
  }
}

async function change(request: ChangeRequest, step: number) {
  const file = path.join(directory, `changes-${request.kind}-${step}`);
  writeFileSync(file, '');
  const manager = newManager(file);
  const before = look();
  const { value, died } = await killedAtStep(step, () => manager.change(request));
  return { manager, file, before, result: value, died, after: look(), step };
}

describe('a change whose script is killed at any step: what is told is what the kernel shows', () => {
  test.each<[string, ChangeRequest]>([
    ['unregister', { kind: 'unregister', names: ['thing'] }],
    ['disable', { kind: 'switch-entries', names: ['thing'], on: false }],
    ['enable', { kind: 'switch-entries', names: ['off'], on: true }],
    ['switch-master', { kind: 'switch-master', on: false }],
    ['register', addThing('other')],
  ])('%s', async (_kind, request) => {
    const arrange = (): void => {
      register(':off:E::off::/bin/true:');
      writeToEntry('off', '0');
      register(THING);
    };
    await atEachStep(arrange, request, async ({ manager, before, after, result, step }) => {
      const isSame = JSON.stringify(after) === JSON.stringify(before);
      expect(result.kind, `step ${step}`).toBe(isSame ? 'failed' : 'done');
      if (isSame) expect(result.message).toMatch(/: not carried out, the work was interrupted before\.$/);
      expect(result.undo === null).toBe(isSame);
      expect(await manager.pastChanges()).toMatchObject([{ message: result.message, canUndo: !isSame }]);
      if (result.undo === null) return;
      await manager.change({ kind: 'undo', change: result.undo });
      expect(look()).toEqual(before);
    });
  });

  test('mount', async () => {
    for (let step = 0, died = true; died; step++) {
      coverBinfmtMisc();
      const mounted = await change({ kind: 'mount' }, step);
      died = mounted.died;
      const isMounted = mounted.after.status !== null;
      expect(mounted.result).toMatchObject({ kind: isMounted ? 'done' : 'failed', undo: null });
      if (isMounted) uncoverBinfmtMisc();
      uncoverBinfmtMisc();
    }
  });

  const mine = registrationOfTarget('arm', { name: 'mine', interpreter: '/bin/true', flags: '' });
  const line = formatRegisterLine(mine);
  const halves = {
    thing: [
      'thing is still there, and what was to take its place is registered as thing~trial and comes first.',
      'thing is gone, and what takes its place is registered as thing~trial.',
      'thing is replaced, and thing~trial, which is the same, is left behind.',
    ],
    mine: ['qemu-arm is registered, and mine still is, too.'],
  } as const;

  test.each<['thing' | 'mine', ChangeRequest, string]>([
    ['thing', addThing('thing'), THING],
    ['mine', { kind: 'replace', name: 'mine', target: 'arm' }, line.ok ? line.value : ''],
  ])('replace, of %s, and Undo leads back from wherever it ended', async (name, request, old) => {
    const told = new Set<string>();
    await atEachStep(
      () => register(old),
      request,
      async ({ manager, file, before, after, result, step }) => {
        const names = after.entries.map(([one]) => one);
        const isSame = JSON.stringify(after) === JSON.stringify(before);
        const isHalf = names.length > 1 || names.includes('thing~trial');
        expect(result.kind, `step ${step}`).toBe(isSame || isHalf ? 'failed' : 'done');
        expect(result.undo === null).toBe(isSame);
        if (isSame) expect(result.message).toMatch(/: not carried out, the work was interrupted before\.$/);
        if (isHalf) {
          const half = /: interrupted halfway\. (.*) Undo puts back what was there before\.$/.exec(
            result.message,
          );
          told.add(half?.[1] ?? '');
          // The program may have been killed, too: then its next start says the same.
          const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
          writeFileSync(file, `${lines[0]}\n`);
          expect(await newManager(file).pastChanges()).toMatchObject([
            { kind: 'unknown', details: [result.message], canUndo: true },
          ]);
          writeFileSync(file, `${lines.join('\n')}\n`);
        }
        expect(await manager.pastChanges()).toMatchObject([{ message: result.message, canUndo: !isSame }]);
        if (result.undo === null) return;
        expect(await manager.change({ kind: 'undo', change: result.undo })).toMatchObject({
          kind: 'done',
          details: [],
        });
        expect(look()).toEqual(before);
      },
    );
    expect([...told]).toEqual(halves[name]);
  });
});
