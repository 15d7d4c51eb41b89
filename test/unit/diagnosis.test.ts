import { describe, expect, test } from 'vitest';
import { listed, servicesOf, soleTargetOf } from '../../electron/binfmt/diagnosis/facts.ts';
import { findingsOfRow, worstOf } from '../../electron/binfmt/diagnosis/finding.ts';
import { findingsOf } from '../../electron/binfmt/diagnosis/findings.ts';
import { type Entry, parseEntry } from '../../electron/binfmt/entry.ts';
import type { Interpreter } from '../../electron/binfmt/interpreters.ts';
import { isOlder } from '../../electron/binfmt/is-older.ts';
import { alwaysBefore } from '../../electron/binfmt/matcher.ts';
import type { MagicRegistration } from '../../electron/binfmt/register-line.ts';
import type { Snapshot, StartProblem } from '../../electron/binfmt/snapshot.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import {
  entryOf,
  exampleHost,
  exampleRow,
  exampleSnapshot,
  executable,
  jarEntry,
  magicEntry,
  registrationOfTarget,
  theTarget,
} from '../support/example-data.ts';

const qemu = executable('/usr/bin/qemu-aarch64-static');
/** A system with these entries, whose interpreters are as given or executable, static and new, and start. */
function systemWith(
  entries: readonly Entry[],
  interpreters: readonly Interpreter[] = [],
  startProblems: readonly StartProblem[] = [],
) {
  const known = entries.flatMap((entry) =>
    'interpreter' in entry && !interpreters.some((one) => one.path === entry.interpreter)
      ? [executable(entry.interpreter)]
      : [],
  );
  const rows = [exampleRow({ entry: entries[0] ?? null, entryNames: entries.map((entry) => entry.name) })];
  const snapshot = exampleSnapshot({ entries, targets: rows, startProblems });
  return { ...snapshot, interpreters: [...interpreters, ...known] };
}

/** The interpreter of an entry is not there. */
const notThere = (name = 'qemu-aarch64'): StartProblem => ({
  name,
  kind: 'missing',
  failure: 'No such file or directory',
  state: 'is not there',
  remedy: 'Install it there',
});
const idsOf = (snapshot: Snapshot): readonly string[] => findingsOf(snapshot).map((finding) => finding.id);

describe('nothing is found', () => {
  test('of a target’s entry as this program registers it, for any target of another family', () => {
    for (const { name, family } of targets.filter((target) => target.family !== exampleHost.family)) {
      expect(idsOf(systemWith([entryOf(registrationOfTarget(name))])), `${name} of ${family}`).toEqual([]);
    }
  });

  test('of other formats that are enabled and whose interpreters are there', () => {
    expect(idsOf(systemWith([jarEntry()]))).toEqual([]);
  });

  test('of what only a BPF program knows', () => {
    expect(idsOf(systemWith([parseEntry('x', 'enabled\nflags: \nbpf m\n')]))).toEqual([]);
  });
});

describe('of the whole', () => {
  test.each([
    ['unsupported', 'kernel-without-binfmt-misc', undefined],
    ['not-loaded', 'module-not-loaded', 'Mount'],
    ['not-mounted', 'not-mounted', 'Mount'],
    ['off', 'master-switch-off', 'Switch on'],
  ] as const)('%s is found', (binfmtMisc, id, label) => {
    const found = findingsOf(exampleSnapshot({ binfmtMisc }));
    expect(found).toMatchObject([{ id, subject: { kind: 'system' } }]);
    expect(found[0]?.action?.label).toBe(label);
  });
});

