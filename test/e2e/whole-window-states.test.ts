import { execFileSync } from 'node:child_process';
import { coverBinfmtMisc, mountBinfmtMisc } from '../support/mounts.ts';
import { expect, Program, test } from '../support/program.ts';
import { BINFMT_MISC, readEntry, register } from '../support/registry.ts';

test('not mounted: the window says so, and Mount mounts', async ({ userData }) => {
  coverBinfmtMisc();
  const program = await Program.start(userData);
  const notice = program.page.getByRole('region', { name: 'binfmt_misc is not mounted' });
  await expect(notice).toBeVisible();
  await expect(program.switchOf('aarch64')).toBeDisabled();
  await expect(program.button('Register all')).toBeDisabled();
  await program.expectNoAccessibilityViolation();

  await notice.getByRole('button', { name: 'Mount' }).click();
  await expect(notice).toBeHidden();
  await expect(program.status).toContainText('Mounted binfmt_misc');
  expect(readEntry('status')).toBe('enabled\n');
  await program.switchOf('aarch64').click();
  await expect(program.row('aarch64')).toContainText('Enabled');
  await program.close();
});

test('a mount and an unmount by somebody else show up', async ({ program }) => {
  coverBinfmtMisc();
  await expect(program.page.getByRole('region', { name: 'binfmt_misc is not mounted' })).toBeVisible();
  mountBinfmtMisc();
  await expect(program.page.getByRole('region', { name: 'binfmt_misc is not mounted' })).toBeHidden();
  register(':later:E::later::/bin/true:');
  await expect(program.row('later')).toBeVisible();
});

test('nothing installed: the first thing is to install it, and the table fills when it is there @main-process', async ({
  userData,
}) => {
  // The tests' QEMU lies in an overlay over /usr/local/bin.
  execFileSync('mount', ['-t', 'tmpfs', 'none', '/usr/local/bin']);
  // Of packages nothing is known.
  execFileSync('mount', ['-t', 'tmpfs', 'none', '/var/lib']);
  const program = await Program.start(userData);
  try {
    const panel = program.page.getByRole('region', { name: 'Install QEMU' });
    await expect(panel).toContainText('The table fills when they are there.');
    await expect(panel).toContainText('Or take the interpreters from a file.', { timeout: 20_000 });
    await expect(program.row('aarch64')).toContainText('Not installed');
    await expect(program.switchOf('aarch64')).toBeDisabled();
    await panel.getByRole('button', { name: 'Copy the command' }).click();
    await expect(panel.getByRole('button', { name: 'Copied the command' })).toBeVisible();
    expect(await panel.locator('code').textContent()).toBe(await program.readClipboard());
    await program.expectNoAccessibilityViolation();

    await program.header('aarch64').click();
    const details = program.detailsOf('aarch64');
    await details.getByRole('button', { name: 'From a file…' }).click();
    const dialog = program.page.getByRole('dialog', { name: 'Interpreters from a file' });
    await dialog.getByRole('button', { name: 'Close' }).click();
    await details.getByRole('button', { name: 'Install QEMU…' }).click();
    await expect(program.page.getByRole('dialog', { name: 'Install QEMU' })).toContainText(
      'Or take the interpreters from a file.',
      { timeout: 20_000 },
    );
    await program.button('Close').click();
  } finally {
    execFileSync('umount', ['/var/lib']);
    execFileSync('umount', ['/usr/local/bin']);
  }
  // A window that comes to the front looks again: an unmounted directory reports nothing.
  await program.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.emit('focus'));
  await expect(program.row('aarch64')).toContainText('Not registered');
  await program.close();
});

test('a read-only directory is explained', async ({ program }) => {
  execFileSync('mount', ['-o', 'remount,bind,ro', BINFMT_MISC]);
  try {
    await program.switchOf('aarch64').click();
    await expect(program.alert).toContainText('is read-only here, as in most containers');
  } finally {
    execFileSync('mount', ['-o', 'remount,bind,rw', BINFMT_MISC]);
  }
});

test('where it is read-only from the start, that is known before anybody clicks, also to root', async ({
  userData,
}) => {
  execFileSync('mount', ['-o', 'remount,bind,ro', BINFMT_MISC]);
  try {
    const program = await Program.start(userData);
    await expect(program.page.getByText('read-only: binfmt_misc is mounted read-only')).toBeVisible();
    await expect(
      program.page.getByRole('region', { name: 'You can look, but not change anything' }),
    ).toContainText('so not even root can change it');
    await expect(program.switchOf('aarch64')).toBeDisabled();
    await program.close();
  } finally {
    execFileSync('mount', ['-o', 'remount,bind,rw', BINFMT_MISC]);
  }
});

test('a broken registration is counted as a problem and explained', async ({ program }) => {
  register(
    ':qemu-s390x:M::\\x7fELF\\x02\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x16::/opt/qemu/qemu-s390x:',
  );
  await expect(program.row('s390x')).toContainText('Broken');
  await program.page.getByRole('radio', { name: 'Problems 1' }).click();
  await expect(program.targets.getByRole('row')).toHaveCount(2);
  await program.header('s390x').click();
  await expect(program.detailsOf('s390x')).toContainText('Its interpreter /opt/qemu/qemu-s390x is not there');
});
