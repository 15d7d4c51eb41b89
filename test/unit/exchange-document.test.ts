import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { parseEntry } from '../../electron/binfmt/entry.ts';
import { entryOfDesired } from '../../electron/binfmt/exchange/desired-entry.ts';
import {
  DOCUMENT_SCHEMA,
  documentFileOf,
  documentOf,
  formatDocument,
} from '../../electron/binfmt/exchange/document.ts';
import { documentSchema } from '../../electron/binfmt/exchange/document-schema.ts';
import { parseRegistrationsFile } from '../../electron/binfmt/exchange/import.ts';
import type { BinfmtMiscState, RowState } from '../../electron/binfmt/snapshot.ts';
import { anyDesired } from '../support/desired-entries.ts';
import {
  EVERY_SEPARATOR,
  exampleHost,
  exampleRow,
  exampleSnapshot,
  executable,
  jarEntry,
  magicEntry,
} from '../support/example-data.ts';

const schema = JSON.parse(readFileSync('assets/registrations.schema.json', 'utf8'));
const isValidBySchema = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

const read = (text: string) => parseRegistrationsFile('x.json', Buffer.from(text, 'utf8'));

describe('a registry as JSON', () => {
  test('comes in as what went out, whatever is registered', () => {
    fc.assert(
      fc.property(anyDesired, (desired) => {
        const entries = desired.map(entryOfDesired);
        const text = formatDocument(documentOf(exampleSnapshot({ entries }), { targets: true }));
        const imported = read(text);
        expect(imported).toMatchObject({ ok: true, value: { source: 'json', notes: [] } });
        if (!imported.ok) return;
        expect(imported.value.entries.map(entryOfDesired)).toEqual(entries);
        const again = imported.value.entries.map(entryOfDesired);
        expect(formatDocument(documentOf(exampleSnapshot({ entries: again }), { targets: true }))).toBe(text);
      }),
      { numRuns: 150 },
    );
  }, 30_000);

  test('reads as documented', () => {
    const row = exampleRow({
      state: 'Enabled',
      entryNames: ['qemu-aarch64'],
      interpreter: executable('/usr/bin/qemu-aarch64-static'),
    });
    const entries = [magicEntry({ name: 'a\udcff"', offset: 4, mask: null }, false), jarEntry()];
    const stranger = exampleRow({ name: 'qemu-odd', isTarget: false });
    const snapshot = exampleSnapshot({ entries, targets: [row, stranger] });
    expect(JSON.parse(formatDocument(documentOf(snapshot, { targets: true })))).toEqual({
      $schema: DOCUMENT_SCHEMA,
      format: 'qemu-binfmt-manager/registrations',
      version: 1,
      host: { machine: 'x86_64', kernelRelease: '6.18.0' },
      binfmtMisc: 'on',
      entries: [
        {
          name: 'a\udcff"',
          enabled: false,
          type: 'magic',
          offset: 4,
          magic: '7f454c460201010000000000000000000200b700',
          mask: null,
          interpreter: '/usr/bin/qemu-aarch64-static',
          flags: 'F',
        },
        {
          name: 'jar',
          enabled: true,
          type: 'extension',
          extension: 'jar',
          interpreter: '/usr/bin/jexec',
          flags: '',
        },
      ],
      targets: [
        {
          name: 'aarch64',
          label: 'ARM, 64-bit',
          state: 'Enabled',
          entries: ['qemu-aarch64'],
          interpreter: {
            path: '/usr/bin/qemu-aarch64-static',
            file: 'executable',
            linkage: 'static',
            qemuVersion: '9.2.0',
          },
        },
      ],
    });
    expect(documentOf(snapshot, { targets: false })).not.toHaveProperty('targets');
  });

  test('holds bytes that are not UTF-8 as escapes, and is itself UTF-8', () => {
    const { files } = documentFileOf(exampleSnapshot({ entries: [magicEntry({ name: 'a\udcffä' })] }));
    expect(files[0]?.text).toContain('"name": "a\\udcffä"');
  });

  test.each([
    ['a BPF program matches', parseEntry('odd', 'enabled\nflags: \nbpf x\n'), /odd .* BPF program/],
    ['makes no sense', parseEntry('odd', 'nonsense'), /odd .* no sense/],
    [
      'has lines of a newer kernel',
      parseEntry('odd', `${jarEntry().text}more\n`),
      /odd .* only the kernel knows/,
    ],
    ['has flags that nobody knows', magicEntry({ name: 'odd', flags: 'FZ' }), /odd .* flags Z/],
    [
      'has fields that nothing could separate',
      magicEntry({ name: 'odd', interpreter: EVERY_SEPARATOR }),
      /odd .* use up every character/,
    ],
  ])('tells of an entry that %s, and does not pretend to carry it', (_what, odd, sentence) => {
    const { files, notCarried } = documentFileOf(exampleSnapshot({ entries: [odd, jarEntry()] }));
    expect(notCarried).toEqual([expect.stringMatching(sentence)]);
    expect(JSON.parse(files[0]?.text ?? '').entries[0]).toMatchObject({
      name: 'odd',
      type: 'other',
      text: odd.text,
    });
    const imported = read(files[0]?.text ?? '');
    expect(imported.ok && imported.value.entries.map((one) => one.registration.name)).toEqual(['jar']);
    expect(imported.ok && imported.value.notes).toEqual([expect.stringMatching(/^odd is left as it is/)]);
  });
});

