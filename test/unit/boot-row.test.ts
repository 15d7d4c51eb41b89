import { describe, expect, test } from 'vitest';
import type {
  BootConfiguration,
  BootService,
  RowBoot,
} from '../../electron/binfmt/boot/boot-configuration.ts';
import { BootReader } from '../../electron/binfmt/boot/boot-reader.ts';
import {
  bootOfEntry,
  bootOfTarget,
  differenceBetween,
  type Outlook,
} from '../../electron/binfmt/boot/row-boot.ts';
import { type Entry, parseEntry } from '../../electron/binfmt/entry.ts';
import type { Interpreter } from '../../electron/binfmt/interpreters.ts';
import {
  formatRegisterLine,
  type MagicRegistration,
  type Registration,
} from '../../electron/binfmt/register-line.ts';
import { BootFiles } from '../support/boot-files.ts';
import { entryOf, executable, magicEntry, registrationOfTarget, theTarget } from '../support/example-data.ts';

const lineFor = (registration: Registration): string => {
  const line = formatRegisterLine(registration);
  if (!line.ok) throw new RangeError(line.problem);
  return `${line.value}\n`;
};
const aarch64 = (changes: Partial<MagicRegistration> = {}): string =>
  lineFor(registrationOfTarget('aarch64', changes));

/** The configuration that these files make on a machine with these services. */
async function bootWith(
  texts: Readonly<Record<string, string>>,
  services: readonly BootService[] = ['systemd-binfmt'],
): Promise<BootConfiguration> {
  const files = new BootFiles();
  try {
    if (services.length > 0) files.withServices(...services);
    for (const [path, text] of Object.entries(texts)) files.write(path, text);
    return await new BootReader(files.root).read();
  } finally {
    files.remove();
  }
}

const ours = '/etc/binfmt.d/qemu-aarch64.conf';

/** What becomes of an entry where these are registered, and this is known of an interpreter. */
const bootOf = (
  entry: Entry,
  boot: BootConfiguration,
  interpreter: Interpreter | null = null,
  entries: readonly Entry[] = [entry],
): RowBoot => bootOfEntry(entry, outlookOn(boot, interpreter, entries));

const outlookOn = (
  boot: BootConfiguration,
  interpreter: Interpreter | null = null,
  entries: readonly Entry[] = [],
): Outlook => ({
  boot,
  entries,
  interpreterAt: (path) => (interpreter?.path === path ? interpreter : null),
});

