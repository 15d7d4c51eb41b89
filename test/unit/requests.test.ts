import { describe, expect, test } from 'vitest';
import type { Entry } from '../../electron/binfmt/entry.ts';
import type { Plan } from '../../electron/binfmt/operations.ts';
import { planOf, type Request } from '../../electron/binfmt/requests.ts';
import type { Row } from '../../electron/binfmt/snapshot.ts';
import { registrableTargets, resettableEntries } from '../../electron/binfmt/snapshot.ts';
import {
  entryOf,
  exampleRow,
  exampleSnapshot,
  executable,
  jarEntry,
  magicEntry,
  registrationOfTarget,
} from '../support/example-data.ts';

const enabled = magicEntry();
const disabled = magicEntry({}, false);
const debians = magicEntry({
  name: 'my-arm64',
  mask: 'fffffffffffffffcfffffffffffffffffeffffff',
  interpreter: '/usr/libexec/qemu-binfmt/aarch64-binfmt-P',
});

const arm64 = registrationOfTarget('aarch64');

const planned = (
  request: Request,
  entries: readonly Entry[],
  rows: readonly Row[] = [exampleRow()],
): unknown => {
  const plan = planOf(request, exampleSnapshot({ entries, targets: rows }));
  return plan.ok ? plan.value.plan : plan.problem;
};
const on: Request = { kind: 'switch-target', target: 'aarch64', on: true };
const off: Request = { kind: 'switch-target', target: 'aarch64', on: false };