describe('of an interpreter', () => {
  /** What is found of an entry for aarch64 whose interpreter has this problem. */
  const findingsWith = (changes: Partial<MagicRegistration>, problem: StartProblem, enabled = true) =>
    findingsOf(systemWith([magicEntry(changes, enabled)], [], [problem]));
  const foreign: StartProblem = {
    name: 'qemu-aarch64',
    kind: 'foreign',
    failure: 'Exec format error',
    state: 'is a program for AArch64, which this machine (x86_64) cannot run',
    remedy: null,
  };

  test('that is missing: an error, a warning while the entry is disabled, good to know with F', () => {
    expect(findingsWith({ flags: '' }, notThere())).toMatchObject([
      { id: 'interpreter-missing', severity: 'error', breaks: true, target: 'aarch64' },
    ]);
    expect(findingsWith({ flags: '' }, notThere(), false)[0]).toMatchObject({
      id: 'interpreter-missing',
      severity: 'warning',
      breaks: true,
    });
    const [heldOpen, ...others] = findingsWith({ flags: 'F' }, notThere());
    expect(heldOpen).toMatchObject({ id: 'interpreter-held-open', severity: 'info', action: null });
    expect(heldOpen).not.toHaveProperty('breaks');
    expect(others).toEqual([]);
  });

  test('that does not start: an error, and with F a doubt, for the kernel may run another file', () => {
    expect(findingsWith({ flags: '' }, foreign)).toMatchObject([
      {
        id: 'interpreter-foreign',
        severity: 'error',
        sentence:
          'Its interpreter /usr/bin/qemu-aarch64-static is a program for AArch64, which this machine (x86_64) cannot run.',
        detail: 'Programs it takes fail with “Exec format error”. Unregister it.',
      },
    ]);
    const [doubt, ...others] = findingsWith({ flags: 'F' }, foreign);
    expect(doubt).toMatchObject({
      id: 'interpreter-doubtful',
      severity: 'warning',
      sentence: expect.stringMatching(/^The file that is at .* now is a program for AArch64/),
    });
    expect(doubt).not.toHaveProperty('breaks');
    expect(others).toEqual([]);
  });

  test('that is closed to whoever looks: no wrong action, and with F nothing', () => {
    const closed: StartProblem = {
      ...notThere(),
      kind: 'not-for-you',
      failure: 'Permission denied',
      state: 'lies in a directory that is closed to you',
      remedy: 'Open that directory to everybody',
    };
    const [found] = findingsWith({ flags: '' }, closed);
    expect(found).toMatchObject({ id: 'interpreter-not-for-all', severity: 'warning', action: null });
    expect(findingsWith({ flags: 'F' }, closed)).toEqual([]);
  });

  test('that not everybody may execute', () => {
    const ofRoot = { ...qemu, isForAll: false };
    const ids = (flags: string) => idsOf(systemWith([magicEntry({ flags })], [ofRoot]));
    expect(ids('')).toEqual(['interpreter-not-for-all', 'not-in-containers']);
    expect(ids('F')).toEqual([]);
  });

  test('that the kernel holds open, Replace is offered where a static emulator takes over', () => {
    const found = (linkage: Interpreter['linkage'], problem: StartProblem) => {
      const system = systemWith([magicEntry({ interpreter: '/old' })], [], [problem]);
      const targets = system.targets.map((row) => ({ ...row, installed: { ...qemu, linkage } }));
      return findingsOf({ ...system, targets })[0];
    };
    for (const problem of [notThere(), foreign]) {
      expect(found('static', problem)?.action?.label).toBe('Replace');
      expect(found('static', problem)?.detail).toContain('the emulator that is on this machine');
      expect(found('dynamic', problem)?.action).toBeNull();
    }
  });

  test('that is missing, Replace is offered where an emulator is known', () => {
    const system = systemWith([magicEntry({ flags: '', interpreter: '/old' })], [], [notThere()]);
    expect(findingsOf(system)[0]?.action).toEqual({
      label: 'Replace',
      requests: [{ kind: 'replace', name: 'qemu-aarch64', target: 'aarch64' }],
    });
    const [row = exampleRow()] = system.targets;
    expect(findingsOf({ ...system, targets: [{ ...row, installed: null }] })[0]?.action?.label).toBe(
      'Unregister',
    );
  });

  test('of another CPU, which another entry has run', () => {
    const found = (machine: number, elfClass: 32 | 64) =>
      findingsOf(systemWith([magicEntry()], [{ ...qemu, machine, elfClass }]));
    expect(found(62, 64)).toEqual([]);
    expect(found(3, 32)).toEqual([]);
    expect(found(183, 64)).toMatchObject([{ id: 'interpreter-emulated', severity: 'info' }]);
  });

  test('that is not static', () => {
    const dynamic: Interpreter = { ...qemu, linkage: 'dynamic' };
    expect(idsOf(systemWith([magicEntry()], [dynamic]))).toEqual(['interpreter-dynamic']);
    expect(idsOf(systemWith([magicEntry({ flags: '' })], [dynamic]))).toEqual(['not-in-containers']);
  });

  test('Replace is offered only where registering anew would succeed', () => {
    const action = (entries: readonly Entry[], installed: Interpreter | null = qemu) => {
      const system = systemWith(entries);
      const targets = system.targets.map((row) => ({ ...row, installed }));
      return findingsOf({ ...system, targets }).find((one) => one.id === 'not-in-containers')?.action?.label;
    };
    const noF = magicEntry({ flags: '' });
    expect(action([noF])).toBe('Replace');
    expect(action([noF], null)).toBeUndefined();
    expect(action([noF, magicEntry({ name: 'other' }, false)])).toBeUndefined();
  });
});

