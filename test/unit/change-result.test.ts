import { describe, expect, test } from 'vitest';
import type { BootFileContent, Operation } from '../../electron/binfmt/operations.ts';
import { type ChangeResult, changeResult } from '../../electron/change-result.ts';
import type { Outcome } from '../../electron/elevation/report.ts';
import { settle, settleUnreported } from '../../electron/elevation/settle.ts';
import type { ChangeRequest } from '../../electron/plan-change.ts';
import {
  bootFile,
  entryOf,
  exampleSnapshot,
  magicEntry,
  noBoot,
  registrationOfTarget,
} from '../support/example-data.ts';

const register = (target: string): Operation => ({
  kind: 'register',
  registration: registrationOfTarget(target),
});
const unregister = (name: string): Operation => ({ kind: 'unregister', name });
const done = (operation: Operation): Outcome => ({ operation, status: 'done' });
const doneByOther = (operation: Operation): Outcome => ({ operation, status: 'done-by-other' });
const gone = (operation: Operation): Outcome => ({ operation, status: 'failed', message: 'Entry is gone' });

const resultOf = (
  request: ChangeRequest,
  outcomes: readonly Outcome[],
  leftAlone: readonly string[] = [],
): ChangeResult => changeResult({ request, outcomes, leftAlone, undo: 7, snapshot: exampleSnapshot() });

describe('a change that went well', () => {
  const switchTarget = (on: boolean): ChangeRequest => ({ kind: 'switch-target', target: 'arm', on });
  test.each<[string, ChangeRequest, readonly Operation[]]>([
    ['Registered arm', switchTarget(true), [register('arm')]],
    ['Enabled arm', switchTarget(true), [{ kind: 'enable', name: 'qemu-arm' }]],
    ['Disabled arm', switchTarget(false), [{ kind: 'disable', name: 'qemu-arm' }]],
    ['Registered arm', { kind: 'register', targets: ['arm'] }, [register('arm')]],
    [
      'Registered 2 targets',
      { kind: 'register', targets: ['arm', 'sh4'] },
      [register('arm'), register('sh4')],
    ],
    ['Removed qemu-arm', { kind: 'reset', names: ['qemu-arm'] }, [unregister('qemu-arm')]],
    ['Removed 2 registrations', { kind: 'reset', names: ['a', 'b'] }, [unregister('a'), unregister('b')]],
    ['Unregistered jar', { kind: 'unregister', names: ['jar'] }, [unregister('jar')]],
    [
      'Disabled jar',
      { kind: 'switch-entries', names: ['jar'], on: false },
      [{ kind: 'disable', name: 'jar' }],
    ],
    ['Enabled jar', { kind: 'switch-entries', names: ['jar'], on: true }, [{ kind: 'enable', name: 'jar' }]],
    [
      'Switched binfmt_misc off',
      { kind: 'switch-master', on: false },
      [{ kind: 'switch-master', on: false }],
    ],
    ['Mounted binfmt_misc', { kind: 'mount' }, [{ kind: 'mount' }]],
    [
      'Put back qemu-arm',
      { kind: 'undo', change: 1 },
      [register('arm'), { kind: 'disable', name: 'qemu-arm' }],
    ],
    ['Put back the master switch', { kind: 'undo', change: 1 }, [{ kind: 'switch-master', on: true }]],
  ])('is summed up as “%s”', (message, request, operations) => {
    expect(resultOf(request, operations.map(done))).toMatchObject({
      kind: 'done',
      message,
      details: [],
      undo: 7,
    });
  });

  test.each<[string, ChangeRequest, readonly Outcome[], number | null]>([
    [
      'Somebody else registered qemu-arm meanwhile, in the same way',
      { kind: 'register', targets: ['arm'] },
      [doneByOther(register('arm'))],
      null,
    ],
    [
      'Unregistered a; somebody else removed b meanwhile',
      { kind: 'unregister', names: ['a', 'b'] },
      [done(unregister('a')), doneByOther(unregister('b'))],
      7,
    ],
    [
      'Somebody else made 2 of the changes meanwhile',
      { kind: 'reset', names: ['a', 'b'] },
      [doneByOther(unregister('a')), doneByOther(unregister('b'))],
      null,
    ],
  ])('tells what somebody else did of it: “%s”', (message, request, outcomes, undo) => {
    expect(resultOf(request, outcomes)).toMatchObject({ kind: 'done', message, details: [], undo });
  });

  test('tells also what was left alone', () => {
    const result = resultOf({ kind: 'undo', change: 1 }, [done(register('arm'))], ['jar: for a reason']);
    expect(result).toMatchObject({ kind: 'done', details: ['jar: for a reason'] });
  });
});