describe('the published schema', () => {
  test('is named by the documents', () => {
    expect(schema.$id).toBe(DOCUMENT_SCHEMA);
  });

  const states: readonly BinfmtMiscState[] = ['unsupported', 'not-loaded', 'not-mounted', 'off', 'on'];
  const rowStates: readonly RowState[] = [
    'Enabled',
    'Disabled',
    'Not registered',
    'Native',
    'Not installed',
    'Broken',
  ];
  const row = fc
    .record({
      state: fc.constantFrom(...rowStates),
      entryNames: fc.array(fc.string(), { maxLength: 2 }),
      interpreter: fc.option(
        fc.record({
          file: fc.constantFrom('executable' as const, 'missing' as const, 'not-executable' as const),
          linkage: fc.option(fc.constantFrom('static' as const, 'dynamic' as const)),
          qemuVersion: fc.option(fc.string()),
        }),
      ),
    })
    .map(({ interpreter, ...rest }) =>
      exampleRow({
        ...rest,
        interpreter: interpreter === null ? null : { ...executable('/i'), ...interpreter },
      }),
    );
  const document = fc
    .record({
      desired: anyDesired,
      binfmtMisc: fc.constantFrom(...states),
      targets: fc.array(row, { maxLength: 3 }),
      withTargets: fc.boolean(),
      withOther: fc.boolean(),
    })
    .map(({ desired, binfmtMisc, targets, withTargets, withOther }) => {
      const entries = desired.map(entryOfDesired);
      const odd = withOther ? [parseEntry('~odd', 'nonsense')] : [];
      const snapshot = { host: exampleHost, binfmtMisc, targets, entries: [...entries, ...odd] };
      return JSON.parse(formatDocument(documentOf(snapshot, { targets: withTargets })));
    });

  // Generating them takes longer than comparing verdicts.
  const documents: readonly unknown[] = fc.sample(document, 60);

  test('and the program take everything that the program writes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...documents), (written) => {
        expect(isValidBySchema(written), JSON.stringify(isValidBySchema.errors)).toBe(true);
        expect(v.safeParse(documentSchema, written)).toMatchObject({ success: true, output: written });
      }),
      { numRuns: documents.length },
    );
  });

  /** What a key can be given instead; some of it is right for one key or another. */
  const replacement = fc.oneof(
    fc.constantFrom<unknown>(
      ...[
        null,
        true,
        false,
        0,
        1,
        -1,
        1.5,
        255,
        256,
        1e300,
        '',
        '.',
        '..',
        'register',
        'status',
        'a/b',
        'a\0b',
      ],
      ...[
        '/',
        '/i',
        'i',
        '/a\0b',
        '7f',
        '7',
        '7G',
        'FF',
        'F',
        'Z',
        'POCFTLD',
        'magic',
        'extension',
        'other',
        'on',
      ],
      ...[
        'f0'.repeat(256),
        'f0'.repeat(257),
        'constructor',
        '\ud800',
        '\n',
        'x\n',
        'Enabled',
        'static',
        'missing',
      ],
    ),
    fc.constant([]).map(() => []),
    fc.constant({}).map(() => ({})),
    fc.constant('qemu-binfmt-manager/registrations'),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const extraKey = fc.constantFrom(
    ...[
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'flag',
      'mask',
      'extension',
      'text',
      'targets',
      '',
    ],
  );
  type Change = {
    readonly where: number;
    readonly what: 'replace' | 'remove' | 'add';
    readonly key: string;
    readonly value: unknown;
  };
  const change: fc.Arbitrary<Change> = fc.record({
    where: fc.nat(),
    what: fc.constantFrom('replace', 'remove', 'add'),
    key: extraKey,
    value: replacement,
  });

  test('and the program say the same of documents that somebody spoilt', () => {
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(...documents),
        fc.array(change, { minLength: 1, maxLength: 2 }),
        (written, changes) => {
          const spoilt = changes.reduce(spoil, written);
          const verdict = isValidBySchema(spoilt);
          expect(v.is(documentSchema, spoilt), JSON.stringify(spoilt)).toBe(verdict);
          seen[verdict ? 'valid' : 'invalid'] += 1;
        },
      ),
      { numRuns: 3000 },
    );
    expect(seen.valid).toBeGreaterThan(100);
    expect(seen.invalid).toBeGreaterThan(1000);
  });

  /** Changes one of all the places in a document; through text, so that `__proto__` becomes a key. */
  function spoil(json: unknown, { where, what, key, value }: Change): unknown {
    const copy: unknown = JSON.parse(JSON.stringify(json));
    const places: [object, string][] = [];
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [name, child] of Object.entries(node)) {
        places.push([node, name]);
        visit(child);
      }
    };
    visit(copy);
    const place = places[where % Math.max(1, places.length)];
    if (place === undefined) return value;
    const [parent, name] = place;
    const own = { enumerable: true, configurable: true, writable: true };
    if (what === 'replace') Object.defineProperty(parent, name, { value, ...own });
    else if (what === 'add') {
      if (Array.isArray(parent)) parent.push(value);
      else Object.defineProperty(parent, key, { value, ...own });
    } else if (Array.isArray(parent)) parent.splice(Number(name), 1);
    else Reflect.deleteProperty(parent, name);
    return copy;
  }
});