describe('of flags', () => {
  test.each([
    ['P', '5.2.0', '6.18.0', '/usr/bin/qemu-aarch64-static', 'preserve-argv0-not-understood'],
    ['P', '6.0.0', '6.18.0', '/usr/bin/qemu-aarch64-static', undefined],
    ['P', '10.0.2', '5.12.0', '/usr/bin/qemu-aarch64-static', undefined],
    ['P', '10.0.2', '5.10.0-21-amd64', '/usr/bin/qemu-aarch64-static', 'preserve-argv0-not-understood'],
    ['P', null, '6.18.0', '/usr/bin/qemu-aarch64-static', undefined],
    ['P', '5.2.0', '5.10.0', '/usr/libexec/qemu-binfmt/aarch64-binfmt-P', undefined],
    ['', '7.2.0', '6.18.0', '/usr/libexec/qemu-binfmt/aarch64-binfmt-P', 'preserve-argv0-expected'],
  ])('“%s” with QEMU %s on Linux %s under %s', (flag, qemuVersion, kernelRelease, interpreter, id) => {
    const entry = magicEntry({ flags: `${flag}F`, interpreter });
    const system = systemWith([entry], [{ ...qemu, path: interpreter, qemuVersion }]);
    const found = findingsOf({ ...system, host: { ...exampleHost, kernelRelease } });
    expect(found.map((one) => one.id)).toEqual(id === undefined ? [] : [id]);
  });

  test('versions are compared by their numbers', () => {
    expect(
      ['5.2', '5.12', '6.0', '6.0.1', '10.1', '2.11.1-Debian'].map((one) => isOlder(one, '6.0')),
    ).toEqual([true, true, false, false, false, true]);
  });

  test('C and a disabled entry are good to know', () => {
    expect(findingsOf(systemWith([magicEntry({ flags: 'OCF' }, false)]))).toMatchObject([
      { id: 'disabled', severity: 'info', action: { label: 'Enable' } },
      { id: 'credentials', severity: 'info', action: { label: 'Replace' } },
    ]);
    const other = findingsOf(
      systemWith([magicEntry({ name: 'other', magic: 'cafebabe', mask: null, flags: 'OC' })]),
    );
    expect(other).toMatchObject([{ id: 'credentials', action: null }]);
  });
});

