import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type BuiltImage, buildImages } from '../../electron/images/build-images.ts';
import { buildTarballs } from '../../electron/images/tarball.ts';
import {
  chooseInSystemDialog,
  expect,
  ImagesDialog,
  isInstalled,
  requestFor,
  test,
} from '../support/container-images.ts';
import { Program } from '../support/program.ts';

// npm test e2e installs it where it can, and CI is refused without it.
test.skip(!isInstalled('busybox'), 'There is no static busybox here for the images register and latest.');
test.setTimeout(90_000);

const byTags = (images: readonly BuiltImage[]): Readonly<Record<string, string>> =>
  Object.fromEntries(images.map(({ tags, digest }) => [tags.join(' '), digest]));

const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** The first bytes of a build that is to be interrupted are written when this has come. */
const untilUnderWay = (images: ImagesDialog): Promise<void> =>
  expect(images.dialog).toContainText(/[1-9]\d* MB of \d+ MB/, { timeout: 30_000 });

test('the selected targets become an OCI layout with the digests that building it directly has', async ({
  program,
  place,
}) => {
  writeFileSync(path.join(place, 'mine'), 'mine');
  await program.header('aarch64').click();
  await program.header('s390x').click({ modifiers: ['Control'] });
  await program.button('More actions for the selection').click();
  await program.page.getByRole('menuitem', { name: 'Images…' }).click();
  const images = await ImagesDialog.of(program);
  await expect(images.dialog.getByRole('option', { selected: true })).toHaveText(['aarch64', 's390x']);

  await images.radio(/^OCI layout/).click();
  await images.choosePlace(place);
  const layout = path.join(place, 'qemu-user-static');
  await expect(images.dialog).toContainText(layout);
  await images.build();
  await expect(images.status).toContainText(`Built 4 images in ${layout}`);

  const directly = path.join(place, 'directly');
  const expected = await buildImages(requestFor('aarch64', 's390x'), { form: 'oci-layout', path: directly });
  expect(expected.ok && byTags(expected.value)).toEqual(await images.built());
  expect(digestOf(path.join(layout, 'index.json'))).toBe(digestOf(path.join(directly, 'index.json')));
  expect(readdirSync(place).sort()).toEqual(['directly', 'mine', 'qemu-user-static']);

  await images.button('Copy the digest of latest').click();
  await expect(images.button('Copied the digest of latest')).toBeVisible();
  const latest = Object.entries(await images.built()).find(([tags]) => tags.startsWith('latest'));
  expect(await program.readClipboard()).toBe(latest?.[1]);
  await expect(images.dialog).toContainText(
    `sudo skopeo copy oci:${layout}:latest containers-storage:localhost/qemu-user-static:latest`,
  );
  await expect(images.dialog).toContainText(
    'sudo podman run --rm --privileged localhost/qemu-user-static:latest --reset -p yes',
  );

  // And once more, over the first.
  await images.button('Build others').click();
  await images.build();
  await expect(images.status).toContainText(`Built 4 images in ${layout}`);
});

test('archives are one file each, and their commands name it as a shell needs it', async ({
  program,
  place,
}) => {
  const images = await ImagesDialog.open(program);
  await images.chooseTargets('arm');
  await images.checkBox('register').uncheck();
  const repository = 'registry.example.org/team/qemu';
  await images.field('Name').fill(repository);
  for (const [form, choice, words] of [
    ['oci-archive', /^OCI archive/, (file: string) => ['podman', 'pull', `oci-archive:${file}:latest`]],
    ['docker-archive', /^Docker archive/, (file: string) => ['podman', 'load', '--input', file]],
  ] as const) {
    await images.radio(choice).click();
    const file = path.join(place, `it’s an ${form}.tar`);
    await images.choosePlace(file);
    await images.build();
    const request = { ...requestFor('arm'), images: ['emulators', 'latest'], repository } as const;
    const directly = path.join(place, 'directly');
    await buildImages(request, { form, path: directly });
    expect(digestOf(file)).toBe(digestOf(directly));

    await images.dialog
      .getByRole('button', { name: /^Copy the command: Load/ })
      .first()
      .click();
    const command = await program.readClipboard();
    const output = execFileSync('bash', ['-c', `sudo() { printf '%s\\n' "$@"; }; ${command}`], {
      encoding: 'utf8',
    });
    expect(output.trimEnd().split('\n')).toEqual(words(file));
    await images.button('Build others').click();
  }
});

