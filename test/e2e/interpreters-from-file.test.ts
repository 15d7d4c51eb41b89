import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { debOf, minimalEmulator, tarOf } from '../support/archives.ts';
import { debianPackage, makeTree, unpackedDirectory } from '../support/archives-real.ts';
import { runForeignProgram } from '../support/foreign-program.ts';
import {
  ArchiveDialog,
  digestOf,
  expect,
  footer,
  leftUnpacked,
  placed,
  test,
} from '../support/getting-window.ts';
import { coverBinfmtMisc } from '../support/mounts.ts';
import { Program } from '../support/program.ts';
import { listEntries, readEntry, register } from '../support/registry.ts';

test.setTimeout(120_000);

const emulators = path.join(unpackedDirectory, 'usr/bin');
const inPlace = (name: string): string => path.join('/usr/local/bin', name);

/** A tar archive with Debian's emulators of these targets. */
function realArchive(work: string, ...targets: readonly string[]): string {
  const archive = path.join(work, 'qemu.tar');
  makeTree(
    path.join(work, 'tree'),
    targets.map((target) => `qemu-${target}-static`),
  );
  execFileSync('tar', ['--create', '--file', archive, '-C', path.join(work, 'tree'), '.']);
  return archive;
}

/** An archive of things that are emulators by all that is looked at, and that do not run. */
function craftedArchive(work: string, contents: Readonly<Record<string, Uint8Array>>): string {
  const archive = path.join(work, 'crafted.deb');
  const members = Object.entries(contents).map(([name, content]) => ({ name: `./usr/bin/${name}`, content }));
  writeFileSync(archive, debOf(tarOf(...members)));
  return archive;
}

test('two of Debian’s own package are installed and registered, run, and are taken back @main-process', async ({
  program,
}) => {
  await expect(program.page.getByRole('region', { name: 'Install QEMU' })).toBeVisible();
  await program.button('Interpreters from a file…').click();
  const archive = await ArchiveDialog.of(program);
  await archive.choose(debianPackage());
  await expect(archive.dialog.getByRole('progressbar')).toBeVisible();
  await expect(archive.table).toBeVisible({ timeout: 60_000 });
  const known = readdirSync(emulators).filter((name) => /^qemu-.+-static$/.test(name));
  const rows = archive.table.getByRole('rowheader');
  expect(await rows.count()).toBeGreaterThan(30);
  expect(known).toEqual(expect.arrayContaining(await rows.allTextContents()));
  await expect(archive.dialog).toContainText(/\d+ of \d+(, \d+ MB)?/);
  await expect(archive.row('qemu-s390x-static')).toContainText(/s390x\d+\.\d+\.\d+\d+ MBstaticNew/);
  await archive.dialog.getByText(/^2 were left out$/).click();
  await expect(archive.dialog.getByRole('list', { name: 'Left out' })).toContainText('qemu-cris-static');

  await archive.take('qemu-aarch64-static', 'qemu-s390x-static');
  await expect(archive.radio(/^Register those that nothing serves yet \(2\)/)).toBeChecked();
  await expect(archive.button('Install 2 emulators')).toBeEnabled();
  await archive.dialog.getByText('What will run').click();
  const operations = archive.dialog.locator('.script').getByRole('listitem');
  await expect(operations).toHaveText([
    'Put qemu-aarch64-static, qemu-s390x-static into /usr/local/bin, and keep what was there',
    'Register qemu-aarch64 with /usr/local/bin/qemu-aarch64-static (flags F)',
    'Register qemu-s390x with /usr/local/bin/qemu-s390x-static (flags F)',
  ]);
  await archive.radio(/^Register nothing/).click();
  await expect(operations).toHaveCount(1);
  await expect(archive.dialog.locator('.script pre')).toContainText('carry_out 1 place_interpreters');
  await program.expectNoAccessibilityViolation();
  await archive.radio(/^Register those that nothing serves yet/).click();
  await expect(operations).toHaveCount(3);
  await archive.install();
  await expect(footer(program)).toContainText('Installed 2 emulators into /usr/local/bin');
  await expect(program.row('aarch64')).toContainText('Enabled');
  await expect(program.row('aarch64')).toContainText('/usr/local/bin/qemu-aarch64-static');
  await expect(program.row('arm')).toContainText('Not installed');
  await expect(program.page.getByRole('region', { name: 'Install QEMU' })).toBeHidden();
  expect(placed()).toEqual(['qemu-aarch64-static', 'qemu-s390x-static']);
  for (const name of placed()) expect(digestOf(inPlace(name))).toBe(digestOf(path.join(emulators, name)));
  expect(runForeignProgram('uname', '-m')).toBe('aarch64');
  await program.chooseFromMenu('s390x', 'Verify');
  await expect(program.status).toContainText('Verified s390x');
  expect(leftUnpacked()).toEqual([]);

  await program.press('Z', 'control', 'shift');
  await expect(program.row('aarch64')).toContainText('Not installed');
  await expect(program.page.getByRole('region', { name: 'Install QEMU' })).toBeVisible();
  expect(placed()).toEqual([]);
  expect(listEntries()).toEqual([]);
});

