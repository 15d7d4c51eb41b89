import { describe, expect, test } from 'vitest';
import { type Operation, type Plan, problemOfPlan, subjectsOf } from '../../electron/binfmt/operations.ts';
import type { PlaceRequest } from '../../electron/binfmt/place-request.ts';
import {
  type PlacedFile,
  type PlaceInterpreters,
  type PlacingState,
  targetsOfFileName,
  type UnplaceInterpreters,
} from '../../electron/binfmt/placing.ts';
import { planOf } from '../../electron/binfmt/requests.ts';
import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
import { emulatorNameOf, targets } from '../../electron/binfmt/targets.ts';
import { type ChangeResult, changeResult } from '../../electron/change-result.ts';
import { parseReport } from '../../electron/elevation/report.ts';
import { buildScript } from '../../electron/elevation/script.ts';
import { isTooLong } from '../../electron/elevation/script-command.ts';
import { settleUnreported } from '../../electron/elevation/settle.ts';
import type { HistoryRecord } from '../../electron/history.ts';
import { pastChange } from '../../electron/past-change.ts';
import type { ChangeRequest } from '../../electron/plan-change.ts';
import { isUndoable, planUndo } from '../../electron/undo.ts';
import {
  broadMips,
  entryOf,
  entryText,
  exampleHost,
  exampleSnapshot,
  registrationOfTarget,
} from '../support/example-data.ts';

const ID = '0123456789abcdef'.repeat(2);
const fileOf = (name: string): PlacedFile => ({
  name,
  sha256: 'a'.repeat(64),
  size: 12_000_000,
  mtime: 1_600_000_000,
});
const filesOf = (names: readonly string[]): readonly PlacedFile[] => names.map(fileOf);
const place = (...names: readonly string[]): PlaceInterpreters => ({
  kind: 'place-interpreters',
  id: ID,
  from: '/tmp/unpacked',
  files: filesOf(names),
});
const unplace = (...names: readonly string[]): UnplaceInterpreters => ({
  kind: 'unplace-interpreters',
  id: ID,
  files: filesOf(names),
});
const requestFor = (register: PlaceRequest['register'], ...names: readonly string[]): PlaceRequest => ({
  kind: 'place',
  id: ID,
  from: '/tmp/unpacked',
  files: filesOf(names),
  register,
});
const placed = (target: string, file = `qemu-${target}-static`) =>
  registrationOfTarget(target, { interpreter: `/usr/local/bin/${file}` });

