import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { History } from '../../electron/history.ts';
import { planUndo } from '../../electron/undo.ts';
import { entryText, exampleSnapshot, registrationOfTarget } from '../support/example-data.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'history-'));
  file = path.join(directory, 'sub', 'history');
});
afterEach(() => rmSync(directory, { recursive: true }));

const failUnexpectedly = (error: unknown): never => {
  throw error;
};
const open = (): History => new History(file, failUnexpectedly);
const arm = registrationOfTarget('arm');
const change: Parameters<History['begin']>[0] = {
  time: '2026-01-02T03:04:05.000Z',
  who: 'me',
  way: 'root',
  plan: [{ kind: 'unregister', name: 'qemu-arm' }],
  script: 'true\n',
  before: { masterOn: true, entries: [{ name: 'qemu-arm', text: entryText(arm) }] },
};
const done = { kind: 'done' as const, message: 'Removed qemu-arm', details: [] as string[] };

describe('the history', () => {
  test('remembers changes and their results, the newest first, also for the next start', () => {
    const history = open();
    const first = history.begin(change);
    const second = history.begin({ ...change, who: 'you' });
    history.finish(first, done);
    for (const one of [history, open()]) {
      expect(one.list().map(({ id, who, finished }) => [id, who, finished])).toEqual([
        [second, 'you', null],
        [first, 'me', done],
      ]);
      expect(one.get(first)).toEqual({ ...change, id: first, finished: done });
      expect(one.get(99)).toBeUndefined();
    }
  });

  test('goes on counting where it was', () => {
    const first = open().begin(change);
    expect(open().begin(change)).toBe(first + 1);
  });

  test('is one for the window and the terminal: each sees what the other wrote, and numbers go on', () => {
    const window = open();
    const terminal = open();
    const first = window.begin(change);
    const second = terminal.begin({ ...change, who: 'you' });
    window.finish(first, done);
    expect(second).toBe(first + 1);
    for (const one of [window, terminal]) {
      expect(one.list().map(({ id, who, finished }) => [id, who, finished])).toEqual([
        [second, 'you', null],
        [first, 'me', done],
      ]);
    }
    expect(window.get(second)?.who).toBe('you');
  });

  test('is for its owner alone to read', () => {
    open().begin(change);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('passes over lines that make no sense, and keeps the others', () => {
    const history = open();
    history.begin(change);
    appendFileSync(
      file,
      '{"begun":{"id":9}}\n[]\nno json\n{"finished":{"kind":"done"},"id":1}\n{"begun":{"id":2,"ti',
    );
    expect(open().list()).toHaveLength(1);
    expect(open().list()[0]?.finished).toBeNull();
  });

  test('keeps the 200 newest', () => {
    const history = open();
    for (let index = 0; index < 210; index++) history.begin(change);
    const ids = open()
      .list()
      .map((record) => record.id);
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([200, 210, 11]);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(201);
  });

  test('in memory alone writes nothing; one that cannot be written says so', () => {
    expect(new History(null, failUnexpectedly).begin(change)).toBe(1);
    writeFileSync(path.join(directory, 'sub'), '');
    const onProblem = vi.fn();
    const history = new History(file, onProblem);
    expect(history.get(history.begin(change))).toBeDefined();
    expect(onProblem).toHaveBeenCalled();
  });
});

describe('undoing a change on record', () => {
  const record = { ...change, id: 1, finished: done };

  test('brings back what it removed', () => {
    expect(planUndo(record, exampleSnapshot(), new Map())).toEqual({
      ok: true,
      value: { plan: [{ kind: 'register', registration: arm }], leftAlone: [] },
    });
  });

  test('brings the master switch back, only if the change was about it', () => {
    const off = exampleSnapshot({ binfmtMisc: 'off' });
    const switched = { ...record, plan: [{ kind: 'switch-master' as const, on: false }] };
    expect(planUndo(switched, off, new Map())).toMatchObject({
      value: { plan: [{ kind: 'switch-master', on: true }] },
    });
    expect(planUndo(record, off, new Map())).toMatchObject({ value: { plan: [{ kind: 'register' }] } });
  });

  test.each([
    ['nobody knows of', undefined, exampleSnapshot(), 'There is nothing to undo any more.'],
    [
      'was made elsewhere',
      record,
      exampleSnapshot({ binfmtMisc: 'not-mounted' }),
      'binfmt_misc is not mounted. Mount it first.',
    ],
    [
      'changed nothing',
      { ...record, plan: [] },
      exampleSnapshot(),
      'Everything is already as it was before.',
    ],
  ])('that %s is refused', (_what, which, now, problem) => {
    expect(planUndo(which, now, new Map())).toEqual({ ok: false, problem });
  });
});
