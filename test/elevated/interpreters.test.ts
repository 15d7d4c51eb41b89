import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { debOf, minimalEmulator, tarOf } from '../support/archives.ts';
import { ArchiveDialog, footer, placed } from '../support/getting-window.ts';
import { user } from '../support/ordinary-user.ts';
import { setPolicy } from '../support/polkit-rules.ts';
import { entryOf, expect, test } from '../support/polkit-test.ts';

// These tests have places of their own for what is installed.
const covered = ['/usr/local/bin', '/var/lib'];
test.beforeEach(() => {
  for (const place of covered) execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', place]);
});
test.afterEach(() => {
  for (const place of covered) execFileSync('umount', ['--lazy', place]);
});

/** A package with the emulator of a target, which the user may read. */
function packageOf(target: string): string {
  const directory = mkdtempSync(path.join(user.home, 'package-'));
  const file = path.join(directory, 'qemu.deb');
  const content = minimalEmulator(target, '9.9.9');
  writeFileSync(file, debOf(tarOf({ name: `./usr/bin/qemu-${target}-static`, content })));
  chmodSync(directory, 0o755);
  return file;
}

test('an emulator from a file comes to its place and is registered with one permission, and Undo takes both back', async ({
  start,
  targets: [target],
}) => {
  await setPolicy('granted');
  const program = await start();
  await expect(program.row(target)).toContainText('Not installed');
  const archive = await ArchiveDialog.open(program);
  await archive.list(packageOf(target));
  await archive.install();
  await expect(footer(program)).toContainText(`Installed qemu-${target}-static into /usr/local/bin`);
  await expect(program.row(target)).toContainText('Enabled');
  expect(statSync(`/usr/local/bin/qemu-${target}-static`)).toMatchObject({ uid: 0, gid: 0, mode: 0o100755 });
  expect(entryOf(target)).toContain(`interpreter /usr/local/bin/qemu-${target}-static\nflags: F`);

  await footer(program).getByRole('button', { name: 'Undo' }).click();
  await expect(program.row(target)).toContainText('Not installed');
  expect(placed()).toEqual([]);
  expect(entryOf(target)).toBeNull();
});

test('refused, it is put nowhere, and the choice is still there', async ({ start, targets: [target] }) => {
  await setPolicy('refused');
  const program = await start();
  const archive = await ArchiveDialog.open(program);
  await archive.list(packageOf(target));
  await archive.button(/^Install /).click();
  await expect(archive.dialog.getByRole('status')).toContainText('Nothing was changed');
  await expect(archive.row(`qemu-${target}-static`)).toBeVisible();
  expect(placed()).toEqual([]);
  expect(existsSync('/var/lib/qemu-binfmt-manager')).toBe(false);
  expect(entryOf(target)).toBeNull();
});

test('the prompt can be taken back from the dialog', async ({ start, startAgent, targets: [target] }) => {
  await setPolicy('asks');
  const program = await start();
  startAgent();
  const archive = await ArchiveDialog.open(program);
  await archive.list(packageOf(target));
  await archive.button(/^Install /).click();
  await expect(archive.dialog).toContainText('Waiting for permission…');
  await archive.button('Cancel').click();
  await expect(archive.dialog.getByRole('status')).toContainText('Nothing was changed');
  expect(placed()).toEqual([]);

  await setPolicy('granted');
  await archive.install();
  await expect(program.row(target)).toContainText('Enabled');
});