test('tarballs are the same bytes that building them directly gives', async ({ program, place }) => {
  const images = await ImagesDialog.open(program);
  await images.radio(/^Tarballs/).click();
  await images.chooseTargets('hppa', 'sh4');
  await images.choosePlace(place);
  await images.build();
  await expect(images.status).toHaveText(`Built 4 tarballs in ${place}`);
  const names = readdirSync(place);
  await expect(images.dialog.getByRole('list', { name: 'Tarballs' }).getByRole('listitem')).toHaveCount(4);
  const digests = names.map((name) => digestOf(path.join(place, name)));
  const expected = await buildTarballs(requestFor('hppa', 'sh4'), place);
  expect(expected.ok && [...expected.value].sort()).toEqual(names.sort());
  expect(names.map((name) => digestOf(path.join(place, name))).sort()).toEqual(digests.sort());
});

test('cancelling in the middle leaves nothing, and building goes on afterwards', async ({
  program,
  place,
}) => {
  const images = await ImagesDialog.open(program);
  mkdirSync(path.join(place, 'layout'));
  for (const [choice, chosen] of [
    [/^OCI layout/, 'layout'],
    [/^Docker archive/, 'images.tar'],
    [/^Tarballs/, '.'],
  ] as const) {
    await images.radio(choice).click();
    await images.choosePlace(path.join(place, chosen));
    await images.button('Build').click();
    await untilUnderWay(images);
    expect(readdirSync(place)).toHaveLength(2);
    await images.button('Cancel').click();
    await expect(images.status).toHaveText('Cancelled: nothing was written.');
    expect(readdirSync(place, { recursive: true })).toEqual(['layout']);
  }
  await images.chooseTargets('arm');
  await images.build();
});

const waysToQuit = [
  ['quitting', (program: Program) => program.close()],
  [
    'closing the window',
    (program: Program) =>
      program.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()),
  ],
  ['a SIGTERM', (program: Program) => program.app.process().kill('SIGTERM')],
] as const;

for (const [what, quit] of waysToQuit) {
  test(`${what} in the middle leaves nothing`, async ({ userData, place }) => {
    const program = await Program.start(userData);
    const ended = once(program.app.process(), 'exit');
    const images = await ImagesDialog.open(program);
    await images.choosePlace(path.join(place, 'images.tar'));
    await images.button('Build').click();
    await untilUnderWay(images);
    expect(readdirSync(place)).toHaveLength(1);
    await quit(program);
    await ended;
    expect(readdirSync(place)).toEqual([]);
  });
}

test('targets that cannot be used are shown with why, and where there are none how to get them', async ({
  program,
  covers,
}) => {
  covers.cover('/usr/local/bin/qemu-arm-static', '--bind', '/usr/bin/env');
  covers.cover('/usr/local/bin/qemu-hppa-static', '--bind', '/dev/null');
  await lookAgain(program);
  await expect(program.row('hppa')).toContainText('Not installed');
  const images = await ImagesDialog.open(program);
  for (const name of ['arm', 'hppa']) {
    await expect(images.target(name)).toHaveAttribute('aria-disabled', 'true');
    await expect(images.target(name)).toHaveAttribute('aria-selected', 'false');
  }
  await images.dialog.getByText('2 cannot be chosen').click();
  await expect(images.dialog).toContainText(/qemu-arm-static is not static: it needs libraries.*\(arm\)/);
  await expect(images.dialog).toContainText('No emulator is installed. (hppa)');
  await program.expectNoAccessibilityViolation();
  await images.button('Close').click();

  covers.cover('/usr/local/bin', '-t', 'tmpfs', 'tmpfs');
  await lookAgain(program);
  await expect(program.row('aarch64')).toContainText('Not installed');
  await ImagesDialog.open(program);
  await expect(images.dialog).toContainText('There is no static emulator on this machine');
  await expect(images.status).toHaveText('Choose at least one target.');
  await program.expectNoAccessibilityViolation();
  await images.button('Install QEMU…').click();
  await expect(images.dialog).toBeHidden();
  await expect(program.page.getByRole('dialog', { name: 'Install QEMU' })).toBeVisible();
});

/** Has the window look at everything again, as it does when it gets the focus. */
const lookAgain = (program: Program): Promise<void> =>
  program.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.emit('focus');
  });

test('a build that is hidden goes on, the window says when it is done, and what came of it is kept', async ({
  program,
  place,
}) => {
  const images = await ImagesDialog.open(program);
  await images.chooseTargets('aarch64', 'arm', 's390x');
  await images.choosePlace(path.join(place, 'images.tar'));
  await images.button('Build').click();
  await images.button('Hide').click();
  await expect(images.dialog).toBeHidden();
  // The window is the person's meanwhile.
  await program.switchOf('s390x').click();
  await expect(program.row('s390x')).toContainText('Enabled');
  await expect(program.status).toContainText(`Built 5 images in ${path.join(place, 'images.tar')}`, {
    timeout: 30_000,
  });
  await program.chooseInApplicationMenu('Container Images…');
  await expect(images.dialog.getByRole('list', { name: 'Tags and digests' })).toContainText(
    `${os.machine()}-arm`,
  );
});