test('what is there is told apart, replaced where that is wished, and comes back with Undo', async ({
  program,
  work,
}) => {
  writeFileSync(inPlace('qemu-arm-static'), minimalEmulator('arm', '1.2.3'), { mode: 0o755 });
  writeFileSync(inPlace('qemu-hppa-static'), readFileSync(path.join(emulators, 'qemu-hppa-static')), {
    mode: 0o755,
  });
  symlinkSync('/bin/true', inPlace('qemu-m68k-static'));
  const magic = '\\x7fELF\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x28\\x00';
  register(`:mine:M::${magic}::/usr/local/bin/qemu-arm-static:F`);
  const before = readEntry('mine');

  const archive = await ArchiveDialog.open(program);
  await archive.list(realArchive(work, 'arm', 'hppa', 'm68k', 'sh4'));
  await expect(archive.row('qemu-arm-static')).toContainText('Replaces 1.2.3');
  await expect(archive.row('qemu-hppa-static')).toContainText('There already');
  await expect(archive.row('qemu-m68k-static')).toContainText('Replaces another');
  await expect(archive.row('qemu-sh4-static')).toContainText('New');
  // What is there already is not taken again unless somebody wants it.
  await expect(archive.row('qemu-hppa-static')).toHaveAttribute('aria-selected', 'false');
  await expect(archive.button('Install 3 emulators')).toBeEnabled();

  await archive.radio(/^Register all of them \(3\)/).click();
  await archive.install();
  await expect(footer(program)).toContainText('Installed 3 emulators into /usr/local/bin');
  expect(digestOf(inPlace('qemu-arm-static'))).toBe(digestOf(path.join(emulators, 'qemu-arm-static')));
  expect(readEntry('mine')).toBeNull();
  await expect(program.row('arm')).toContainText('Enabled');
  expect([...listEntries()].sort()).toEqual(['qemu-arm', 'qemu-m68k', 'qemu-sh4']);

  await footer(program).getByRole('button', { name: 'Undo' }).click();
  await expect(program.row('sh4')).toContainText('Not installed');
  expect(readFileSync(inPlace('qemu-arm-static'))).toEqual(minimalEmulator('arm', '1.2.3'));
  expect(placed()).toEqual(['qemu-arm-static', 'qemu-hppa-static', 'qemu-m68k-static']);
  expect(readEntry('mine')).toBe(before);
});