describe('switching a target on', () => {
  test('registers it as qemu-binfmt-conf.sh would when nothing serves it', () => {
    expect(planned(on, [jarEntry()])).toEqual([
      { kind: 'register', registration: registrationOfTarget('aarch64') },
    ]);
  });

  test('enables the entry that is there', () => {
    expect(planned(on, [disabled])).toEqual([{ kind: 'enable', name: 'qemu-aarch64' }]);
  });

  test('enables the first of several, whatever it is called', () => {
    expect(planned(on, [{ ...debians, enabled: false }, disabled])).toEqual([
      { kind: 'enable', name: 'my-arm64' },
    ]);
  });

  test('is refused when it is on', () => {
    expect(planned(on, [enabled])).toBe('aarch64 is enabled already.');
    expect(planned(on, [disabled, debians])).toBe('aarch64 is enabled already.');
  });

  test('is refused when no emulator is installed', () => {
    const rows = [exampleRow({ state: 'Not installed', interpreter: null, installed: null })];
    expect(planned(on, [], rows)).toMatch(/^No emulator for aarch64 is installed \(qemu-aarch64-static/);
  });

  test('is refused for the machine’s own programs', () => {
    const i386 = exampleRow({ name: 'i386', state: 'Native' });
    expect(planned({ ...on, target: 'i386' }, [], [i386])).toMatch(/^This machine runs i386 programs itself/);
  });

  test('is refused for what is no target', () => {
    expect(planned({ ...on, target: '__proto__' }, [])).toBe('QEMU has no target “__proto__”.');
  });
});

describe('switching a target off', () => {
  test('disables every entry that serves it and keeps the registration', () => {
    expect(planned(off, [enabled, jarEntry(), debians, magicEntry({ name: 'third' }, false)])).toEqual([
      { kind: 'disable', name: 'qemu-aarch64' },
      { kind: 'disable', name: 'my-arm64' },
    ]);
  });

  test('is refused when nothing is on', () => {
    expect(planned(off, [disabled])).toBe('aarch64 is not enabled any more.');
    expect(planned(off, [])).toBe('aarch64 is not enabled any more.');
  });
});

describe('registering targets', () => {
  const armRow = exampleRow({ name: 'arm', installed: executable('/opt/arm-binfmt-P') });

  test('takes the interpreter on disk and the flags that suit it, in the order asked for', () => {
    const plan = planned({ kind: 'register', targets: ['arm', 'aarch64'] }, [], [exampleRow(), armRow]);
    expect(plan).toEqual([
      {
        kind: 'register',
        registration: registrationOfTarget('arm', { interpreter: '/opt/arm-binfmt-P', flags: 'FP' }),
      },
      { kind: 'register', registration: registrationOfTarget('aarch64') },
    ]);
  });

  test('is refused as a whole when one is registered already', () => {
    const rows = [armRow, exampleRow()];
    expect(planned({ kind: 'register', targets: ['arm', 'aarch64'] }, [disabled, debians], rows)).toBe(
      'aarch64 is registered already, as qemu-aarch64, my-arm64.',
    );
  });

  test('keeps what is registered, where that is the answer', () => {
    const request: Request = { kind: 'register', targets: ['arm', 'aarch64'], existing: 'keep' };
    expect(planned(request, [debians], [armRow, exampleRow()])).toEqual([
      expect.objectContaining({ kind: 'register' }),
    ]);
    expect(planned({ ...request, targets: ['aarch64'] }, [debians])).toBe(
      'All of them are registered already.',
    );
  });

  test.each<[string, readonly Entry[], Plan]>([
    ['registers what is not registered', [], [{ kind: 'register', registration: arm64 }]],
    [
      'replaces the entry of the same name',
      [debians, enabled],
      [{ kind: 'replace', name: 'qemu-aarch64', registration: arm64 }],
    ],
    [
      'keeps a disabled one disabled',
      [disabled],
      [
        { kind: 'replace', name: 'qemu-aarch64', registration: arm64 },
        { kind: 'disable', name: 'qemu-aarch64' },
      ],
    ],
    [
      'replaces the one that serves the target',
      [debians],
      [{ kind: 'replace', name: 'my-arm64', registration: arm64 }],
    ],
    [
      'replaces whatever has the name',
      [magicEntry({ name: 'qemu-aarch64', magic: 'ff', mask: null })],
      [{ kind: 'replace', name: 'qemu-aarch64', registration: arm64 }],
    ],
  ])('%s, where replacing is the answer', (_what, entries, plan) => {
    expect(planned({ kind: 'register', targets: ['aarch64'], existing: 'replace' }, entries)).toEqual(plan);
  });

  test('registers the host’s own family when that is said', () => {
    const rows = [exampleRow({ name: 'i386', state: 'Native' })];
    const request: Request = { kind: 'register', targets: ['i386'] };
    expect(planned(request, [], rows)).toMatch(/^This machine runs i386/);
    expect(planned({ ...request, ownFamily: true }, [], rows)).toHaveLength(1);
  });

  test('is refused for what is no target', () => {
    expect(planned({ kind: 'register', targets: ['vax'] }, [])).toBe('QEMU has no target “vax”.');
  });

  test('all of them means those that nothing serves and that can work', () => {
    const rows = (
      ['Enabled', 'Disabled', 'Not registered', 'Native', 'Not installed', 'Broken'] as const
    ).map((state) => exampleRow({ name: state, state }));
    const stranger = exampleRow({ name: 'qemu-vax', isTarget: false });
    expect(
      registrableTargets(exampleSnapshot({ targets: [...rows, stranger] })).map((row) => row.name),
    ).toEqual(['Not registered']);
  });
});

describe('reset', () => {
  const entries = [
    magicEntry({ name: 'qemu-x' }),
    jarEntry(),
    enabled,
    entryOf(registrationOfTarget('arm', { name: 'my-qemu-arm' })),
  ];

  test('is about QEMU’s entries, by their names', () => {
    expect(resettableEntries(exampleSnapshot({ entries }))).toEqual(['qemu-x', 'qemu-aarch64']);
  });

  test('removes each of them by itself', () => {
    expect(planned({ kind: 'reset', names: ['qemu-x', 'qemu-aarch64'] }, entries)).toEqual([
      { kind: 'unregister', name: 'qemu-x' },
      { kind: 'unregister', name: 'qemu-aarch64' },
    ]);
  });

  test.each(['jar', 'my-qemu-arm', 'status', 'register', '../qemu-x'])(
    'refuses %s, which is not QEMU’s',
    (name) => {
      expect(planned({ kind: 'reset', names: ['qemu-x', name] }, entries)).toBe(
        `Reset removes QEMU’s entries only, and ${name} is none of them.`,
      );
    },
  );

  test('passes over what is gone already, and says when everything is', () => {
    expect(planned({ kind: 'reset', names: ['qemu-gone', 'qemu-x'] }, entries)).toEqual([
      { kind: 'unregister', name: 'qemu-x' },
    ]);
    expect(planned({ kind: 'reset', names: ['qemu-gone'] }, entries)).toBe(
      'Nothing is registered for QEMU any more.',
    );
  });
});

describe('other requests', () => {
  test.each<[Request, unknown]>([
    [{ kind: 'switch-entries', names: ['jar'], on: true }, [{ kind: 'enable', name: 'jar' }]],
    [{ kind: 'switch-entries', names: ['jar'], on: false }, [{ kind: 'disable', name: 'jar' }]],
    [
      { kind: 'unregister', names: ['jar', 'b'] },
      [
        { kind: 'unregister', name: 'jar' },
        { kind: 'unregister', name: 'b' },
      ],
    ],
    [{ kind: 'switch-master', on: false }, [{ kind: 'switch-master', on: false }]],
    [{ kind: 'mount' }, [{ kind: 'mount' }]],
  ])('%o becomes what it says', (request, plan) => {
    expect(planned(request, [jarEntry()])).toEqual(plan);
  });
});