describe('emulators that are to come into their place', () => {
  const snapshot = exampleSnapshot({
    entries: [
      entryOf(registrationOfTarget('arm')),
      entryOf(registrationOfTarget('s390x', { name: 'mine' }), false),
    ],
  });
  const planFor = (request: PlaceRequest, system: Snapshot = snapshot) => {
    const planned = planOf(request, system);
    if (!planned.ok) throw new Error(planned.problem);
    return planned.value;
  };

  test('are registered behind that, each for its target, and what is registered stays', () => {
    expect(planFor(requestFor('keep', 'qemu-arm-static', 'qemu-s390x-static', 'qemu-mips'))).toEqual({
      plan: [
        place('qemu-arm-static', 'qemu-s390x-static', 'qemu-mips'),
        { kind: 'register', registration: placed('mips', 'qemu-mips') },
      ],
      leftAlone: [],
    });
  });

  test('are not where nobody wishes it', () => {
    expect(planFor(requestFor('no', 'qemu-mips')).plan).toEqual([place('qemu-mips')]);
  });

  test('replace what serves their targets where that is wished; what was disabled stays so', () => {
    expect(planFor(requestFor('replace', 'qemu-arm-static', 'qemu-s390x-static')).plan.slice(1)).toEqual([
      { kind: 'replace', name: 'qemu-arm', registration: placed('arm') },
      { kind: 'replace', name: 'mine', registration: placed('s390x') },
      { kind: 'disable', name: 'qemu-s390x' },
    ]);
  });

  test.each([[['qemu-mips', 'qemu-mips-static']], [['qemu-mips-static', 'qemu-mips']]])(
    'are registered by QEMU’s static name where there are two: %o',
    (names) => {
      const { plan } = planFor(requestFor('keep', ...names));
      expect(plan.slice(1)).toEqual([{ kind: 'register', registration: placed('mips') }]);
    },
  );

  test('are not registered for what the machine runs itself, and that is said once for each', () => {
    const names = ['qemu-i386-static', 'qemu-x86_64-static'];
    expect(planFor(requestFor('keep', ...names))).toEqual({
      plan: [place(...names)],
      leftAlone: [
        'i386: not registered, because this machine runs its programs itself',
        'x86_64: not registered, because this machine runs its programs itself',
      ],
    });
  });

  test('serve all the targets that they emulate', () => {
    const arm = exampleSnapshot({ host: { ...exampleHost, machine: 'aarch64', family: 'arm' } });
    expect(
      planFor(requestFor('keep', 'qemu-i386-static'), arm).plan.map((operation) =>
        operation.kind === 'register' ? operation.registration.name : operation.kind,
      ),
    ).toEqual(['place-interpreters', 'qemu-i386', 'qemu-i486']);
    expect(targetsOfFileName('qemu-aarch64').map(({ name }) => name)).toEqual(['aarch64']);
    expect(targetsOfFileName('qemu-system-arm')).toEqual([]);
  });

  test('have one entry that serves two targets give way once', () => {
    const both = { ...broadMips, name: 'both' };
    const { plan } = planFor(
      requestFor('replace', 'qemu-mips-static', 'qemu-mipsn32-static'),
      exampleSnapshot({ entries: [entryOf(both)] }),
    );
    expect(plan.slice(1).map(({ kind }) => kind)).toEqual(['replace', 'register']);
  });

  test('need no mounted binfmt_misc, unless they are to be registered', () => {
    const unmounted = exampleSnapshot({ binfmtMisc: 'not-mounted' });
    const problemFor = (register: PlaceRequest['register']): string | null =>
      problemOfPlan(planFor(requestFor(register, 'qemu-mips'), unmounted).plan, unmounted);
    expect(problemFor('no')).toBeNull();
    expect(problemFor('keep')).toBe('binfmt_misc is not mounted. Mount it first.');
  });

  test('are refused under a name that is no emulator’s, and from a place that is none', () => {
    expect(problemOfPlan([place('qemu-$(reboot)')], snapshot)).toMatch(/cannot be the name of an emulator/);
    expect(problemOfPlan([{ ...place('qemu-arm'), from: 'tmp' }], snapshot)).toMatch(/no absolute path/);
  });

  test('do not go together with others of the same name under one permission', () => {
    expect(subjectsOf(place('qemu-arm', 'qemu-mips'))).toEqual([
      'file /usr/local/bin/qemu-arm',
      'file /usr/local/bin/qemu-mips',
    ]);
  });
});

describe('the script', () => {
  const dataOf = (plan: Plan): readonly string[] =>
    buildScript(plan, 'token', []).split("\ntoken='token'\n\n")[1]?.trimEnd().split('\n') ?? [];

  test('registers an emulator only once it is in its place, and others in any case', () => {
    const lines = dataOf([
      { kind: 'register', registration: placed('arm') },
      place('qemu-mips-static'),
      { kind: 'register', registration: placed('mips') },
      { kind: 'replace', name: 'x', registration: placed('mips') },
      { kind: 'register', registration: placed('s390x') },
      { kind: 'disable', name: 'qemu-mips' },
      { kind: 'disable', name: 'qemu-s390x' },
    ]);
    expect(lines.map((line) => line.replace(/^(carry_out \d (after_placing '\w+' )?\w+).*/, '$1'))).toEqual([
      'carry_out 1 register',
      'carry_out 2 place_interpreters',
      `carry_out 3 after_placing '${ID}' register`,
      `carry_out 4 after_placing '${ID}' replace_other`,
      'carry_out 5 register',
      `carry_out 6 after_placing '${ID}' set_entry`,
      'carry_out 7 set_entry',
    ]);
    expect(lines[1]).toBe(
      `carry_out 2 place_interpreters '${ID}' '/tmp/unpacked' 'qemu-mips-static' '${'a'.repeat(64)}' '12000000' '1600000000'`,
    );
    expect(dataOf([unplace('qemu-mips')])).toEqual([`carry_out 1 unplace_interpreters '${ID}'`]);
  });

  test('has room for all emulators, static and dynamic, and to replace all targets', () => {
    const names = [...new Set(targets.map(emulatorNameOf))].flatMap((name) => [
      `qemu-${name}`,
      `qemu-${name}-static`,
    ]);
    const entries = targets.map(({ name }) => entryOf(registrationOfTarget(name)));
    const plan: Plan = [
      place(...names),
      ...targets.map(
        ({ name }): Operation => ({ kind: 'replace', name: `qemu-${name}`, registration: placed(name) }),
      ),
    ];
    expect(isTooLong(buildScript(plan, 'token', entries))).toBe(false);
  });
});

