import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import {
  type BootFileContent,
  type BootFilePlace,
  bootFilePath,
  type Operation,
} from '../../electron/binfmt/operations.ts';
import { buildScript } from '../../electron/elevation/script.ts';
import { carryOut, summaryOf, TOKEN } from '../support/carry-out.ts';
import { callsOf, runKilledAt } from '../support/killed-script.ts';
import {
  BOOT_FILES,
  clearBootFiles,
  coverEtc,
  FORMATS,
  listBootFiles,
  readBootFile,
} from '../support/private-etc.ts';

let uncoverEtc: () => void = () => undefined;
beforeAll(() => {
  uncoverEtc = coverEtc();
});
afterAll(() => uncoverEtc());
beforeEach(clearBootFiles);

/** Where files are changed, with one of each place. */
const places = [
  { directory: BOOT_FILES, file: 'qemu-arm.conf' },
  { directory: FORMATS, file: '.qemu-arm' },
] as const;
const [inEtc] = places;
const absent: BootFileContent = { kind: 'absent' };
const masked: BootFileContent = { kind: 'masked' };
const text = (content: string): BootFileContent => ({ kind: 'text', text: content });
const link = (target: string): BootFileContent => ({ kind: 'link', target });
const setTo = (
  after: BootFileContent,
  before: BootFileContent = absent,
  place: BootFilePlace = inEtc,
): Operation => ({ kind: 'set-boot-file', ...place, before, after });
const change = async (operation: Operation): Promise<readonly string[]> =>
  summaryOf(await carryOut([operation]));

/** Gives the file a content, by other means. */
function put(content: BootFileContent, place: BootFilePlace = inEtc): void {
  clearBootFiles();
  mkdirSync(place.directory);
  const path = bootFilePath(place);
  if (content.kind === 'masked') symlinkSync('/dev/null', path);
  if (content.kind === 'link') symlinkSync(encodeBytes(content.target), path);
  if (content.kind === 'text') writeFileSync(path, content.text);
}

describe('a boot file', () => {
  const contents = [
    absent,
    masked,
    link('../elsewhere'),
    link("-it’s $(reboot)\n\\x00'\udcff\n\n"),
    text(':a:M::x::/bin/true:F\n'),
    text('# it’s $(reboot)\n\\x00\n\n'),
  ];
  test.each(contents.flatMap((before) => contents.map((after) => ({ before, after }))))(
    'goes from $before to $after',
    async ({ before, after }) => {
      for (const place of places) {
        const { directory, file } = place;
        put(before, place);
        expect(await change(setTo(after, before, place))).toEqual(['done']);
        expect(readBootFile(file, directory)).toEqual(after);
        expect(listBootFiles(directory)).toEqual(after.kind === 'absent' ? [] : [file]);
      }
    },
  );

  test('is nowhere else', async () => {
    for (const directory of ['/etc', '/var/lib/binfmts/../../../etc', '/var/lib']) {
      const place = { directory, file: 'binfmts' } as unknown as BootFilePlace;
      expect(await change(setTo(text('x'), absent, place))).toEqual(['failed: Not a configuration file']);
    }
    for (const file of ['', '.', '..', '../x.conf', 'a/b.conf']) {
      expect(await change(setTo(text('x'), absent, { ...inEtc, file }))).toEqual([
        'failed: Not a configuration file',
      ]);
    }
  });

  test('can be read by everybody, whatever the umask of who asked', async () => {
    process.umask(0o077);
    try {
      expect(await change(setTo(text('x')))).toEqual(['done']);
    } finally {
      process.umask(0o022);
    }
    expect(statSync(bootFilePath(inEtc)).mode & 0o7777).toBe(0o644);
    expect(statSync(BOOT_FILES).mode & 0o7777).toBe(0o755);
  });

  test.each([
    { there: text('theirs'), expected: absent },
    { there: text('theirs'), expected: masked },
    { there: text('theirs'), expected: text('ours') },
    { there: text('theirs'), expected: text('theirs\n') },
    { there: masked, expected: absent },
    { there: link('/etc/passwd'), expected: masked },
    { there: link('/etc/passwd'), expected: link('/etc/passwd\n') },
    { there: link('/etc/passwd'), expected: text('theirs') },
    { there: absent, expected: text('ours') },
  ])('is left alone where it is $there and not $expected', async ({ there, expected }) => {
    put(there);
    for (const after of [absent, masked, text('new')]) {
      expect(await change(setTo(after, expected))).toEqual(['failed: File was changed']);
      expect(readBootFile(inEtc.file)).toEqual(there);
    }
  });

  test('takes the place of a link, and leaves alone what is at its end', async () => {
    const elsewhere = '/etc/elsewhere.conf';
    writeFileSync(elsewhere, 'theirs');
    for (const after of [absent, masked, text('new')]) {
      put(link(elsewhere));
      expect(await change(setTo(after, link(elsewhere)))).toEqual(['done']);
      expect(readFileSync(elsewhere, 'utf8')).toBe('theirs');
    }
  });

  test('is left alone where it is no file: a directory', async () => {
    mkdirSync(bootFilePath(inEtc), { recursive: true });
    for (const before of [absent, masked, text('x')]) {
      expect(await change(setTo(absent, before))).toEqual(['failed: File was changed']);
    }
  });

  test('may have a name of any bytes', async () => {
    const name = '$(reboot)\n\'"\udcff.conf';
    const place = { ...inEtc, file: name };
    expect(await change(setTo(text('x'), absent, place))).toEqual(['done']);
    expect(readBootFile(name)).toEqual(text('x'));
    expect(await change(setTo(absent, text('x'), place))).toEqual(['done']);
    expect(listBootFiles()).toEqual([]);
  });

  test('is not written where the directory cannot be', async () => {
    writeFileSync(BOOT_FILES, 'not a directory');
    expect((await change(setTo(text('x'))))[0]).toMatch(/^failed: .*(File exists|Not a directory)/);
  });

  test('leaves nothing behind where it cannot be put in place', async () => {
    mkdirSync(BOOT_FILES);
    chmodSync(BOOT_FILES, 0o755);
    const tooLong = `${'n'.repeat(251)}.conf`;
    expect((await change(setTo(text('x'), absent, { ...inEtc, file: tooLong })))[0]).toMatch(
      /^failed: .*File name too long/,
    );
    expect(listBootFiles()).toEqual([]);
  });
});

