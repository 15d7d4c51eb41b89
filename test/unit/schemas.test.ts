import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { invocationNames } from '../../electron/ipc/contract.ts';
import { argumentSchemas } from '../../electron/ipc/schemas.ts';

const acceptsChange = (...args: readonly unknown[]): boolean => v.is(argumentSchemas.change, args);

const validRequests = [
  { kind: 'switch-target', target: 'aarch64', on: true },
  { kind: 'switch-entries', names: ['$(reboot)\n\udcff'], on: false },
  { kind: 'register', targets: ['aarch64', 'arm'] },
  { kind: 'unregister', names: ['jar'] },
  { kind: 'reset', names: ['qemu-arm'] },
  { kind: 'switch-master', on: true },
  { kind: 'mount' },
  { kind: 'import', removeOthers: false },
  { kind: 'undo', change: 1 },
];

describe('the arguments of a change', () => {
  test.each(validRequests)('are taken when they are $kind', (request) => {
    expect(acceptsChange(request)).toBe(true);
  });

  test.each(validRequests)('are refused when $kind carries something more', (request) => {
    expect(acceptsChange({ ...request, line: ':x:M::a::/i:' })).toBe(false);
    expect(acceptsChange(request, 'another argument')).toBe(false);
    expect(acceptsChange([request])).toBe(false);
  });

  test.each(validRequests.filter((request) => Object.keys(request).length > 1))(
    'are refused when $kind lacks something, or has it of another type',
    (request) => {
      for (const key of Object.keys(request)) {
        const { [key as keyof typeof request]: _left, ...rest } = request;
        expect(acceptsChange(rest), `without ${key}`).toBe(false);
        for (const wrong of [null, 42.5, {}, [], [1], 'x'.repeat(256)]) {
          expect(acceptsChange({ ...request, [key]: wrong }), `${key}: ${JSON.stringify(wrong)}`).toBe(false);
        }
      }
    },
  );

  test.each([
    ['no argument', []],
    ['null', [null]],
    ['a word', ['reset']],
    ['an unknown kind', [{ kind: 'run', command: 'reboot' }]],
    ['a kind that every object has', [{ kind: 'constructor' }]],
    ['an empty name', [{ kind: 'switch-entries', names: [''], on: true }]],
    ['a name longer than the kernel’s', [{ kind: 'unregister', names: ['n'.repeat(256)] }]],
    ['no names', [{ kind: 'reset', names: [] }]],
    ['more names than there can be', [{ kind: 'reset', names: Array<string>(10_001).fill('qemu-x') }]],
    ['change 0', [{ kind: 'undo', change: 0 }]],
    ['half a change', [{ kind: 'undo', change: 1.5 }]],
    ['an endless change', [{ kind: 'undo', change: Number.POSITIVE_INFINITY }]],
  ])('are refused when they are %s', (_what, args) => {
    expect(acceptsChange(...args)).toBe(false);
  });

  test('bring nothing in through a prototype', () => {
    const smuggled: unknown = JSON.parse('{"kind":"mount","__proto__":{"on":true}}');
    expect(acceptsChange(smuggled)).toBe(false);
    const inherited: unknown = Object.assign(Object.create({ polluted: true }), { kind: 'mount' });
    expect(acceptsChange(inherited)).toBe(false);
  });
});