describe('of what an entry takes', () => {
  test('microblaze’s published magic matches nothing, and why is said', () => {
    const magic = '7f454c46010201000000000000000000' + '0200baab';
    const found = findingsOf(systemWith([entryOf(registrationOfTarget('microblaze', { magic }))]));
    expect(found).toMatchObject([{ id: 'matches-nothing', target: 'microblaze' }]);
    expect(found[0]?.sentence).toContain('wrong byte order');
    expect(found[0]).toMatchObject({ namesake: 'microblaze' });
  });

  test('something else than its name says, which is told of the target, too', () => {
    const stray = magicEntry({ magic: theTarget('s390x').magic, mask: theTarget('s390x').mask });
    const jar = entryOf({ ...registrationOfTarget('arm'), kind: 'extension', extension: 'jar' });
    const found = findingsOf(systemWith([stray, jar]));
    expect(found.filter(({ namesake }) => namesake).map(({ id, namesake }) => [id, namesake])).toEqual([
      ['takes-other-target', 'aarch64'],
      ['matches-nothing', 'arm'],
    ]);
    const ofRow = (name: string, entryNames: readonly string[] = []) =>
      findingsOfRow(found, exampleRow({ name, entryNames })).map(({ id }) => id);
    expect(ofRow('aarch64')).toEqual(['takes-other-target']);
    expect(ofRow('s390x', ['qemu-aarch64'])).toEqual(['takes-other-target']);
    expect(ofRow('arm')).toEqual(['matches-nothing']);
    expect(ofRow('mips')).toEqual([]);
  });

  test('the host’s own programs are an error, and those of its family good to know', () => {
    const x86 = entryOf(registrationOfTarget('x86_64'));
    expect(findingsOf(systemWith([x86]))[0]).toMatchObject({ id: 'captures-host', severity: 'error' });
    const scripts = magicEntry({ name: 'scripts', magic: '2321', mask: null });
    expect(findingsOf(systemWith([scripts]))[0]).toMatchObject({
      id: 'captures-host',
      sentence: 'It takes this machine’s own scripts.',
    });
    const i386 = findingsOf(systemWith([entryOf(registrationOfTarget('i386'))]));
    expect(i386).toMatchObject([{ id: 'host-may-run-it', severity: 'info' }]);
  });

  test('a newer enabled entry may leave it nothing, or less', () => {
    const older = magicEntry({ name: 'older' });
    const newer = magicEntry();
    expect(idsOf(systemWith([newer, older]))).toEqual(['served-twice', 'shadowed']);
    expect(idsOf(systemWith([magicEntry({}, false), older]))).toEqual(['disabled']);
    const executablesOnly = magicEntry({ mask: 'ffffffffffffff00ffffffffffffffffffffffff' });
    const found = findingsOf(systemWith([executablesOnly, older]));
    expect(found.map(({ id }) => id)).toEqual(['served-twice', 'shadowed-in-part']);
    // The older one is what is left to PIEs.
    expect(found[0]?.action).toBeNull();
    const twoJars = [{ ...jarEntry(), name: 'newer' }, jarEntry()];
    expect(idsOf(systemWith(twoJars))).toEqual(['shadowed']);
  });

  const aarch64With = (position: number, value: string, mask: string): Partial<MagicRegistration> => {
    const put = (hex: string, byte: string): string =>
      hex.slice(0, 2 * position) + byte + hex.slice(2 * position + 2);
    return { magic: put(theTarget('aarch64').magic, value), mask: put(theTarget('aarch64').mask, mask) };
  };
  const zip = magicEntry({ name: 'zip', magic: '504b0304', mask: null });
  const elf64 = magicEntry({ name: 'broad', magic: '7f454c4602', mask: null });
  const extension = (name: string): Entry => ({ ...jarEntry(), name, extension: name }) as Entry;
  test.each<readonly [string, Entry, Entry, string]>([
    [
      'the bytes that it asks for beyond it',
      magicEntry({ name: 'newer', magic: '504b03040a', mask: null }),
      zip,
      'those whose byte 04 is 0a',
    ],
    [
      'the bits',
      magicEntry({ name: 'newer', magic: '504b030414', mask: 'fffffffff0' }),
      zip,
      'those whose byte 04 is 10 under the mask f0',
    ],
    [
      'the ELF field',
      magicEntry({ name: 'newer', ...aarch64With(7, '09', 'ff') }),
      magicEntry(),
      'those whose EI_OSABI is 9 (FreeBSD)',
    ],
    [
      'the values that its mask lets through',
      magicEntry({ name: 'newer', ...aarch64With(7, '00', 'fc') }),
      magicEntry(),
      'those whose EI_OSABI is 0, 1, 2 or 3 (System V or GNU/Linux)',
    ],
    ['the target', magicEntry({ name: 'newer' }), elf64, 'all programs for aarch64'],
    [
      'a part of the target',
      magicEntry({ name: 'newer', ...aarch64With(16, '02', 'ff') }),
      elf64,
      'programs for aarch64',
    ],
    ['the extension', extension('newer'), magicEntry(), 'those whose name ends in .newer'],
    ['its magic', magicEntry({ name: 'newer' }), extension('jar'), 'those that its magic takes'],
    [
      'its magic, where much of it is asked for beyond',
      magicEntry({ name: 'newer', magic: '504b0304aabbccdd', mask: null }),
      zip,
      'those that its magic takes',
    ],
  ])('which files go to a newer entry is told by %s', (_, newer, older, words) => {
    const found = findingsOf(systemWith([newer, older])).filter(({ id }) => id.startsWith('shadowed'));
    expect(found).toMatchObject([
      { id: 'shadowed-in-part', severity: 'info', detail: `Of its files, newer takes ${words}.` },
    ]);
  });

  test('what a newer entry gets that is never used itself is told of the one before that', () => {
    const [first, second] = [extension('exe'), { ...extension('exe'), name: 'second' }];
    const found = findingsOf(systemWith([first, second, magicEntry()]));
    expect(found.map(({ id, subject }) => [id, 'name' in subject && subject.name])).toEqual([
      ['shadowed', 'second'],
      ['shadowed-in-part', 'qemu-aarch64'],
    ]);
    expect(found[1]?.detail).toBe('Of its files, exe takes those whose name ends in .exe.');
  });

  test('one pattern lies before another when it asks for no bit that the other does not', () => {
    const of = (magic: string, mask: string | null = null, offset = 0) => magicEntry({ magic, mask, offset });
    expect(alwaysBefore(of('a1'), of('a1b2'))).toBe(true);
    expect(alwaysBefore(of('a1b2'), of('a1'))).toBe(false);
    expect(alwaysBefore(of('a1', 'f0'), of('a2'))).toBe(true);
    expect(alwaysBefore(of('a1'), of('a1', 'f0'))).toBe(false);
    expect(alwaysBefore(of('00', '00', 9), of('a1'))).toBe(true);
    expect(alwaysBefore(of('b2', null, 1), of('a1b2'))).toBe(true);
    expect(alwaysBefore(jarEntry(), of('a1'))).toBe(false);
  });

  test('an entry is for the target it serves, or else for the one in its name', () => {
    expect(soleTargetOf(magicEntry({ name: 'any' }))).toBe(theTarget('aarch64'));
    expect(soleTargetOf(magicEntry({ magic: 'f0f1', mask: null }))).toBe(theTarget('aarch64'));
    expect(soleTargetOf(magicEntry({ name: 'any', magic: 'f0f1', mask: null }))).toBeNull();
    const anyElf = magicEntry({ magic: '7f454c46', mask: null });
    expect(servicesOf(anyElf)).toHaveLength(targets.length);
    expect(soleTargetOf(anyElf)).toBeNull();
  });
});

test('a row is marked with the worst of what concerns it', () => {
  const entries = [magicEntry({ flags: 'C' }), magicEntry({ name: 'older' }, false)];
  const system = systemWith(entries);
  const found = findingsOf(system);
  const [row = exampleRow()] = system.targets;
  expect(worstOf(found, row)).toBe('warning');
  expect(worstOf(found, exampleRow({ name: 's390x' }))).toBeNull();
  const only = exampleRow({ entryNames: ['older'] });
  expect(findingsOfRow(found, only).map((one) => one.id)).toEqual(['disabled']);
  expect(worstOf(found, only)).toBe('info');
});

test('findings are plain data with sentences', () => {
  const entries = [magicEntry({ flags: 'PC' }), magicEntry({ name: 'older' }), jarEntry(false)];
  for (const finding of findingsOf(systemWith(entries))) {
    expect(structuredClone(finding)).toEqual(finding);
    expect(finding.sentence).toMatch(/^[A-Z][^.]*[.”]$/);
    expect(finding.detail).toMatch(/^(?:|[A-Z].*[.”])$/);
  }
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
});