describe('an entry', () => {
  test('that no file has lasts until the next start', async () => {
    const boot = await bootWith({ '/etc/binfmt.d/x.conf': lineFor(registrationOfTarget('arm')) });
    expect(bootOf(magicEntry(), boot)).toEqual({ kind: 'until-restart' });
  });

  test('that a file has as it is now is kept without a difference', async () => {
    const boot = await bootWith({ [ours]: aarch64() });
    expect(bootOf(magicEntry(), boot)).toMatchObject({
      kind: 'kept',
      differs: null,
      service: true,
      rule: { path: ours, line: 1 },
    });
  });

  test('that a later file has too is kept as that one has it', async () => {
    const boot = await bootWith({
      [ours]: aarch64(),
      '/usr/lib/binfmt.d/z.conf': aarch64({ interpreter: '/z' }),
    });
    expect(bootOf(magicEntry(), boot)).toMatchObject({
      kind: 'kept',
      differs: 'After a restart its interpreter will be /z.',
      rule: { path: '/usr/lib/binfmt.d/z.conf' },
    });
  });

  test('that is disabled will be enabled', async () => {
    const boot = await bootWith({ [ours]: aarch64() });
    expect(bootOf(magicEntry({}, false), boot)).toMatchObject({
      kind: 'kept',
      differs: 'After a restart it will be enabled.',
    });
  });

  test('that only /run has is removed with it', async () => {
    const boot = await bootWith({ '/run/binfmt.d/x.conf': aarch64() });
    expect(bootOf(magicEntry(), boot)).toMatchObject({
      kind: 'kept',
      differs: 'A restart removes /run/binfmt.d/x.conf, unless something writes it again.',
    });
  });

  test('that a BPF program matches cannot be compared', async () => {
    const boot = await bootWith({ [ours]: aarch64() });
    const entry = parseEntry('qemu-aarch64', 'enabled\nflags: \nbpf x\n');
    expect(bootOf(entry, boot)).toMatchObject({
      differs: expect.stringMatching(/^Whether it will be the same/),
    });
  });

  test.each([
    ['missing', /^It will not come back: its flag F has the kernel open .+, which is not there\.$/],
    ['not-executable', /which is not an executable file\.$/],
  ] as const)('of a file whose interpreter is %s does not come back with F', async (file, why) => {
    const boot = await bootWith({ [ours]: aarch64() });
    const interpreter = { ...executable('/usr/bin/qemu-aarch64-static'), file };
    const refused = { kind: 'refused', rule: { path: ours }, why: expect.stringMatching(why) };
    expect(bootOf(magicEntry(), boot, interpreter)).toMatchObject(refused);
    // Whatever is registered now.
    expect(bootOf(magicEntry({ interpreter: '/other' }), boot, interpreter)).toMatchObject(refused);
    const withoutF = await bootWith({ [ours]: aarch64({ flags: '' }) });
    expect(bootOf(magicEntry({ flags: '' }), withoutF, interpreter)).toMatchObject({ differs: null });
    const executableOne = { ...interpreter, file: 'executable' } as const;
    expect(bootOf(magicEntry(), boot, executableOne)).toMatchObject({ differs: null });
    expect(bootOf(magicEntry(), boot, { ...interpreter, path: '/other' })).toMatchObject({ differs: null });
    const unread = await bootWith({ [ours]: aarch64() }, []);
    expect(bootOf(magicEntry(), unread, interpreter)).toMatchObject({ kind: 'kept', service: false });
  });

  test('that will be tried in another order differs, and so does the other one', async () => {
    const [older, newer] = [magicEntry({ name: 'z' }), magicEntry({ name: 'a' })];
    const jar = entryOf({ kind: 'extension', name: 'b', extension: 'b', interpreter: '/bin/b', flags: '' });
    const boot = await bootWith({
      '/etc/binfmt.d/a.conf': aarch64({ name: 'a' }),
      '/etc/binfmt.d/b.conf': ':b:E::b::/bin/b:\n',
      '/etc/binfmt.d/z.conf': aarch64({ name: 'z' }),
    });
    const reversed = [newer, jar, older];
    expect(bootOf(newer, boot, null, reversed)).toMatchObject({
      differs: 'After a restart z will be tried before it, and can take its files.',
    });
    expect(bootOf(older, boot, null, reversed)).toMatchObject({
      differs: 'After a restart it will be tried before a, and can take the same files.',
    });
    // By chance alone it takes files of theirs.
    expect(bootOf(jar, boot, null, reversed)).toMatchObject({ differs: null });
    for (const one of [newer, older]) {
      expect(bootOf(one, boot, null, [older, newer])).toMatchObject({ differs: null });
    }
  });

  test('whose file nobody reads is kept by a file without a service', async () => {
    const boot = await bootWith({ [ours]: aarch64() }, []);
    expect(bootOf(magicEntry(), boot)).toMatchObject({
      kind: 'kept',
      service: false,
      rule: { path: ours },
    });
    const masked = await bootWith({ [ours]: '', '/usr/lib/binfmt.d/qemu-aarch64.conf': aarch64() }, []);
    expect(bootOf(magicEntry(), masked)).toEqual({ kind: 'until-restart' });
  });

  test('whose format is in a database that nobody reads is kept without a service', async () => {
    const format = 'p\nextension\n0\nx\n\n/bin/true\n';
    const boot = await bootWith({ '/var/lib/binfmts/x': format });
    const entry = entryOf({
      kind: 'extension',
      name: 'x',
      extension: 'x',
      interpreter: '/bin/true',
      flags: '',
    });
    expect(bootOf(entry, boot)).toMatchObject({ service: false, rule: { by: 'binfmt-support' } });
    const read = await bootWith({ '/var/lib/binfmts/x': format }, ['systemd-binfmt', 'binfmt-support']);
    expect(bootOf(entry, read)).toMatchObject({ service: true, differs: null });
    const template = await bootWith(
      { '/usr/share/binfmts/x': 'package p\nextension x\ninterpreter /bin/true\n' },
      [],
    );
    expect(bootOf(entry, template)).toEqual({ kind: 'until-restart' });
  });

  test('that a file takes away again lasts until the next start', async () => {
    const boot = await bootWith({ [ours]: aarch64(), '/etc/binfmt.d/z.conf': ':qemu-aarch64:nonsense\n' });
    expect(bootOf(magicEntry(), boot)).toEqual({ kind: 'until-restart' });
  });
});