describe('a change that failed', () => {
  test('alone is its own message, with nothing to undo', () => {
    expect(resultOf({ kind: 'unregister', names: ['x'] }, [gone(unregister('x'))])).toMatchObject({
      kind: 'failed',
      message: 'x is gone: somebody else removed it.',
      details: [],
      undo: null,
    });
  });

  test('in part counts what failed, names each, and can be undone', () => {
    const outcomes: readonly Outcome[] = [
      done(unregister('a')),
      gone(unregister('b')),
      { operation: unregister('c'), status: 'interrupted' },
      { operation: unregister('d'), status: 'not-reached' },
    ];
    expect(resultOf({ kind: 'unregister', names: ['a', 'b', 'c', 'd'] }, outcomes, ['left'])).toMatchObject({
      kind: 'failed',
      message: '3 of 4 changes failed.',
      details: [
        'b is gone: somebody else removed it.',
        'Unregister c: interrupted; the table shows whether it took effect.',
        'Unregister d: not carried out, the work was interrupted before.',
        'left',
      ],
      undo: 7,
    });
  });
});

describe('what nobody reported', () => {
  const now = exampleSnapshot({
    entries: [
      magicEntry({ name: 'there' }),
      magicEntry({ name: 'off' }, false),
      entryOf(registrationOfTarget('arm')),
      entryOf(registrationOfTarget('hppa', { flags: 'OCF' })),
    ],
    boot: { ...noBoot, files: [bootFile('qemu-arm.conf', 'x')] },
  });
  const setBootFile = (after: BootFileContent): Operation => ({
    kind: 'set-boot-file',
    directory: '/etc/binfmt.d',
    file: 'qemu-arm.conf',
    before: { kind: 'absent' },
    after,
  });

  test.each<[Operation, 'done' | 'interrupted' | 'not-reached']>([
    [register('arm'), 'done'],
    // The kernel prints flags in an order of its own, and adds what they imply.
    [{ kind: 'register', registration: registrationOfTarget('hppa', { flags: 'FC' }) }, 'done'],
    [{ kind: 'register', registration: registrationOfTarget('hppa', { flags: 'F' }) }, 'not-reached'],
    [{ kind: 'replace', name: 'old', registration: registrationOfTarget('arm') }, 'done'],
    [{ kind: 'replace', name: 'there', registration: registrationOfTarget('arm') }, 'interrupted'],
    [{ kind: 'replace', name: 'qemu-sh4', registration: registrationOfTarget('sh4') }, 'not-reached'],
    [setBootFile({ kind: 'text', text: 'x' }), 'done'],
    [setBootFile({ kind: 'text', text: 'y' }), 'not-reached'],
    [setBootFile({ kind: 'absent' }), 'not-reached'],
    [
      { kind: 'register', registration: registrationOfTarget('arm', { interpreter: '/other' }) },
      'not-reached',
    ],
    [register('sh4'), 'not-reached'],
    [unregister('gone'), 'done'],
    [unregister('there'), 'not-reached'],
    [{ kind: 'enable', name: 'there' }, 'done'],
    [{ kind: 'enable', name: 'off' }, 'not-reached'],
    [{ kind: 'enable', name: 'gone' }, 'not-reached'],
    [{ kind: 'disable', name: 'off' }, 'done'],
    [{ kind: 'disable', name: 'there' }, 'not-reached'],
    [{ kind: 'switch-master', on: true }, 'done'],
    [{ kind: 'switch-master', on: false }, 'not-reached'],
    [{ kind: 'mount' }, 'done'],
  ])('is settled by what the kernel shows: %o', (operation, status) => {
    expect(settleUnreported([operation], now, new Map())).toEqual([{ operation, status }]);
  });

  test('alone is settled: what was reported or never begun stays as it is', () => {
    const outcomes: readonly Outcome[] = [
      gone({ kind: 'enable', name: 'gone' }),
      { operation: unregister('gone'), status: 'not-reached' },
      done(register('sh4')),
    ];
    expect(settle(outcomes, now, new Map())).toEqual(outcomes);
  });

  test('is not a failure where somebody else has done the same', () => {
    const taken = (operation: Operation): Outcome => ({
      operation,
      status: 'failed',
      message: 'write error: File exists',
    });
    const other: Operation = {
      kind: 'register',
      registration: registrationOfTarget('arm', { interpreter: '/other' }),
    };
    const outcomes = [gone(unregister('gone')), taken(register('arm')), taken(other)];
    expect(settle(outcomes, now, new Map()).map(({ status }) => status)).toEqual([
      'done-by-other',
      'done-by-other',
      'failed',
    ]);
  });

  test('did not happen while binfmt_misc is not mounted', () => {
    const nothing = exampleSnapshot({ binfmtMisc: 'not-mounted' });
    expect(settleUnreported([unregister('gone'), { kind: 'mount' }], nothing, new Map())).toMatchObject([
      { status: 'not-reached' },
      { status: 'not-reached' },
    ]);
  });
});
