import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { documentSchema } from '../../electron/binfmt/exchange/document-schema.ts';
import type { RegisterOptions } from '../../electron/binfmt/register-options.ts';
import type { Row, Snapshot } from '../../electron/binfmt/snapshot.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import { type ExportWish, exportContents } from '../../electron/export-contents.ts';
import {
  entryOf,
  exampleRow,
  exampleSnapshot,
  jarEntry,
  registrationOfTarget,
} from '../support/example-data.ts';

const arm = entryOf(registrationOfTarget('arm'));
const jar = jarEntry(false);
const rowOf = (name: string, changes: Partial<Row> = {}): Row => exampleRow({ name, ...changes });

/** arm and jar are registered, of all targets. */
const snapshot: Snapshot = exampleSnapshot({
  entries: [jar, arm],
  targets: targets.map(({ name }) =>
    name === 'arm' ? rowOf(name, { entry: arm, entryNames: ['qemu-arm'] }) : rowOf(name, { installed: null }),
  ),
  formats: [rowOf('jar', { isTarget: false, entry: jar, entryNames: ['jar'], installed: null })],
});

const options: RegisterOptions = {
  interpreter: { kind: 'directory', directory: '/usr/bin', suffix: '-static' },
  persistent: true,
  credentials: false,
  preserveArgv0: false,
};

/** For this machine, without its own family. */
const forThis = { machine: null, ownFamily: false } as const;

const namesOf = (subject: ExportWish['subject'], format: ExportWish['format'] = 'conf-files') =>
  exportContents({ subject, format }, snapshot).files.map(({ name }) => name);

describe('what is exported', () => {
  test('is whole, in whatever order, unless the format cannot say something of it', () => {
    const twin = entryOf({ ...registrationOfTarget('arm'), name: 'a-twin' });
    const row = rowOf('arm', { entry: arm, entryNames: ['qemu-arm', 'a-twin'] });
    const isWhole = (format: ExportWish['format'], entries: Snapshot['entries']): boolean => {
      const system = { ...snapshot, entries, targets: [row] };
      const contents = exportContents(
        { subject: { kind: 'as-registered', rows: 'registered' }, format },
        system,
      );
      expect(contents.notes).toHaveLength(1);
      return contents.isWhole;
    };
    expect(isWhole('conf-files', [twin, arm])).toBe(true);
    expect(isWhole('conf-file', [jar, arm])).toBe(false);
  });

  test('as it is registered is all of it, or what is selected', () => {
    expect(namesOf({ kind: 'as-registered', rows: 'registered' })).toEqual(['jar.conf', 'qemu-arm.conf']);
    const selected = { table: 'targets', names: ['arm', 'alpha'] } as const;
    expect(namesOf({ kind: 'as-registered', rows: selected })).toEqual(['qemu-arm.conf']);
    const formats = { table: 'formats', names: ['jar', 'arm'] } as const;
    expect(namesOf({ kind: 'as-registered', rows: formats })).toEqual(['jar.conf']);
  });

  test('for another machine is all that does not run there by itself', () => {
    const all = { kind: 'with-options', rows: 'all-targets', options } as const;
    const namesFor = (machine: string | null, ownFamily: boolean): readonly string[] =>
      namesOf({ ...all, machine, ownFamily });
    const leftOut = (names: readonly string[]): readonly string[] =>
      targets.map(({ name }) => name).filter((name) => !names.includes(`qemu-${name}.conf`));
    expect(leftOut(namesFor(null, false))).toEqual(['i386', 'i486', 'x86_64']);
    expect(leftOut(namesFor(null, true))).toEqual(['x86_64']);
    expect(leftOut(namesFor('aarch64', false))).toEqual(['arm', 'aarch64']);
    expect(leftOut(namesFor('arm64', true))).toEqual(['aarch64']);
    expect(leftOut(namesFor('i686', true))).toEqual(['i386', 'i486']);
    const { notes } = exportContents(
      { subject: { ...all, machine: 'aarch64', ownFamily: false }, format: 'conf-file' },
      snapshot,
    );
    expect(notes).toEqual([
      'Left out, as qemu-binfmt-conf.sh does it, because that machine (aarch64) runs them itself: arm, aarch64.',
    ]);
    const unknown = { ...all, machine: 'aarh64', ownFamily: false };
    expect(exportContents({ subject: unknown, format: 'json' }, snapshot).problem).toMatch(
      /^QEMU knows no machine “aarh64”/,
    );
  });

  test('with the emulators that are installed is for the targets that have one', () => {
    const found = { ...options, interpreter: { kind: 'found' } } as const;
    const all = { kind: 'with-options', rows: 'all-targets', options: found, ...forThis } as const;
    expect(exportContents({ subject: all, format: 'json' }, snapshot).problem).toBeNull();
    const none = { ...snapshot, targets: snapshot.targets.map((row) => ({ ...row, installed: null })) };
    expect(exportContents({ subject: all, format: 'json' }, none).problem).toMatch(
      /^No emulator for them is installed here/,
    );
    const file = { ...options, interpreter: { kind: 'file', path: '/opt/one' } } as const;
    const one = { table: 'targets', names: ['arm'] } as const;
    const ofOne = { kind: 'with-options', rows: one, options: file, ...forThis } as const;
    const { files } = exportContents({ subject: ofOne, format: 'conf-file' }, snapshot);
    expect(files[0]?.text).toContain(':/opt/one:F\n');
  });

  test('with options is a target, whether it is registered or not', () => {
    const selected = { table: 'targets', names: ['arm', 'alpha'] } as const;
    expect(namesOf({ kind: 'with-options', rows: selected, options, ...forThis })).toEqual([
      'qemu-alpha.conf',
      'qemu-arm.conf',
    ]);
    const registered = exportContents(
      { subject: { kind: 'with-options', rows: 'registered', options, ...forThis }, format: 'json' },
      snapshot,
    );
    expect(registered.notes).toEqual(['Left out, because these options are for QEMU’s targets only: jar.']);
    expect(JSON.parse(registered.files[0]?.text ?? '').entries).toMatchObject([
      { name: 'qemu-arm', enabled: true, interpreter: '/usr/bin/qemu-arm-static', flags: 'F' },
    ]);
  });

  test('of all targets leaves out those that the machine runs itself, and says so', () => {
    const { files, notes } = exportContents(
      { subject: { kind: 'with-options', rows: 'all-targets', options, ...forThis }, format: 'templates' },
      snapshot,
    );
    expect(files).toHaveLength(31);
    expect(notes).toEqual([
      'Left out, as qemu-binfmt-conf.sh does it, because this machine (x86_64) runs them itself: i386, i486, x86_64.',
    ]);
  });

  test('of the machine itself is exported when it is selected, with a warning', () => {
    const rows = { table: 'targets', names: ['x86_64'] } as const;
    const { files, notes } = exportContents(
      { subject: { kind: 'with-options', rows, options, ...forThis }, format: 'conf-files' },
      snapshot,
    );
    expect(files).toHaveLength(1);
    expect(notes).toEqual([
      'For other machines only, because on this one (x86_64) they would take the machine’s own programs: qemu-x86_64.',
    ]);
  });

  test('says what is not installed where the best one found is asked for', () => {
    const found: RegisterOptions = { ...options, interpreter: { kind: 'found' } };
    const rows = { table: 'targets', names: ['arm', 'alpha'] } as const;
    const { files, notes } = exportContents(
      { subject: { kind: 'with-options', rows, options: found, ...forThis }, format: 'conf-files' },
      snapshot,
    );
    expect(files.map(({ name }) => name)).toEqual(['qemu-arm.conf']);
    expect(notes).toEqual(['Left out, because no emulator for them is installed: alpha.']);
  });
});

