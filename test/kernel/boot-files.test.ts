import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import type { BootFileContent, Operation } from '../../electron/binfmt/operations.ts';
import { buildScript } from '../../electron/elevation/script.ts';
import { carryOut, summaryOf, TOKEN } from '../support/carry-out.ts';
import { runKilledAt } from '../support/killed-script.ts';
import { BOOT_FILES, clearBootFiles, coverEtc, listBootFiles, readBootFile } from '../support/private-etc.ts';

let uncoverEtc: () => void = () => undefined;
beforeAll(() => {
  uncoverEtc = coverEtc();
});
afterAll(() => uncoverEtc());
beforeEach(clearBootFiles);

const FILE = 'qemu-arm.conf';
const PATH = path.join(BOOT_FILES, FILE);
const absent: BootFileContent = { kind: 'absent' };
const masked: BootFileContent = { kind: 'masked' };
const text = (content: string): BootFileContent => ({ kind: 'text', text: content });
const link = (target: string): BootFileContent => ({ kind: 'link', target });
const setTo = (after: BootFileContent, before: BootFileContent = absent, file = FILE): Operation => ({
  kind: 'set-boot-file',
  file,
  before,
  after,
});
const change = async (operation: Operation): Promise<readonly string[]> =>
  summaryOf(await carryOut([operation]));

/** Gives the file a content, by other means. */
function put(content: BootFileContent): void {
  clearBootFiles();
  mkdirSync(BOOT_FILES);
  if (content.kind === 'masked') symlinkSync('/dev/null', PATH);
  if (content.kind === 'link') symlinkSync(encodeBytes(content.target), PATH);
  if (content.kind === 'text') writeFileSync(PATH, content.text);
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
      put(before);
      expect(await change(setTo(after, before))).toEqual(['done']);
      expect(readBootFile(FILE)).toEqual(after);
      expect(listBootFiles()).toEqual(after.kind === 'absent' ? [] : [FILE]);
    },
  );

  test('can be read by everybody, whatever the umask of who asked', async () => {
    process.umask(0o077);
    try {
      expect(await change(setTo(text('x')))).toEqual(['done']);
    } finally {
      process.umask(0o022);
    }
    expect(statSync(PATH).mode & 0o7777).toBe(0o644);
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
      expect(readBootFile(FILE)).toEqual(there);
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
    mkdirSync(PATH, { recursive: true });
    for (const before of [absent, masked, text('x')]) {
      expect(await change(setTo(absent, before))).toEqual(['failed: File was changed']);
    }
  });

  test('may have a name of any bytes', async () => {
    const name = '$(reboot)\n\'"\udcff.conf';
    expect(await change(setTo(text('x'), absent, name))).toEqual(['done']);
    expect(readBootFile(name)).toEqual(text('x'));
    expect(await change(setTo(absent, text('x'), name))).toEqual(['done']);
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
    expect((await change(setTo(text('x'), absent, tooLong)))[0]).toMatch(/^failed: .*File name too long/);
    expect(listBootFiles()).toEqual([]);
  });
});

describe('a power cut', () => {
  const longText = text(`${'# long\n'.repeat(5000)}:a:M::x::/bin/true:F\n`);
  test.each([
    { before: absent, after: longText },
    { before: text('old\n'), after: longText },
    { before: masked, after: longText },
    { before: text('old\n'), after: masked },
    { before: text('old\n'), after: absent },
  ])('at any step leaves the old file or the new one', async ({ before, after }) => {
    const script = buildScript([setTo(after, before)], TOKEN, []);
    const seen = new Set<string>();
    let step = 0;
    for (let died = true; died; step++) {
      put(before);
      died = runKilledAt(script, step).died;
      const found = readBootFile(FILE);
      expect([before, after]).toContainEqual(found);
      seen.add(JSON.stringify(found));
      // What systemd would read besides: nothing.
      expect(listBootFiles().filter((name) => name.endsWith('.conf') && name !== FILE)).toEqual([]);

      // The next change clears up.
      expect(await change(setTo(text('next'), found ?? absent))).toEqual(['done']);
      expect(listBootFiles()).toEqual([FILE]);
    }
    expect(step).toBeGreaterThan(4);
    expect(seen.size).toBe(2);
  });
});