/** A change that placed two emulators and registered one of them anew. */
const record: HistoryRecord = {
  id: 1,
  time: '2026-01-02T03:04:05.000Z',
  who: 'me',
  way: 'root',
  plan: [
    place('qemu-arm-static', 'qemu-mips-static'),
    { kind: 'replace', name: 'qemu-arm', registration: placed('arm') },
    { kind: 'register', registration: placed('mips') },
  ],
  script: 'true\n',
  before: { masterOn: true, entries: [{ name: 'qemu-arm', text: entryText(placed('arm')) }] },
  finished: { kind: 'done', message: 'Installed', details: [] },
};

describe('taking it back', () => {
  const after = exampleSnapshot({ entries: [entryOf(placed('mips')), entryOf(placed('arm'))] });
  const undoing = (state: PlacingState | null, now = after, which = record) =>
    planUndo(which, now, new Map(state === null ? [] : [[ID, state]]));
  const canUndo = (state: PlacingState): boolean =>
    pastChange(
      { ...record, plan: record.plan.slice(0, 1) },
      exampleSnapshot({ entries: [] }),
      new Map([[ID, state]]),
    ).canUndo;

  test('puts the old emulators back first, and has the kernel open them anew', () => {
    expect(undoing({ inPlace: 'all', kept: 'yes' })).toEqual({
      ok: true,
      value: {
        plan: [
          unplace('qemu-arm-static', 'qemu-mips-static'),
          { kind: 'replace', name: 'qemu-arm', registration: placed('arm') },
          { kind: 'unregister', name: 'qemu-mips' },
        ],
        leftAlone: [],
      },
    });
  });

  test('leaves an entry alone that has the kernel look for its emulator each time', () => {
    const plain = { ...placed('arm'), flags: '' };
    const now = exampleSnapshot({ entries: [entryOf(plain)] });
    const before = { masterOn: true, entries: [{ name: 'qemu-arm', text: entryText(plain) }] };
    expect(undoing({ inPlace: 'all', kept: 'yes' }, now, { ...record, before })).toMatchObject({
      value: { plan: [{ kind: 'unplace-interpreters' }] },
    });
  });

  test.each<[PlacingState, string]>([
    [{ inPlace: 'some', kept: 'yes' }, '/usr/local/bin: somebody changed an emulator there since'],
    [{ inPlace: 'none', kept: 'yes' }, '/usr/local/bin: somebody changed an emulator there since'],
    [{ inPlace: 'all', kept: 'no' }, '/usr/local/bin: what was there before is not kept any more'],
  ])('leaves the emulators where that cannot be (%o), and says why', (state, sentence) => {
    expect(undoing(state)).toMatchObject({
      value: { plan: [{ kind: 'unregister', name: 'qemu-mips' }], leftAlone: [sentence] },
    });
    expect(canUndo(state)).toBe(false);
  });

  test.each<[PlacingState, boolean]>([
    [{ inPlace: 'all', kept: 'yes' }, true],
    [{ inPlace: 'all', kept: 'interrupted' }, true],
    [{ inPlace: 'some', kept: 'interrupted' }, true],
    [{ inPlace: 'none', kept: 'interrupted' }, false],
    [{ inPlace: 'none', kept: 'no' }, false],
  ])('is offered where it would change something: %o is %s', (state, can) => {
    expect(canUndo(state)).toBe(can);
  });

  test('is not possible a second time', () => {
    const undone = { ...record, plan: [unplace('qemu-arm-static')] };
    expect(undoing({ inPlace: 'none', kept: 'no' }, after, undone)).toMatchObject({ ok: false });
    expect(isUndoable(undone.plan)).toBe(false);
    expect(isUndoable(record.plan)).toBe(true);
  });
});