test('those for other machines cannot be taken, those of this machine’s own programs are not, and nothing is registered where nobody wants it', async ({
  program,
  work,
}) => {
  const archive = await ArchiveDialog.open(program);
  await archive.list(
    craftedArchive(work, {
      'qemu-aarch64-static': minimalEmulator('aarch64', '9.1.2', { machine: 183 }),
      'qemu-arm': minimalEmulator('arm', '9.1.2', { loader: '/lib64/ld-linux-x86-64.so.2' }),
      'qemu-sh4-static': minimalEmulator('sh4', '9.1.2'),
      'qemu-x86_64-static': minimalEmulator('x86_64', '9.1.2'),
    }),
  );
  await expect(archive.row('qemu-x86_64-static')).toHaveAttribute('aria-selected', 'false');
  await expect(archive.row('qemu-x86_64-static')).toContainText('static');
  await expect(archive.row('qemu-arm')).toContainText('dynamic');
  await expect(archive.dialog).toContainText('A dynamic one needs its libraries');
  await archive.row('qemu-arm').click();
  const stranger = archive.row('qemu-aarch64-static');
  await expect(stranger).toContainText('Made for AArch64, not for this machine');
  await expect(stranger).toHaveAttribute('aria-disabled', 'true');
  await program.page.getByRole('checkbox', { name: 'Select All' }).focus();
  await stranger.click({ force: true });
  await expect(archive.button('Install 1 emulator')).toBeEnabled();
  await archive.radio(/^Register nothing/).click();
  await archive.install();
  await expect(footer(program)).toContainText('Installed qemu-sh4-static into /usr/local/bin');
  expect(placed()).toEqual(['qemu-sh4-static']);
  await expect(program.row('sh4')).toContainText('Not registered');
  expect(listEntries()).toEqual([]);
});

test('where binfmt_misc is not mounted they are installed all the same', async ({ program, work }) => {
  coverBinfmtMisc();
  const archive = await ArchiveDialog.open(program);
  await archive.list(craftedArchive(work, { 'qemu-sh4-static': minimalEmulator('sh4') }));
  await expect(archive.dialog).toContainText('binfmt_misc is not mounted, so nothing is registered now.');
  await program.expectNoAccessibilityViolation();
  await archive.install();
  await expect(footer(program)).toContainText('Installed qemu-sh4-static into /usr/local/bin');
  expect(placed()).toEqual(['qemu-sh4-static']);
});

test('quitting while they are unpacked leaves nothing @main-process', async ({ userData }) => {
  const program = await Program.start(userData);
  const ended = once(program.app.process(), 'exit');
  const archive = await ArchiveDialog.open(program);
  await archive.list(debianPackage());
  await archive.button(/^Install \d+ emulators$/).click();
  await expect.poll(leftUnpacked).toHaveLength(1);
  await program.close();
  await ended;
  expect(leftUnpacked()).toEqual([]);
  expect(placed()).toEqual([]);
});

test('hostile and broken files get a sentence, and leave nothing', async ({ program, work }) => {
  const arm = minimalEmulator('arm');
  const make = (name: string, content: Uint8Array): string => {
    const file = path.join(work, name);
    writeFileSync(file, content);
    return file;
  };
  const whole = debOf(tarOf({ name: './usr/bin/qemu-arm-static', content: arm }));
  const cases: readonly (readonly [string, RegExp])[] = [
    [make('not-an-archive.deb', Buffer.from('hello')), /is not a \.deb, an \.rpm or a tar archive/],
    [make('cut.deb', whole.subarray(0, whole.length - 700)), /cut\.deb is damaged or cut off/],
    [
      make('climbing.tar', tarOf({ name: '../../../usr/local/bin/qemu-arm-static', content: arm })),
      /Its path leads out of the archive/,
    ],
    [
      make('links.tar', tarOf({ name: 'qemu-arm-static', type: '2', linkName: '/etc/shadow' })),
      /only as links to programs of another package/,
    ],
    [make('nothing.tar', tarOf({ name: 'README', content: arm })), /There is no QEMU user-mode emulator/],
  ];
  const archive = await ArchiveDialog.open(program);
  for (const [file, sentence] of cases) {
    await archive.choose(file);
    await expect(archive.alert).toContainText(sentence, { timeout: 30_000 });
    await expect(archive.table).toBeHidden();
  }
  await program.expectNoAccessibilityViolation();
  expect(placed()).toEqual([]);
  expect(leftUnpacked()).toEqual([]);

  // And one that is exchanged after it was looked at.
  const honest = craftedArchive(work, { 'qemu-sh4-static': minimalEmulator('sh4') });
  await archive.list(honest);
  craftedArchive(work, { 'qemu-sh4-static': minimalEmulator('sh4', '6.6.6') });
  await archive.button('Install 1 emulator').click();
  await expect(archive.alert).toContainText('has changed since it was opened. Open it again.');
  expect(placed()).toEqual([]);
  expect(leftUnpacked()).toEqual([]);
});

