import { describe, expect, test } from 'vitest';
import type { Finding, Row, Severity } from '../../electron/ipc/contract.ts';
import { arrangeRows, countOf, flagsOf, problemOf, shownRows, type View } from '../../renderer/view.ts';
import { exampleRow, exampleSnapshot, executable, jarEntry, magicEntry } from '../support/example-data.ts';

const aarch64 = exampleRow({
  state: 'Enabled',
  entry: magicEntry({ flags: 'PF' }),
  entryNames: ['qemu-aarch64', 'my-arm64'],
});
const arm = exampleRow({
  name: 'arm',
  label: 'ARM, 32-bit',
  state: 'Broken',
  entry: magicEntry({ name: 'qemu-arm', flags: '' }),
  interpreter: executable('/opt/emulators/arm'),
});
const mips = exampleRow({
  name: 'mips',
  label: 'MIPS, 32-bit',
  state: 'Not registered',
  interpreter: executable('/usr/bin/qemu-mips'),
});
const mips64 = exampleRow({
  name: 'mips64',
  label: 'MIPS, 64-bit',
  state: 'Disabled',
  entry: magicEntry({ flags: 'F' }, false),
  interpreter: executable('/usr/bin/qemu-mips64'),
});
const vax = exampleRow({ name: 'vax', label: 'VAX', state: 'Not installed', interpreter: null });
const rows: readonly Row[] = [vax, mips64, arm, mips, aarch64];

const arranged = (view: Partial<View> = {}, search = ''): string =>
  arrangeRows(rows, [], { filter: 'all', sortBy: 'name', sortDirection: 'ascending', ...view }, search)
    .map((row) => row.name)
    .join(' ');

describe('the rows', () => {
  test.each([
    ['all', 'aarch64 arm mips mips64 vax'],
    ['enabled', 'aarch64'],
    ['registered', 'aarch64 arm mips64'],
    ['problems', 'arm'],
  ] as const)('filtered by %s are %s', (filter, names) => {
    expect(arranged({ filter })).toBe(names);
  });

  test.each([
    ['by name', 'arch', 'aarch64'],
    ['by label, in any case', 'arm,', 'aarch64 arm'],
    ['by path', '/opt/emul', 'arm'],
    ['by the entry’s name', 'my-arm64', 'aarch64'],
    ['by every word, in any order', '  32-BIT   m ', 'arm mips'],
    ['by nothing', '   ', 'aarch64 arm mips mips64 vax'],
    ['without regular expressions', '.*', ''],
  ])('are found %s', (_how, search, names) => {
    expect(arranged({}, search)).toBe(names);
  });

  test('are searched within the filter', () => {
    expect(arranged({ filter: 'registered' }, 'mips')).toBe('mips64');
  });

  test.each([
    ['name', 'aarch64 arm mips mips64 vax'],
    ['state', 'arm aarch64 mips64 mips vax'],
    ['interpreter', 'arm aarch64 mips mips64 vax'],
    ['flags', 'mips64 aarch64 arm mips vax'],
  ] as const)('are sorted by %s, equal ones by name', (sortBy, names) => {
    expect(arranged({ sortBy })).toBe(names);
  });

  test('are sorted the other way round, equal ones still by name', () => {
    expect(arranged({ sortDirection: 'descending' })).toBe('vax mips64 mips arm aarch64');
    expect(arranged({ sortBy: 'flags', sortDirection: 'descending' })).toBe('arm mips vax aarch64 mips64');
  });

  test('sort numbers by their value', () => {
    const numbered = ['r10', 'r9', 'r1'].map((name) => exampleRow({ name }));
    const view: View = { filter: 'all', sortBy: 'name', sortDirection: 'ascending' };
    expect(arrangeRows(numbered, [], view, '').map((row) => row.name)).toEqual(['r1', 'r9', 'r10']);
  });

  test('given are left as they were', () => {
    const given = [...rows];
    arranged({ sortBy: 'state' });
    expect(rows).toEqual(given);
  });
});

describe('the rows that are shown', () => {
  const jar = exampleRow({ name: 'jar', isTarget: false, entry: jarEntry() });
  const store = {
    snapshot: exampleSnapshot({ targets: rows, formats: [jar] }),
    view: { filter: 'registered', sortBy: 'name', sortDirection: 'ascending' },
    search: 'arm',
  } as const;

  test('are those of the filter and the search among the targets, and all other formats', () => {
    expect(shownRows(store, 'targets').map((row) => row.name)).toEqual(['aarch64', 'arm']);
    expect(shownRows(store, 'formats')).toEqual([jar]);
  });
});

describe('problems', () => {
  const about = (severity: Severity, subject: Finding['subject'], target?: string): Finding => ({
    id: 'disabled',
    severity,
    subject,
    ...(target === undefined ? {} : { target }),
    sentence: 'It is so.',
    detail: '',
    action: null,
  });
  const jar = exampleRow({ name: 'jar', isTarget: false, entry: jarEntry(), entryNames: ['jar'] });
  const findings = [
    about('error', { kind: 'system' }),
    about('info', { kind: 'system' }),
    about('warning', { kind: 'system' }, 'aarch64'),
    about('info', { kind: 'entry', name: 'my-arm64' }),
    about('error', { kind: 'entry', name: 'jar' }),
  ];
  const snapshot = exampleSnapshot({ targets: rows, formats: [jar], findings });
  const names = (table: 'targets' | 'formats'): readonly string[] =>
    shownRows(
      { snapshot, view: { filter: 'problems', sortBy: 'name', sortDirection: 'ascending' }, search: '' },
      table,
    ).map((row) => row.name);

  test('are as grave as the gravest that is known of a row', () => {
    expect(problemOf(findings, jar)).toBe('error');
    expect(problemOf(findings, aarch64)).toBe('warning');
    expect(problemOf([], arm)).toBe('error');
    expect(problemOf(findings, mips)).toBeNull();
    expect(problemOf([about('info', { kind: 'entry', name: 'jar' })], jar)).toBeNull();
  });

  test('are counted wherever they are: two targets, a format and the system', () => {
    expect(countOf('problems', snapshot)).toBe(4);
    expect(countOf('problems', exampleSnapshot({ targets: [mips], formats: [jar] }))).toBe(0);
  });

  test('are shown in both tables', () => {
    expect(names('targets')).toEqual(['aarch64', 'arm']);
    expect(names('formats')).toEqual(['jar']);
  });

  test('alone are counted so: the other filters are for the targets', () => {
    expect(countOf('all', snapshot)).toBe(5);
    expect(countOf('registered', snapshot)).toBe(3);
  });
});

describe('a row’s flags', () => {
  test('are the entry’s, and none without an entry', () => {
    expect(flagsOf(aarch64)).toBe('PF');
    expect(flagsOf(mips)).toBe('');
    expect(flagsOf(exampleRow({ entry: jarEntry() }))).toBe('');
    expect(flagsOf(exampleRow({ entry: { kind: 'unreadable', name: 'x', text: '', reason: '' } }))).toBe('');
  });
});