describe('the other channels', () => {
  test('all have a schema, and no other channel has', () => {
    expect(Object.keys(argumentSchemas).sort()).toEqual([...invocationNames].sort());
  });

  test('without arguments take none', () => {
    const { overview, openLog, cancelPrompt, pastChanges } = argumentSchemas;
    for (const schema of [overview, openLog, cancelPrompt, pastChanges]) {
      expect(v.is(schema, [])).toBe(true);
      expect(v.is(schema, ['/etc/passwd'])).toBe(false);
    }
  });

  test('preview what they would carry out, and nothing else', () => {
    expect(v.is(argumentSchemas.preview, [{ kind: 'mount' }])).toBe(true);
    expect(v.is(argumentSchemas.preview, [{ kind: 'mount', line: 'x' }])).toBe(false);
    expect(v.is(argumentSchemas.preview, [])).toBe(false);
  });

  test('preview registering, with options of their shape only', () => {
    const options = {
      interpreter: { kind: 'directory', directory: '/opt/$(reboot)', suffix: '' },
      persistent: true,
      credentials: false,
      preserveArgv0: 'as-needed',
    };
    const request = { kind: 'register', targets: ['arm'], options, existing: 'keep', ownFamily: false };
    const accepts = (changed: unknown): boolean => v.is(argumentSchemas.previewRegistration, [changed]);
    expect(accepts(request)).toBe(true);
    expect(accepts({ kind: 'register', targets: ['arm'] })).toBe(true);
    for (const changed of [
      { ...request, kind: 'unregister' },
      { ...request, existing: 'ask' },
      { ...request, ownFamily: 'yes' },
      { ...request, options: undefined },
      { ...request, options: { ...options, preserveArgv0: 'always' } },
      { ...request, options: { ...options, line: ':x:M::a::/i:' } },
      { ...request, options: { ...options, interpreter: { kind: 'file' } } },
      { ...request, options: { ...options, interpreter: { kind: 'found', path: '/bin/true' } } },
      { ...request, options: { ...options, interpreter: { kind: 'file', path: 'x'.repeat(4097) } } },
    ]) {
      expect(accepts(changed), JSON.stringify(changed)).toBe(false);
    }
    expect(v.is(argumentSchemas.chooseInterpreter, [])).toBe(true);
    expect(v.is(argumentSchemas.chooseInterpreter, ['/etc'])).toBe(false);
  });

  test('export what has a name here, with options of their shape, and never to a path of the window’s', () => {
    const options = {
      interpreter: { kind: 'directory', directory: '/usr/bin', suffix: '-static' },
      persistent: true,
      credentials: false,
      preserveArgv0: 'as-needed',
    };
    const rows = { table: 'formats', names: ['$(reboot)\n\udcff'] };
    const accepts = (subject: unknown, more: object = {}): boolean => {
      const args = [{ subject, format: 'json', ...more }];
      return v.is(argumentSchemas.previewExport, args) && v.is(argumentSchemas.exportFiles, args);
    };
    expect(accepts({ kind: 'as-registered', rows })).toBe(true);
    expect(accepts({ kind: 'as-registered', rows: 'registered' })).toBe(true);
    const forThis = { machine: null, ownFamily: false };
    const all = { kind: 'with-options', rows: 'all-targets', options, ...forThis };
    expect(accepts(all)).toBe(true);
    expect(accepts({ ...all, machine: 'aarch64', ownFamily: true })).toBe(true);
    for (const subject of [
      { kind: 'as-registered' },
      { kind: 'as-registered', rows: 'all-targets' },
      { kind: 'as-registered', rows, options },
      { kind: 'as-registered', rows: { ...rows, table: 'entries' } },
      { kind: 'as-registered', rows: { ...rows, names: [] } },
      { kind: 'with-options', rows, ...forThis },
      { kind: 'with-options', rows, options },
      { ...all, options: { ...options, persistent: 1 } },
      { ...all, machine: 'm'.repeat(256) },
      { ...all, ownFamily: 'yes' },
    ]) {
      expect(accepts(subject), JSON.stringify(subject)).toBe(false);
    }
    expect(accepts({ kind: 'as-registered', rows }, { path: '/etc/passwd' })).toBe(false);
    expect(accepts({ kind: 'as-registered', rows }, { format: 'sh' })).toBe(false);
    for (const name of ['replaceFiles', 'showExported', 'readChosenImport', 'readExplainedImport'] as const) {
      expect(v.is(argumentSchemas[name], [])).toBe(true);
      expect(v.is(argumentSchemas[name], ['/etc/passwd'])).toBe(false);
    }
  });

  test('check the fields of a format as they were typed, and not without end', () => {
    const fields = {
      name: '',
      type: 'magic',
      offset: 'x',
      magic: '\\x',
      mask: '',
      extension: '',
      interpreter: '',
      flags: '',
    };
    const accepts = (changed: unknown): boolean => v.is(argumentSchemas.checkFormat, [changed]);
    expect(accepts(fields)).toBe(true);
    for (const key of Object.keys(fields) as (keyof typeof fields)[]) {
      const { [key]: _left, ...rest } = fields;
      for (const changed of [rest, { ...fields, [key]: 0 }, { ...fields, [key]: 'x'.repeat(5001) }]) {
        expect(accepts(changed), key).toBe(false);
      }
    }
    expect(accepts({ ...fields, line: ':x:M::a::/i:' })).toBe(false);
    expect(v.is(argumentSchemas.chooseSample, ['/etc/passwd'])).toBe(false);
  });

  test('build tarballs and images of known forms, and name no place', () => {
    const tarballs = { kind: 'tarballs', emulators: ['arm'] };
    const images = { ...tarballs, kind: 'images', images: ['latest'], form: 'oci-layout', repository: 'a' };
    const accepts = (wish: unknown): boolean => v.is(argumentSchemas.buildImages, [wish]);
    for (const wish of [tarballs, images, { ...images, emulators: [], images: [], repository: '' }]) {
      expect(accepts(wish), JSON.stringify(wish)).toBe(true);
    }
    for (const changed of [
      { ...images, path: '/etc' },
      { ...tarballs, form: 'oci-layout' },
      { ...images, form: 'dir' },
      { ...images, form: undefined },
      { ...images, images: ['all'] },
      { ...images, images: ['latest', 'latest', 'latest', 'latest'] },
      { ...images, emulators: [''] },
      { ...images, emulators: 'arm' },
      { ...images, emulators: Array<string>(1001).fill('arm') },
      { ...images, repository: 'x'.repeat(1001) },
      { ...images, repository: null },
    ]) {
      expect(accepts(changed), JSON.stringify(changed).slice(0, 200)).toBe(false);
    }
    for (const place of ['tarballs', 'oci-layout', 'oci-archive', 'docker-archive']) {
      expect(v.is(argumentSchemas.chooseImagePlace, [place])).toBe(true);
    }
    for (const args of [[], ['/etc'], ['tarballs', '/etc'], [{ kind: 'tarballs' }]]) {
      expect(v.is(argumentSchemas.chooseImagePlace, args)).toBe(false);
    }
    const { imageChoices, showBuilt, chooseLayout, cancelImages } = argumentSchemas;
    for (const schema of [imageChoices, showBuilt, chooseLayout, cancelImages]) {
      expect(v.is(schema, [])).toBe(true);
      expect(v.is(schema, ['/etc'])).toBe(false);
    }
  });

  test('publish what was compared, and no plan of the window’s own', () => {
    expect(v.is(argumentSchemas.compareImages, ['registry.example.org/a'])).toBe(true);
    for (const args of [[], [null], ['a', '/etc'], ['x'.repeat(1001)]]) {
      expect(v.is(argumentSchemas.compareImages, args)).toBe(false);
    }
    expect(v.is(argumentSchemas.publishImages, [true])).toBe(true);
    for (const args of [[], ['yes'], [true, []], [{ tags: [] }]]) {
      expect(v.is(argumentSchemas.publishImages, args)).toBe(false);
    }
  });

  test('get QEMU from what was offered or listed, and name no package and no path', () => {
    const wish = { fileNames: ['qemu-arm-static'], register: 'keep' };
    const accepts = (changed: unknown): boolean => v.is(argumentSchemas.placeInterpreters, [changed]);
    for (const register of ['no', 'keep', 'replace']) expect(accepts({ ...wish, register })).toBe(true);
    for (const changed of [
      { ...wish, from: '/etc' },
      { ...wish, register: true },
      { ...wish, register: undefined },
      { ...wish, fileNames: [] },
      { ...wish, fileNames: [''] },
      { ...wish, fileNames: 'qemu-arm-static' },
      { ...wish, fileNames: Array<string>(1001).fill('a') },
    ]) {
      expect(accepts(changed), JSON.stringify(changed).slice(0, 200)).toBe(false);
    }
    for (const kind of ['file', 'folder']) expect(v.is(argumentSchemas.chooseArchive, [kind])).toBe(true);
    for (const args of [[], ['/etc'], ['file', '/etc']]) {
      expect(v.is(argumentSchemas.chooseArchive, args)).toBe(false);
    }
    expect(v.is(argumentSchemas.takeArchive, ['/home/me/qemu.deb'])).toBe(true);
    for (const args of [[], [''], ['qemu.deb'], ['/a', '/b'], [`/${'x'.repeat(4096)}`]]) {
      expect(v.is(argumentSchemas.takeArchive, args)).toBe(false);
    }
    const { offerOfDistribution, installFromDistribution, takeExplainedArchive, listArchive, cancelGetting } =
      argumentSchemas;
    for (const schema of [
      offerOfDistribution,
      installFromDistribution,
      takeExplainedArchive,
      listArchive,
      cancelGetting,
    ]) {
      expect(v.is(schema, [])).toBe(true);
      expect(v.is(schema, ['qemu-user-static'])).toBe(false);
    }
  });

  test('cannot be asked for what only the main process asks for', () => {
    const files = [{ name: 'qemu-arm-static', sha256: '0'.repeat(64), size: 1, mtime: 0 }];
    const place = { kind: 'place', id: '0'.repeat(32), from: '/tmp', files, register: 'no' };
    expect(acceptsChange(place)).toBe(false);
    expect(acceptsChange({ kind: 'bring', entries: [], removeOthers: false })).toBe(false);
  });

  test('copy a text, and not one without end', () => {
    expect(v.is(argumentSchemas.copyText, ['text'])).toBe(true);
    for (const args of [[], [1], [null], ['a', 'b'], ['x'.repeat(100_001)]]) {
      expect(v.is(argumentSchemas.copyText, args)).toBe(false);
    }
  });
});
