import { describe, expect, test } from 'vitest';
import {
  capturesHost,
  describeOperation,
  entryNamesOf,
  nameTaken,
  type Operation,
  type Plan,
  problemOfPlan,
} from '../../electron/binfmt/operations.ts';
import type { Registration } from '../../electron/binfmt/register-line.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import {
  entryOf,
  exampleHost,
  exampleSnapshot,
  magicEntry,
  registrationOfTarget,
} from '../support/example-data.ts';

const register = (registration: Registration): Operation => ({ kind: 'register', registration });
const arm = registrationOfTarget('arm');
const withArm = exampleSnapshot({ entries: [entryOf(arm)] });

describe('a plan that captures the host’s own programs', () => {
  test.each(['qemu-x86_64', 'harmless', 'qemu-arm'])('is refused under the name %s', (name) => {
    const plan: Plan = [register(registrationOfTarget('x86_64', { name }))];
    expect(problemOfPlan(plan, exampleSnapshot())).toMatch(
      new RegExp(`^${name} was not registered: it would take this machine’s own programs \\(x86_64\\)`),
    );
  });

  test.each([
    ['every file', { magic: '00', mask: '00' }],
    ['every ELF file', { magic: '7f454c46', mask: null }],
    ['everything whose first bit is not set', { magic: '7f', mask: '80' }],
    ['programs of this machine by e_machine alone', { magic: '3e00', mask: null, offset: 18 }],
    ['scripts', { magic: '2321', mask: null }],
  ])('is refused when it takes %s', (_what, changes) => {
    const plan: Plan = [register(registrationOfTarget('arm', changes))];
    expect(problemOfPlan(plan, exampleSnapshot())).toMatch(/would take this machine’s own programs/);
  });

  test('is refused also behind operations that are fine', () => {
    const plan: Plan = [
      register(arm),
      { kind: 'disable', name: 'qemu-arm' },
      register(registrationOfTarget('x86_64')),
    ];
    expect(problemOfPlan(plan, exampleSnapshot())).toMatch(/^qemu-x86_64 was not registered/);
  });

  test('is refused on every machine for that machine’s target, and for no other target', () => {
    // The programs that run this test count as the machine's too.
    const foreign = targets.filter(
      (target) => !['x86_64', 'aarch64', 'arm', 'i386', 'i486'].includes(target.name),
    );
    for (const { name } of foreign) {
      const captured = foreign.filter((target) => capturesHost(registrationOfTarget(target.name), name));
      expect(captured.map((target) => target.name)).toEqual([name]);
    }
  });

  test('is refused also for names of machines that are not QEMU’s', () => {
    expect(capturesHost(registrationOfTarget('arm'), 'armv7l')).toBe(true);
    expect(capturesHost(registrationOfTarget('armeb'), 'armv7b')).toBe(true);
    expect(capturesHost(registrationOfTarget('i386'), 'i686')).toBe(true);
  });

  test('is not one that only matches an extension', () => {
    const jar: Registration = {
      kind: 'extension',
      name: 'jar',
      extension: 'jar',
      interpreter: '/usr/bin/jexec',
      flags: '',
    };
    expect(capturesHost(jar, 'x86_64')).toBe(false);
  });
});

