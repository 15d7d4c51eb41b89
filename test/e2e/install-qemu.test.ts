import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { unpackedDirectory } from '../support/archives-real.ts';
import { isInstalled } from '../support/container-images.ts';
import { expect, footer, testOnAptSystem as test } from '../support/getting-window.ts';
import { Program } from '../support/program.ts';
import { listEntries, register } from '../support/registry.ts';

test.skip(!isInstalled('apt-get', 'dpkg-deb'), 'These tests install with apt, which is not here.');
test.setTimeout(120_000);

/** A package with one of Debian’s emulators, which runs. */
const qemu = {
  name: 'qemu-user-static',
  version: '1:9.0',
  files: {
    '/usr/bin/qemu-aarch64-static': readFileSync(path.join(unpackedDirectory, 'usr/bin/qemu-aarch64-static')),
  },
};

const panelOf = (program: Program): Locator => program.page.getByRole('region', { name: 'Install QEMU' });
const dialogOf = (program: Program): Locator => program.page.getByRole('dialog', { name: 'Install QEMU' });

test('what would be installed is the first thing to see, and one button installs it', async ({
  apt,
  program,
}) => {
  const panel = panelOf(program);
  await expect(panel).toContainText('apt knows no package qemu-user-static');
  await apt.offer(qemu);
  await panel.getByRole('button', { name: 'Look again' }).click();
  await expect(panel).toContainText('qemu-user-static 1:9.0, with apt');
  await expect(panel).toContainText(/Download\d+ MB/);
  await expect(panel).toContainText('On disk1.3 MB');
  await expect(panel).toContainText('It registers nothing by itself here');
  await panel.getByText('What will run').click();
  await expect(panel).toContainText('Download and install qemu-user-static with apt');
  await expect(panel.locator('pre')).toContainText("follow none '/usr/bin/apt-get'");
  await program.expectNoAccessibilityViolation();

  await panel.getByRole('button', { name: 'Install QEMU' }).click();
  const dialog = dialogOf(program);
  await expect(dialog).toContainText('QEMU is installed (qemu-user-static).', { timeout: 60_000 });
  await expect(dialog.getByRole('button', { name: 'Close' })).toBeFocused();
  await dialog.getByText('Output').click();
  await expect(dialog.getByRole('log')).toContainText('Setting up qemu-user-static');
  await program.expectNoAccessibilityViolation();
  await dialog.getByRole('button', { name: 'Register 1 target' }).click();
  await expect(dialog).toBeHidden();
  await expect(program.row('aarch64')).toContainText('Enabled');
  await expect(program.row('aarch64')).toContainText('/usr/bin/qemu-aarch64-static');
  await expect(panel).toBeHidden();
  expect(listEntries()).toEqual(['qemu-aarch64']);
  expect(await program.pastChanges()).toEqual([
    'Registered aarch64',
    expect.stringContaining('QEMU is installed'),
  ]);
  await program.button('Past changes').click();
  const installation = program.page
    .getByRole('dialog')
    .getByRole('listitem')
    .filter({ hasText: 'QEMU is installed' });
  await installation.getByText('What ran').click();
  await expect(installation).toContainText('Download and install qemu-user-static with apt');
  await program.button('Close past changes').click();

  await program.chooseFromMenu('arm', 'Install QEMU…');
  await expect(dialog).toContainText('qemu-user-static is installed already.');
});

test('what the tools say and how far they are shows while they are at it, and Cancel ends it while that is safe', async ({
  apt,
  program,
}) => {
  await apt.offer({ ...qemu, postinst: 'echo configuring; sleep 3' });
  apt.server.bytesPerSecond = 2_000_000;
  await program.chooseInApplicationMenu('Install QEMU…');
  const dialog = dialogOf(program);
  const install = dialog.getByRole('button', { name: 'Install', exact: true });
  const cancel = dialog.getByRole('button', { name: 'Cancel' });
  await install.click();
  await expect(dialog).toContainText('Downloading…');
  await expect(dialog).toContainText(/[1-9]\d? %/);
  await program.expectNoAccessibilityViolation();
  await cancel.click();
  await expect(dialog).toContainText('Cancelled: QEMU was not installed, and nothing was changed.', {
    timeout: 15_000,
  });
  await expect(program.row('aarch64')).toContainText('Not installed');

  await dialog.getByRole('button', { name: 'Try again' }).click();
  apt.server.bytesPerSecond = Number.POSITIVE_INFINITY;
  await install.click();
  await expect(dialog).toContainText('Installing…', { timeout: 30_000 });
  await expect(dialog.getByRole('log')).toContainText('configuring');
  await expect(cancel).toHaveAttribute('aria-disabled', 'true');
  await expect(dialog).toContainText('It cannot be cancelled now.');
  await program.expectNoAccessibilityViolation();
  // Nothing else is installed meanwhile.
  expect(await program.page.evaluate(() => window.binfmt.installFromDistribution())).toMatchObject({
    kind: 'failed',
    sentence: expect.stringContaining('already'),
  });
  // It goes on unseen, and the window says when it is done.
  await program.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(footer(program)).toContainText('QEMU is installed (qemu-user-static).', { timeout: 30_000 });
  await expect(program.row('aarch64')).toContainText('Not registered');
});