describe('a difference', () => {
  const now = registrationOfTarget('aarch64', { flags: 'POCF' });

  test.each([
    ['flags in another order', { flags: 'FCP' }],
    ['flags of which C brings O along', { flags: 'CPF' }],
    ['a magic with other bits that do not count', { magic: now.magic.replace(/^(.{14})../, '$1ff') }],
    [
      'a magic and a mask that are longer without looking at more',
      { magic: `${now.magic}1234`, mask: `${now.mask}0000` },
    ],
  ])('is none with %s', (_what, changes) => {
    expect(differenceBetween(now, { ...now, ...changes })).toBeNull();
  });

  test('is none between no mask and one in which every bit counts', () => {
    const mask = 'f'.repeat(now.magic.length);
    expect(differenceBetween({ ...now, mask: null }, { ...now, mask })).toBeNull();
  });

  test.each([
    [{ interpreter: '/x' }, 'After a restart its interpreter will be /x.'],
    [{ flags: '' }, 'After a restart it will have no flags.'],
    [{ flags: 'C' }, 'After a restart its flags will be OC.'],
    [{ offset: 1 }, 'After a restart its magic or mask will be another.'],
    [{ mask: null }, 'After a restart its magic or mask will be another.'],
    [{ magic: now.magic.replace(/^7f/, '7e') }, 'After a restart its magic or mask will be another.'],
    [
      { interpreter: '/x', flags: 'F' },
      'After a restart its interpreter will be /x, and its flags will be F.',
    ],
  ] as const)('with %j is said', (changes, sentence) => {
    expect(differenceBetween(now, { ...now, ...changes })).toBe(sentence);
  });

  test('between kinds and extensions is said', () => {
    const extension = {
      kind: 'extension',
      name: 'x',
      extension: 'x',
      interpreter: now.interpreter,
      flags: 'POCF',
    } as const;
    expect(differenceBetween(now, extension)).toBe('After a restart it will take files that end in .x.');
    expect(differenceBetween(extension, now)).toBe('After a restart its magic or mask will be another.');
    expect(differenceBetween(extension, { ...extension, extension: 'y' })).toMatch(/end in \.y/);
    expect(differenceBetween(extension, extension)).toBeNull();
  });
});

describe('a target without an entry', () => {
  test('comes back where a rule takes its programs, whatever it is called: the one registered last', async () => {
    const boot = await bootWith({
      '/etc/binfmt.d/a.conf': aarch64({ name: 'mine', mask: null, magic: '7f454c4602010100' }),
      '/etc/binfmt.d/b.conf': lineFor(registrationOfTarget('arm')) + aarch64({ name: 'other' }),
    });
    expect(bootOfTarget(theTarget('aarch64'), outlookOn(boot))).toMatchObject({
      kind: 'comes-back',
      rule: { registration: { name: 'other' }, path: '/etc/binfmt.d/b.conf', line: 2 },
    });
    expect(bootOfTarget(theTarget('riscv64'), outlookOn(boot))).toMatchObject({
      rule: { registration: { name: 'mine' } },
    });
    expect(bootOfTarget(theTarget('s390x'), outlookOn(boot))).toBeNull();
    expect(bootOfTarget(theTarget('s390x'), outlookOn(boot))).toBeNull();
  });

  test('does not come back where the kernel will refuse it, unless another rule takes its programs', async () => {
    const missing = { ...executable('/gone'), file: 'missing' } as const;
    const boot = await bootWith({ [ours]: aarch64({ interpreter: '/gone' }) });
    expect(bootOfTarget(theTarget('aarch64'), outlookOn(boot, missing))).toMatchObject({
      kind: 'refused',
      rule: { path: ours },
      why: expect.stringContaining('/gone'),
    });
    const another = '/etc/binfmt.d/another.conf';
    const both = await bootWith({
      [another]: aarch64({ name: 'another' }),
      [ours]: aarch64({ interpreter: '/gone' }),
    });
    expect(bootOfTarget(theTarget('aarch64'), outlookOn(both, missing))).toMatchObject({
      kind: 'comes-back',
      rule: { path: another },
    });
  });

  test('does not come back where nobody reads the file', async () => {
    const boot = await bootWith({ [ours]: aarch64() }, []);
    expect(bootOfTarget(theTarget('aarch64'), outlookOn(boot))).toBeNull();
  });
});