test('one thing at a time is built, whoever asks', async ({ program, place }) => {
  const images = await ImagesDialog.open(program);
  await images.choosePlace(path.join(place, 'images.tar'));
  await images.button('Build').click();
  await untilUnderWay(images);
  const answer = await program.page.evaluate(() =>
    window.binfmt.buildImages({
      kind: 'images',
      emulators: ['arm'],
      images: ['emulators'],
      form: 'docker-archive',
      repository: 'a',
    }),
  );
  expect(answer).toEqual({
    kind: 'failed',
    reason: 'Something is being built or published already. Wait until it is done, or cancel it.',
  });
  await images.button('Cancel').click();
  await expect(images.status).toHaveText('Cancelled: nothing was written.');
});

test('a sentence says what is missing or wrong, before anything is built and after', async ({
  program,
  place,
}) => {
  const images = await ImagesDialog.open(program);
  const build = images.dialog.getByRole('button', { name: /^Build/ });
  await expect(build).toBeEnabled();
  await images.button('None').click();
  await expect(images.status).toHaveText('Choose at least one target.');
  await expect(build).toBeDisabled();
  // register needs none.
  await images.checkBox('One for each target').uncheck();
  await images.checkBox('latest').uncheck();
  await expect(build).toBeEnabled();
  await images.checkBox('register').uncheck();
  await expect(images.status).toHaveText('Choose at least one image.');
  await images.checkBox('One for each target').check();
  await images.target('arm').click();

  for (const [name, sentence] of [
    ['team/QEMU', /“team\/QEMU” is no repository’s name/],
    ['docker://a/b', /Write a\/b, without what stands before it/],
    ['me:secret@registry.example.org/a', /Log in with skopeo login/],
    ['a'.repeat(256), /longer than 255 characters/],
    ['', /is no repository’s name/],
  ] as const) {
    await images.field('Name').fill(name);
    await expect(images.field('Name')).toHaveAccessibleDescription(sentence);
    await expect(build).toBeDisabled();
  }
  await images.field('Name').fill('localhost/qemu');
  await expect(build).toBeEnabled();

  await images.radio(/^OCI layout/).click();
  await images.choosePlace(path.join(place, 'not', 'there'));
  await images.button('Build').click();
  await expect(images.alert).toContainText('is not there. Create its directory first');
  expect(readdirSync(place)).toEqual([]);
});

test('what was chosen last is there the next time, and what is not ours in its place is not', async ({
  userData,
  place,
}) => {
  const first = await Program.start(userData);
  const images = await ImagesDialog.open(first);
  await images.chooseTargets('arm', 'hppa');
  await images.checkBox('register').uncheck();
  await images.radio(/^Docker archive/).click();
  await images.field('Name').fill('example.org/mine');
  await images.choosePlace(path.join(place, 'images.tar'));
  await images.build();
  await first.close();

  const second = await Program.start(userData);
  const again = await ImagesDialog.open(second);
  await expect(again.dialog.getByRole('option', { selected: true })).toHaveText(['arm', 'hppa']);
  await expect(again.checkBox('register')).not.toBeChecked();
  await expect(again.radio(/^Docker archive/)).toBeChecked();
  await expect(again.field('Name')).toHaveValue('example.org/mine');
  await second.page.evaluate(() =>
    localStorage.setItem(
      'container-images',
      JSON.stringify({ form: '__proto__', images: ['rm'], emulators: 7, repository: [], what: 'x' }),
    ),
  );
  await again.button('Close').click();
  await ImagesDialog.open(second);
  await expect(again.radio(/^Docker archive/)).toBeChecked();
  await expect(again.field('Name')).toHaveValue('localhost/qemu-user-static');
  await expect(again.checkBox('register')).toBeChecked();
  await second.close();
});

