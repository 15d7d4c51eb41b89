import { afterAll, beforeEach, expect, test } from 'vitest';
import { History } from '../../electron/history.ts';
import { BinfmtManager } from '../../electron/manager.ts';
import type { ChangeRequest } from '../../electron/plan-change.ts';
import { newManager } from '../support/manage.ts';
import { noVersions } from '../support/read-snapshot.ts';
import { clearRegistry, listEntries } from '../support/registry.ts';

beforeEach(clearRegistry);
afterAll(clearRegistry);

/** Something that no part of this program asks for, and that planning stumbles over. */
const nonsense = { kind: 'switch-entries', names: null, on: true } as unknown as ChangeRequest;

test('a fault in planning a request is told in its answer, and no other waits for it', async () => {
  const manager = newManager();
  const answer = expect.stringMatching(/^Nothing was changed\. This program has a fault \(TypeError: /);
  const results = await Promise.all([
    manager.change({ kind: 'switch-target', target: 'arm', on: true }),
    manager.change(nonsense),
    manager.change({ kind: 'switch-target', target: 's390x', on: true }),
  ]);
  expect(results).toMatchObject([
    { kind: 'done' },
    { kind: 'failed', message: answer },
    { kind: 'done', message: 'Registered s390x' },
  ]);
  expect(listEntries()).toEqual(['qemu-s390x', 'qemu-arm']);
  expect(await manager.preview(nonsense)).toMatchObject({ problem: answer });
});

test('a fault in carrying out is told in the answer, and what is asked for next has its turn', async () => {
  let isFaulty = true;
  const history = new History('/bin/true/changes', () => {
    if (isFaulty) throw new Error('no record');
  });
  const manager = new BinfmtManager({ kind: 'root' }, noVersions, () => undefined, history);
  expect(await manager.change({ kind: 'switch-target', target: 'arm', on: true })).toMatchObject({
    kind: 'failed',
    message:
      'This program has a fault (Error: no record); please report it. The table shows what became of the change.',
  });
  isFaulty = false;
  expect(await manager.change({ kind: 'switch-target', target: 's390x', on: true })).toMatchObject({
    kind: 'done',
  });
});