test('a folder is chosen like a file, and what is dropped is looked at @main-process', async ({
  program,
  work,
}) => {
  realArchive(work, 'sh4');
  const archive = await ArchiveDialog.open(program);
  await archive.choose(path.join(work, 'tree'), /^Choose a folder…$/);
  await expect(archive.row('qemu-sh4-static')).toBeVisible();
  await expect(archive.dialog).toContainText('A folder');
  // Nobody chose anything: it stays.
  await program.answerFileDialogs(null);
  await archive.button('File…').click();
  await expect(archive.row('qemu-sh4-static')).toBeVisible();

  await program.drop(craftedArchive(work, { 'qemu-hppa-static': minimalEmulator('hppa') }));
  await expect(archive.row('qemu-hppa-static')).toBeVisible();
  await expect(archive.dialog).toContainText('A Debian package');
});

test('a package that is dropped on the window is explained, and leads on to what is in it', async ({
  program,
  work,
}) => {
  await program.drop(craftedArchive(work, { 'qemu-hppa-static': minimalEmulator('hppa') }));
  await program.button('Interpreters from it…').click();
  const archive = await ArchiveDialog.of(program);
  await expect(archive.row('qemu-hppa-static')).toBeVisible();
});

test('looking and unpacking are cancelled without a trace, and go on where they are hidden @main-process', async ({
  program,
}) => {
  const archive = await ArchiveDialog.open(program);
  await archive.choose(debianPackage());
  await archive.button('Cancel').click();
  await expect(archive.dialog.getByRole('status')).toHaveText('Cancelled.');
  await expect(archive.button('Choose a file…')).toBeVisible();
  expect(leftUnpacked()).toEqual([]);

  await archive.choose(debianPackage());
  await archive.button('Hide').click();
  await expect(archive.dialog).toBeHidden();
  await expect(footer(program)).toContainText(/Found \d+ emulators in/, { timeout: 60_000 });
  await ArchiveDialog.open(program);
  await expect(archive.table).toBeVisible();

  await archive.button(/^Install \d+ emulators$/).click();
  await expect(archive.dialog).toContainText('Unpacking…');
  const answer = await program.page.evaluate(() => window.binfmt.listArchive());
  expect(answer).toMatchObject({ kind: 'failed', sentence: expect.stringContaining('already') });
  await archive.button('Cancel').click();
  await expect(archive.dialog.getByRole('status')).toHaveText('Cancelled: nothing was installed.');
  await expect(archive.table).toBeVisible();
  expect(placed()).toEqual([]);
  expect(leftUnpacked()).toEqual([]);
});

test('the window names no path, and nothing that was not listed', async ({ program, work }) => {
  const ask = (wish: unknown): Promise<unknown> =>
    program.page.evaluate(
      (asked) => window.binfmt.placeInterpreters(asked as never).catch((error: unknown) => String(error)),
      wish,
    );
  const wish = { fileNames: ['qemu-arm-static'], register: 'no' };
  const unknown = { kind: 'failed', sentence: 'Choose first where they are to come from.' };
  expect(await ask(wish)).toEqual(unknown);
  expect(await program.page.evaluate(() => window.binfmt.listArchive())).toEqual(unknown);
  expect(await ask({ ...wish, from: '/etc' })).toContain('placeInterpreters:');
  expect(
    await program.page.evaluate(() =>
      window.binfmt.change({ kind: 'place', id: 'a', from: '/etc', files: [], register: 'no' } as never).then(
        () => 'accepted',
        (error: unknown) => String(error),
      ),
    ),
  ).toContain('change:');
  const archive = await ArchiveDialog.open(program);
  await archive.list(craftedArchive(work, { 'qemu-sh4-static': minimalEmulator('sh4') }));
  for (const name of ['qemu-arm-static', '../../bin/sh']) {
    expect(await ask({ ...wish, fileNames: [name] })).toMatchObject({
      kind: 'failed',
      sentence: expect.stringContaining(`There is no ${name} in`),
    });
  }
  expect(placed()).toEqual([]);
});