test('the window names no place, no emulator of its own and no other form', async ({ program }) => {
  const wish = {
    kind: 'images',
    emulators: ['arm'],
    images: ['emulators'],
    form: 'oci-archive',
    repository: 'a',
  };
  const ask = (changed: unknown): Promise<unknown> =>
    program.page.evaluate(
      (asked) => window.binfmt.buildImages(asked as never).catch((error: unknown) => String(error)),
      changed,
    );
  expect(await ask(wish)).toEqual({ kind: 'failed', reason: 'Choose first where it is to be written.' });
  expect(await ask({ ...wish, path: '/etc' })).toContain('buildImages:');
  expect(await ask({ ...wish, form: 'dir' })).toContain('buildImages:');
  await chooseInSystemDialog(program, '/nonexistent/images.tar');
  await program.page.evaluate(() => window.binfmt.chooseImagePlace('oci-archive'));
  expect(await ask({ ...wish, emulators: ['../../bin/sh'] })).toEqual({
    kind: 'failed',
    reason: 'QEMU has no emulator called ../../bin/sh.',
  });
  expect(await program.page.evaluate(() => window.binfmt.publishImages(true))).toEqual({
    kind: 'failed',
    reason: 'Compare with the registry first.',
  });
});

test('all of it works from the keyboard', async ({ program, place }) => {
  await chooseInSystemDialog(program, place);
  const images = await ImagesDialog.open(program);
  const { keyboard } = program.page;
  await expect(images.radio(/^Container images/)).toBeFocused();
  await keyboard.press('Tab');
  await expect(images.button('None')).toBeFocused();
  await keyboard.press('Enter');
  await expect(images.status).toHaveText('Choose at least one target.');
  await tabTo(images.dialog.getByRole('option').first(), program);
  await keyboard.press('Space');
  await keyboard.press('ArrowDown');
  await keyboard.press('Space');
  await expect(images.dialog.getByRole('option', { selected: true })).toHaveCount(2);
  await tabTo(images.radio(/^Docker archive/), program);
  await keyboard.press('ArrowUp');
  await expect(images.radio(/^OCI layout/)).toBeChecked();
  await tabTo(images.field('Name'), program);
  // Enter in a field is the button that stands out, which asks first where it goes.
  await keyboard.press('Enter');
  await expect(images.button('Cancel')).toBeFocused();
  await expect(images.status).toContainText('Built 4 images', { timeout: 30_000 });
  await expect(images.button('Close')).toBeFocused();
  await tabTo(images.button('Publish…'), program);
  await keyboard.press('Enter');
  await expect(images.tab('Publish')).toHaveAttribute('aria-selected', 'true');
  await tabTo(images.field('Registry and repository'), program);
  await keyboard.type('127.0.0.1:1/a');
  await keyboard.press('Enter');
  await expect(images.alert).toContainText('127.0.0.1:1 cannot be reached');
  await expect(images.button('Compare')).toBeFocused();
  await keyboard.press('Shift+Tab');
  await keyboard.press('Shift+Tab');
  await keyboard.press('End');
  await keyboard.type('b');
  await expect(images.field('Registry and repository')).toHaveValue('127.0.0.1:1/ab');
  await keyboard.press('Escape');
  await expect(images.dialog).toBeHidden();
});

/** Goes on from one control to the next until this one has the focus. */
async function tabTo(control: ReturnType<ImagesDialog['button']>, program: Program): Promise<void> {
  const hasFocus = () => control.evaluate((element) => element === document.activeElement);
  for (let step = 0; step < 40 && !(await hasFocus()); step++) await program.page.keyboard.press('Tab');
  await expect(control).toBeFocused();
}

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 720],
] as const) {
  test(`axe finds nothing and nothing is cut off, ${colorScheme}, ${width} px`, async ({
    program,
    place,
  }) => {
    await program.page.emulateMedia({ colorScheme });
    await program.resize(width, 600);
    const images = await ImagesDialog.open(program);
    const look = async (): Promise<void> => {
      await program.expectNoAccessibilityViolation();
      const tooWide = await images.dialog
        .locator('.form-dialog-body')
        .evaluate((body) => body.scrollWidth > body.clientWidth);
      expect(tooWide).toBe(false);
    };
    await look();
    await images.chooseTargets('arm');
    await images.radio(/^OCI layout/).click();
    await images.choosePlace(place);
    await images.field('Name').fill('UPPER');
    await look();
    await images.field('Name').fill('localhost/qemu');
    await images.button('All').click();
    await images.button('Build').click();
    await untilUnderWay(images);
    await look();
    await images.button('Cancel').click();
    await images.chooseTargets('arm');
    await images.build();
    await look();
    await images.button('Publish…').click();
    await images.field('Registry and repository').fill('qemu');
    await expect(images.dialog).toContainText('Name the registry too');
    await look();
    await images.tab('Build').click();
    await images.button('Build others').click();
    await images.radio(/^Tarballs/).click();
    await look();
  });
}