for (const [when, phase, isSeenThrough] of [
  ['downloaded ends that', 'Downloading…', false],
  ['installed sees that through', 'Installing…', true],
] as const) {
  test(`quitting while it is ${when}`, async ({ apt, userData }) => {
    await apt.offer({ ...qemu, postinst: 'sleep 2' });
    if (!isSeenThrough) apt.server.bytesPerSecond = 1_000_000;
    const program = await Program.start(userData);
    const ended = once(program.app.process(), 'exit');
    await program.chooseInApplicationMenu('Install QEMU…');
    await dialogOf(program).getByRole('button', { name: 'Install', exact: true }).click();
    await expect(dialogOf(program)).toContainText(phase, { timeout: 30_000 });
    await program.close();
    await ended;
    const { stdout } = spawnSync('dpkg', ['--status', qemu.name], { encoding: 'utf8' });
    expect(/^Status: .* installed$/m.test(stdout)).toBe(isSeenThrough);
    expect(readdirSync('/run/qemu-binfmt-manager')).toEqual([]);
    const record = readFileSync(path.join(userData, 'changes.jsonl'), 'utf8');
    expect(record).toContain(isSeenThrough ? 'QEMU is installed' : 'QEMU was not installed');
  });
}

test('without a network the sentence says so, with the command to copy and all that the tools said', async ({
  apt,
  program,
}) => {
  await apt.offer(qemu);
  await panelOf(program).getByRole('button', { name: 'Look again' }).click();
  await expect(panelOf(program)).toContainText('1:9.0');
  await apt.server.stop();
  await panelOf(program).getByRole('button', { name: 'Install QEMU' }).click();
  const dialog = dialogOf(program);
  await expect(dialog.getByRole('alert')).toContainText('the packages could not be fetched', {
    timeout: 60_000,
  });
  await dialog.getByRole('button', { name: 'Copy the command' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied the command' })).toBeVisible();
  expect(await program.readClipboard()).toBe('sudo apt install qemu-user-static');
  await expect(dialog.getByRole('log')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Try again' })).toBeVisible();
  await program.expectNoAccessibilityViolation();
});

test('registrations that have outlived their emulators leave it the first thing to see', async ({
  apt,
  program,
}) => {
  const magic = '\\x7fELF\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x28\\x00';
  register(`:qemu-arm:M::${magic}::/usr/bin/qemu-arm-static:`);
  await expect(program.row('arm')).toContainText('Broken');
  await expect(panelOf(program)).toBeVisible();
  await apt.offer(qemu);
  await panelOf(program).getByRole('button', { name: 'Look again' }).click();
  await panelOf(program).getByRole('button', { name: 'Install QEMU' }).click();
  await expect(dialogOf(program)).toContainText('QEMU is installed', { timeout: 60_000 });
  await expect(panelOf(program)).toBeHidden();
});

test('a program that nothing here emulates leads to what would', async ({ apt, program }) => {
  await apt.offer(qemu);
  await program.answerFileDialogs(path.join(process.env.TEST_PROGRAMS ?? '', 'arm64/bin/busybox'));
  await program.button('Explain a file…').click();
  const explanation = program.page.getByRole('dialog', { name: 'Why does this file not run?' });
  await expect(explanation).toContainText('no emulator for it was found');
  await program.expectNoAccessibilityViolation();
  await explanation.getByRole('button', { name: 'Install QEMU…' }).click();
  await expect(explanation).toBeHidden();
  await expect(dialogOf(program)).toContainText('qemu-user-static 1:9.0, with apt');
});

test('the window installs nothing that was not offered', async ({ program }) => {
  await expect(panelOf(program)).toContainText('apt knows no package');
  expect(await program.page.evaluate(() => window.binfmt.installFromDistribution())).toEqual({
    kind: 'failed',
    sentence: 'Look first what can be installed.',
    command: null,
    lines: [],
  });
});
