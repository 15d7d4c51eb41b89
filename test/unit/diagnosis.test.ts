import { describe, expect, test } from 'vitest';
import { listed, servicesOf, soleTargetOf } from '../../electron/binfmt/diagnosis/facts.ts';
import { findingsOfRow, worstOf } from '../../electron/binfmt/diagnosis/finding.ts';
import { findingsOf } from '../../electron/binfmt/diagnosis/findings.ts';
import { alwaysBefore } from '../../electron/binfmt/diagnosis/pattern.ts';
import { type Entry, parseEntry } from '../../electron/binfmt/entry.ts';
import type { Interpreter } from '../../electron/binfmt/interpreters.ts';
import { isOlder } from '../../electron/binfmt/is-older.ts';
import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
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
/** A system with these entries, whose interpreters are as given or executable, static and new. */
function systemWith(entries: readonly Entry[], interpreters: readonly Interpreter[] = []) {
  const known = entries.flatMap((entry) =>
    'interpreter' in entry && !interpreters.some((one) => one.path === entry.interpreter)
      ? [executable(entry.interpreter)]
      : [],
  );
  const rows = [exampleRow({ entry: entries[0] ?? null, entryNames: entries.map((entry) => entry.name) })];
  return { ...exampleSnapshot({ entries, targets: rows }), interpreters: [...interpreters, ...known] };
}
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
  const missing: Interpreter = { ...qemu, file: 'missing', linkage: null, qemuVersion: null };

  test('that is missing: an error, a warning while the entry is disabled, good to know with F', () => {
    const findings = (flags: string, enabled = true) =>
      findingsOf(systemWith([magicEntry({ flags }, enabled)], [missing]));
    expect(findings('')).toMatchObject([{ id: 'interpreter-missing', severity: 'error', target: 'aarch64' }]);
    expect(findings('', false)[0]).toMatchObject({ id: 'interpreter-missing', severity: 'warning' });
    expect(findings('F')).toMatchObject([{ id: 'interpreter-held-open', severity: 'info', action: null }]);
  });

  test('that the kernel holds open, Replace is offered where a static emulator takes over', () => {
    const action = (linkage: Interpreter['linkage']) => {
      const system = systemWith([magicEntry({ interpreter: '/old' })], [{ ...missing, path: '/old' }]);
      const targets = system.targets.map((row) => ({ ...row, installed: { ...qemu, linkage } }));
      return findingsOf({ ...system, targets })[0];
    };
    expect(action('static')).toMatchObject({ id: 'interpreter-held-open', action: { label: 'Replace' } });
    expect(action('static')?.sentence).toContain('the emulator that is on this machine');
    expect(action('dynamic')).toMatchObject({ id: 'interpreter-held-open', action: null });
  });

  test('that is missing, Replace is offered where an emulator is known', () => {
    const system = systemWith(
      [magicEntry({ flags: '', interpreter: '/old' })],
      [{ ...missing, path: '/old' }],
    );
    expect(findingsOf(system)[0]?.action).toEqual({
      label: 'Replace',
      requests: [{ kind: 'replace', name: 'qemu-aarch64', target: 'aarch64' }],
    });
    const [row = exampleRow()] = system.targets;
    expect(findingsOf({ ...system, targets: [{ ...row, installed: null }] })[0]?.action?.label).toBe(
      'Unregister',
    );
  });

  test('of another CPU', () => {
    const ids = (machine: number, elfClass: 32 | 64) =>
      idsOf(systemWith([magicEntry()], [{ ...qemu, machine, elfClass }]));
    expect(ids(62, 64)).toEqual([]);
    expect(ids(3, 32)).toEqual([]);
    expect(ids(183, 64)).toEqual(['interpreter-foreign']);
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
  });

  test('the host’s own programs are an error, and those of its family good to know', () => {
    const x86 = entryOf(registrationOfTarget('x86_64'));
    expect(findingsOf(systemWith([x86]))[0]).toMatchObject({ id: 'captures-host', severity: 'error' });
    const i386 = findingsOf(systemWith([entryOf(registrationOfTarget('i386'))]));
    expect(i386).toMatchObject([{ id: 'host-may-run-it', severity: 'info' }]);
  });

  test('a newer enabled entry may leave it nothing, or less', () => {
    const older = magicEntry({ name: 'older' });
    const newer = magicEntry();
    expect(idsOf(systemWith([newer, older]))).toEqual(['served-twice', 'shadowed']);
    expect(idsOf(systemWith([magicEntry({}, false), older]))).toEqual(['disabled']);
    const executablesOnly = magicEntry({ mask: 'ffffffffffffff00ffffffffffffffffffffffff' });
    expect(idsOf(systemWith([executablesOnly, older]))).toEqual(['served-twice', 'shadowed-in-part']);
    const twoJars = [{ ...jarEntry(), name: 'newer' }, jarEntry()];
    expect(idsOf(systemWith(twoJars))).toEqual(['shadowed']);
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
    expect(finding.sentence).toMatch(/^[A-Z].*[.”]$/);
  }
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
});