describe('a plan', () => {
  test('of registering, switching and removing what it registered is fine', () => {
    const plan: Plan = [
      register(arm),
      { kind: 'disable', name: 'qemu-arm' },
      { kind: 'enable', name: 'qemu-arm' },
      { kind: 'unregister', name: 'qemu-arm' },
      register(arm),
      { kind: 'switch-master', on: false },
    ];
    expect(problemOfPlan(plan, exampleSnapshot())).toBeNull();
  });

  test('is refused while binfmt_misc is not mounted, unless it mounts it first', () => {
    const snapshot = exampleSnapshot({ binfmtMisc: 'not-mounted' });
    expect(problemOfPlan([register(arm)], snapshot)).toBe('binfmt_misc is not mounted. Mount it first.');
    expect(problemOfPlan([{ kind: 'switch-master', on: true }], snapshot)).not.toBeNull();
    expect(problemOfPlan([{ kind: 'mount' }, register(arm)], snapshot)).toBeNull();
  });

  test('is carried out also while the master switch is off', () => {
    expect(problemOfPlan([register(arm)], exampleSnapshot({ binfmtMisc: 'off' }))).toBeNull();
  });

  test('that registers a name twice is refused', () => {
    expect(problemOfPlan([register(arm)], withArm)).toBe(
      'The name qemu-arm is taken by an entry registered with /usr/bin/qemu-arm-static. Unregister that one first.',
    );
    expect(problemOfPlan([register(arm), register(arm)], exampleSnapshot())).toMatch(
      /^The name qemu-arm is taken/,
    );
  });

  test.each(['unregister', 'enable', 'disable'] as const)('to %s what is not there is refused', (kind) => {
    expect(problemOfPlan([{ kind, name: 'qemu-arm' }], exampleSnapshot())).toBe(
      'qemu-arm is not registered any more.',
    );
    expect(problemOfPlan([{ kind, name: 'qemu-arm' }], withArm)).toBeNull();
    expect(
      problemOfPlan(
        [
          { kind: 'unregister', name: 'qemu-arm' },
          { kind, name: 'qemu-arm' },
        ],
        withArm,
      ),
    ).not.toBeNull();
  });

  test.each(['status', 'register', '../x', ''])('about %j, which is no entry, is refused', (name) => {
    expect(problemOfPlan([{ kind: 'unregister', name }], withArm)).not.toBeNull();
  });

  test('says what is wrong with a line', () => {
    const plan: Plan = [register({ ...arm, interpreter: '' })];
    expect(problemOfPlan(plan, exampleSnapshot())).toBe(
      'qemu-arm cannot be registered. The interpreter is missing.',
    );
  });
});

describe('a taken name', () => {
  test('is explained with who has it, and that it is disabled', () => {
    const disabled = magicEntry({ name: 'x', interpreter: '/opt/mine' }, false);
    expect(nameTaken('x', exampleSnapshot({ entries: [disabled] }))).toBe(
      'The name x is taken by an entry registered with /opt/mine, disabled. Unregister that one first.',
    );
  });

  test('is explained also when nobody is known to have it', () => {
    expect(nameTaken('x', exampleSnapshot())).toBe('The name x is taken. Unregister what has it first.');
  });
});

describe('an operation', () => {
  test.each<[Operation, string, readonly string[]]>([
    [register(arm), 'Register qemu-arm with /usr/bin/qemu-arm-static (flags F)', ['qemu-arm']],
    [register({ ...arm, flags: '' }), 'Register qemu-arm with /usr/bin/qemu-arm-static', ['qemu-arm']],
    [{ kind: 'unregister', name: 'x' }, 'Unregister x', ['x']],
    [{ kind: 'enable', name: 'x' }, 'Enable x', ['x']],
    [{ kind: 'disable', name: 'x' }, 'Disable x', ['x']],
    [{ kind: 'switch-master', on: true }, 'Switch binfmt_misc on', []],
    [{ kind: 'switch-master', on: false }, 'Switch binfmt_misc off', []],
    [{ kind: 'mount' }, 'Mount binfmt_misc', []],
  ])('%o is described in words', (operation, words, names) => {
    expect(describeOperation(operation)).toBe(words);
    expect(entryNamesOf(operation)).toEqual(names);
  });

  test('is judged for the machine in the snapshot', () => {
    const onArm = exampleSnapshot({ host: { ...exampleHost, machine: 's390x', family: 's390x' } });
    expect(problemOfPlan([register(registrationOfTarget('s390x'))], onArm)).toMatch(/own programs \(s390x\)/);
    expect(problemOfPlan([register(registrationOfTarget('s390x'))], exampleSnapshot())).toBeNull();
  });
});