describe('what nobody reported', () => {
  const statusOf = (operation: Operation, state: PlacingState): string | undefined =>
    settleUnreported([operation], exampleSnapshot(), new Map([[ID, state]]))[0]?.status;
  test.each<[PlacingState, string, string]>([
    [{ inPlace: 'all', kept: 'yes' }, 'done', 'not-reached'],
    [{ inPlace: 'all', kept: 'interrupted' }, 'done', 'interrupted'],
    [{ inPlace: 'some', kept: 'interrupted' }, 'interrupted', 'interrupted'],
    [{ inPlace: 'none', kept: 'no' }, 'not-reached', 'done'],
  ])('is settled by what lies on the disk: %o', (state, placing, takingBack) => {
    expect(statusOf(place('qemu-arm'), state)).toBe(placing);
    expect(statusOf(unplace('qemu-arm'), state)).toBe(takingBack);
  });

  test('of an installation is not known', () => {
    const installation = { ...record, plan: [], finished: null };
    expect(pastChange(installation, exampleSnapshot(), new Map())).toMatchObject({
      kind: 'unknown',
      message: 'This program ended before it heard of the result.',
      canUndo: false,
    });
  });
});

describe('what came of it', () => {
  const plan: Plan = [
    place('qemu-arm-static', 'qemu-mips-static'),
    { kind: 'register', registration: placed('arm') },
    { kind: 'register', registration: placed('mips') },
  ];
  /** The result when root's script said this of the operations. */
  const resultOf = (request: ChangeRequest, carriedOut: Plan, said: readonly string[]): ChangeResult => {
    const reports = said.map((one, index) => `\nT ${index + 1} begin\n${one}\nT ${index + 1} `);
    const output = reports
      .map((report, index) => `${report}${said[index] === '' ? 'done' : 'failed'}\n`)
      .join('');
    const outcomes = parseReport(output, carriedOut, 'T');
    return changeResult({ request, outcomes, leftAlone: [], undo: 7, snapshot: exampleSnapshot() });
  };
  const request = requestFor('keep', 'qemu-arm-static', 'qemu-mips-static');

  test.each<[string, Plan]>([
    ['Installed 2 emulators into /usr/local/bin and registered 2 targets', plan],
    ['Installed 2 emulators into /usr/local/bin', plan.slice(0, 1)],
    ['Installed qemu-arm into /usr/local/bin', [place('qemu-arm')]],
  ])('is summed up as “%s”', (message, done) => {
    const said = done.map(() => '');
    expect(resultOf(request, done, said)).toMatchObject({ kind: 'done', message, details: [], undo: 7 });
  });

  test.each<[string, Plan]>([
    ['Put back what was in /usr/local/bin', [unplace('qemu-arm')]],
    [
      'Put back what was in /usr/local/bin and qemu-arm',
      [unplace('qemu-arm'), { kind: 'enable', name: 'qemu-arm' }],
    ],
  ])('of taking it back is summed up as “%s”', (message, done) => {
    const said = done.map(() => '');
    expect(resultOf({ kind: 'undo', change: 1 }, done, said)).toMatchObject({ kind: 'done', message });
  });

  test('is one sentence where the emulators could not be placed', () => {
    expect(
      resultOf(request, plan, ['No space left on device', 'Placing failed', 'Placing failed']),
    ).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^Nothing was installed: there is no room left/),
      details: [],
      undo: null,
    });
  });

  test('names what could not be registered', () => {
    expect(resultOf(request, plan, ['', 'x: Invalid argument', ''])).toMatchObject({
      kind: 'failed',
      message: '1 of 3 changes failed.',
      details: [expect.stringMatching(/does not accept the register line of qemu-arm/)],
      undo: 7,
    });
  });
});