describe('a power cut', () => {
  const longText = text(`${'# long\n'.repeat(5000)}:a:M::x::/bin/true:F\n`);
  const changes = [
    { before: absent, after: longText },
    { before: text('old\n'), after: longText },
    { before: masked, after: longText },
    { before: text('old\n'), after: masked },
    { before: text('old\n'), after: absent },
  ];
  test.each(places.flatMap((place) => changes.map((one) => ({ ...one, place }))))(
    'at any step leaves the old file or the new one in $place.directory',
    async ({ before, after, place }) => {
      const { directory, file } = place;
      const script = buildScript([setTo(after, before, place)], TOKEN, []);
      const seen = new Set<string>();
      let step = 0;
      for (let died = true; died; step++) {
        put(before, place);
        died = runKilledAt(script, step).died;
        const found = readBootFile(file, directory);
        expect([before, after]).toContainEqual(found);
        seen.add(JSON.stringify(found));
        // What any service would read besides: nothing.
        const others = listBootFiles(directory).filter((name) => name !== file);
        expect(others.filter((name) => !statSync(`${directory}/${name}`).isDirectory())).toEqual([]);

        // The next change clears up.
        expect(await change(setTo(text('next'), found ?? absent, place))).toEqual(['done']);
        expect(listBootFiles(directory)).toEqual([file]);
      }
      expect(step).toBeGreaterThan(4);
      expect(seen.size).toBe(2);
    },
  );

  test.each([
    ['text', ['write', 'sync the file', 'rename', 'sync the directory']],
    ['a mask', ['link', 'rename', 'sync the directory']],
    ['nothing', ['remove', 'sync the directory']],
  ] as const)('finds %s on the disk as soon as it is in place, and not before it is whole', (what, steps) => {
    put(what === 'nothing' ? text('old\n') : absent);
    const after = what === 'text' ? longText : what === 'a mask' ? masked : absent;
    const before = what === 'nothing' ? text('old\n') : absent;
    expect(readBootFile(inEtc.file)).toEqual(before);
    const made = `${BOOT_FILES}/.qemu-binfmt-manager.`;
    const names: readonly (readonly [RegExp, string])[] = [
      [/^printf %s /, 'write'],
      [/^\/bin\/ln /, 'link'],
      [/^\/bin\/sync -- \/etc\/binfmt\.d$/, 'sync the directory'],
      [/^\/bin\/sync -- /, 'sync the file'],
      [/^\/bin\/mv /, 'rename'],
      [/^\/bin\/rm -f -- \/etc\/binfmt\.d\/qemu-arm\.conf$/, 'remove'],
    ];
    const calls = callsOf(buildScript([setTo(after, before)], TOKEN, []));
    const inOrder = calls.flatMap((call) => names.find(([pattern]) => pattern.test(call))?.[1] ?? []);
    expect(inOrder).toEqual(steps);
    const synced = calls.filter((call) => call.startsWith(`/bin/sync -- ${made}`));
    const renamed = calls.filter((call) => call.startsWith(`/bin/mv -fT -- ${made}`));
    expect(renamed).toHaveLength(what === 'nothing' ? 0 : 1);
    // What is renamed is what was synced.
    if (what === 'text') expect(renamed[0]?.split(' ')[3]).toBe(synced[0]?.split(' ')[2]);
    expect(readBootFile(inEtc.file)).toEqual(after);
  });
});