describe('the files', () => {
  test.each([
    ['conf-file', 'binfmt-registrations.conf'],
    ['script', 'register-formats.sh'],
    ['json', 'binfmt-registrations.json'],
  ] as const)('of %s are one', (format, name) => {
    expect(namesOf({ kind: 'as-registered', rows: 'registered' }, format)).toEqual([name]);
  });

  test('say what they cannot carry, once each', () => {
    const { notes } = exportContents(
      { subject: { kind: 'as-registered', rows: 'registered' }, format: 'conf-file' },
      snapshot,
    );
    expect(notes).toEqual(['jar is disabled, which a .conf file cannot say: systemd will enable it.']);
  });

  test('of JSON are documents, also of what only the kernel knows', () => {
    const bpf = {
      kind: 'bpf',
      name: 'b',
      text: 'enabled\nbpf x\n',
      enabled: true,
      flags: '',
      unknownLines: [],
    } as const;
    const row = rowOf('b', { isTarget: false, entry: bpf, entryNames: ['b'] });
    const { files, notes } = exportContents(
      { subject: { kind: 'as-registered', rows: { table: 'formats', names: ['b'] } }, format: 'json' },
      { ...snapshot, entries: [bpf, arm], formats: [row] },
    );
    expect(notes).toHaveLength(1);
    const document: unknown = JSON.parse(files[0]?.text ?? '');
    expect(v.is(documentSchema, document)).toBe(true);
    expect(document).toMatchObject({ entries: [{ name: 'b', type: 'other' }] });
  });
});

describe('nothing is written', () => {
  const problemOf = (subject: ExportWish['subject'], changes: Partial<Snapshot> = {}) =>
    exportContents({ subject, format: 'conf-files' }, { ...snapshot, ...changes });

  test('where there is nothing, and why is a sentence', () => {
    const none = { entries: [], targets: targets.map(({ name }) => rowOf(name)), formats: [] };
    expect(problemOf({ kind: 'as-registered', rows: 'registered' }, none).problem).toBe(
      'Nothing is registered.',
    );
    expect(problemOf({ kind: 'with-options', rows: 'registered', options, ...forThis }, none).problem).toBe(
      'No target is registered.',
    );
    const alpha = { table: 'targets', names: ['alpha'] } as const;
    expect(problemOf({ kind: 'as-registered', rows: alpha }).problem).toBe(
      'Nothing of what is selected is registered.',
    );
    const formats = { table: 'formats', names: ['jar'] } as const;
    expect(problemOf({ kind: 'with-options', rows: formats, options, ...forThis }).problem).toBe(
      'None of what is selected is a target of QEMU.',
    );
  });

  test('with options that make no path', () => {
    const relative: RegisterOptions = {
      ...options,
      interpreter: { kind: 'directory', directory: 'usr/bin', suffix: '' },
    };
    const contents = problemOf({ kind: 'with-options', rows: 'all-targets', options: relative, ...forThis });
    expect(contents).toEqual({
      files: [],
      notes: [],
      isWhole: false,
      problem: 'The directory must be an absolute path, such as /usr/bin.',
    });
  });

  test('where the format can say nothing of it', () => {
    const strange = entryOf({ kind: 'extension', name: 'a:b', extension: 'e', interpreter: '/i', flags: '' });
    const row = rowOf('a:b', { isTarget: false, entry: strange, entryNames: ['a:b'] });
    const contents = exportContents(
      { subject: { kind: 'as-registered', rows: 'registered' }, format: 'templates' },
      { ...snapshot, entries: [strange], targets: [], formats: [row] },
    );
    expect(contents.problem).toBe('None of it can be written in this format.');
    expect(contents.notes).toHaveLength(1);
  });
});