test('all of it works from the keyboard @main-process', async ({ program, work }) => {
  await program.answerFileDialogs(realArchive(work, 'hppa', 'sh4'));
  const archive = await ArchiveDialog.open(program);
  const { keyboard } = program.page;
  await expect(archive.button('Choose a file…')).toBeFocused();
  await keyboard.press('Enter');
  await expect(archive.table).toBeVisible();
  await expect(archive.button('Install 2 emulators')).toBeVisible();
  await tabTo(archive.table.getByRole('row').nth(1), program);
  await keyboard.press('Space');
  await expect(archive.row('qemu-hppa-static')).toHaveAttribute('aria-selected', 'false');
  await keyboard.press('ArrowDown');
  await expect(archive.row('qemu-sh4-static')).toBeFocused();
  await tabTo(archive.radio(/^Register those/), program);
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  await expect(archive.radio(/^Register nothing/)).toBeChecked();
  await tabTo(archive.button('Install 1 emulator'), program);
  await keyboard.press('Enter');
  await expect(footer(program)).toContainText('Installed qemu-sh4-static into /usr/local/bin');
  expect(placed()).toEqual(['qemu-sh4-static']);

  await ArchiveDialog.open(program);
  await keyboard.press('Escape');
  await expect(archive.dialog).toBeHidden();
});

/** Goes on from one control to the next until this one has the focus. */
async function tabTo(control: ReturnType<ArchiveDialog['button']>, program: Program): Promise<void> {
  const hasFocus = () => control.evaluate((element) => element === document.activeElement);
  for (let step = 0; step < 40 && !(await hasFocus()); step++) await program.page.keyboard.press('Tab');
  await expect(control).toBeFocused();
}

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 720],
] as const) {
  test(`axe finds nothing and nothing is cut off, ${colorScheme}, ${width} px @main-process`, async ({
    program,
    work,
  }) => {
    await program.page.emulateMedia({ colorScheme });
    await program.resize(width, 600);
    await program.expectNoAccessibilityViolation();
    const archive = await ArchiveDialog.open(program);
    const look = async (): Promise<void> => {
      await program.expectNoAccessibilityViolation();
      const tooWide = await archive.dialog
        .locator('.form-dialog-body, .program-scroll')
        .evaluateAll((parts) => parts.some((part) => part.scrollWidth > part.clientWidth));
      expect(tooWide).toBe(false);
    };
    await look();
    await archive.list(
      craftedArchive(work, {
        'qemu-aarch64-static': minimalEmulator('aarch64', '9.1.2', { machine: 183 }),
        'qemu-microblazeel-static': minimalEmulator('microblazeel', '9.1.2'),
        'qemu-sh4': minimalEmulator('sh4', '9.1.2'),
        'qemu-sh4-static': Buffer.from('no program'),
      }),
    );
    await archive.dialog.getByText('1 was left out').click();
    await look();
    const linesOfNames = await archive.table.getByRole('rowheader').evaluateAll((cells) =>
      cells.map((cell) => {
        const text = document.createRange();
        text.selectNodeContents(cell);
        return text.getClientRects().length;
      }),
    );
    expect(linesOfNames).toEqual([1, 1, 1]);
    await archive.choose('/var/lib', /^Folder…$/);
    await expect(archive.alert).toBeVisible();
    await expect(archive.button('Choose a file…')).toBeVisible();
    await look();
    await archive.choose(debianPackage());
    await expect(archive.dialog.getByRole('progressbar')).toBeVisible();
    await look();
  });
}
