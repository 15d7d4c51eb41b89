import { expect, Program, test } from '../support/program.ts';
import { readEntry, readRegistry, register, writeToEntry } from '../support/registry.ts';

test('past changes survive a restart, and a removal among them can still be undone', async ({ userData }) => {
  const first = await Program.start(userData);
  await first.switchOf('arm').click();
  await expect(first.row('arm')).toContainText('Enabled');
  const before = readRegistry();
  await first.resetAll();
  await expect(first.status).toContainText('Removed qemu-arm');
  await first.close();

  const second = await Program.start(userData);
  await second.button('Past changes').click();
  const dialog = second.page.getByRole('dialog', { name: 'Past changes' });
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Removed qemu-arm' })).toBeVisible();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Registered arm' })).toBeVisible();
  await dialog.getByText('What ran').first().click();
  await expect(dialog.locator('pre').first()).toContainText("set_entry -1 'qemu-arm'");
  await second.expectNoAccessibilityViolation();

  await dialog.getByRole('button', { name: 'Undo: Removed qemu-arm' }).click();
  await expect(second.row('arm')).toContainText('Enabled');
  expect(readRegistry()).toEqual(before);
  await second.close();
});

test('a removal is not offered for Undo once the entry is back', async ({ program }) => {
  await program.switchOf('arm').click();
  await expect(program.row('arm')).toContainText('Enabled');
  await program.chooseFromMenu('arm', 'Unregister');
  await expect(program.row('arm')).toContainText('Not registered');
  await program.switchOf('arm').click();
  await expect(program.row('arm')).toContainText('Enabled');
  await program.button('Past changes').click();
  const dialog = program.page.getByRole('dialog', { name: 'Past changes' });
  await expect(dialog.getByText('Unregistered qemu-arm')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Undo: Unregistered qemu-arm' })).toHaveCount(0);
});

test('Reset all shows what will run before it is confirmed', async ({ program }) => {
  await program.switchOf('arm').click();
  await expect(program.row('arm')).toContainText('Enabled');
  await program.button('Reset all').click();
  const dialog = program.page.getByRole('dialog', { name: 'Reset all registrations?' });
  await dialog.getByText('What will run').click();
  await expect(dialog.getByText('Unregister qemu-arm', { exact: true })).toBeVisible();
  await expect(dialog.locator('pre')).toContainText("set_entry -1 'qemu-arm'");
  await program.expectNoAccessibilityViolation();

  // Also what somebody else makes of it meanwhile.
  writeToEntry('qemu-arm', '-1');
  register(':qemu-arm:E::theirs::/bin/true:');
  await expect(dialog.locator('pre')).toContainText('extension .theirs');
});

test('Undo leaves alone what somebody else has changed since, and says so', async ({ program }) => {
  await program.switchOf('arm').click();
  await expect(program.row('arm')).toContainText('Enabled');
  await program.chooseFromMenu('arm', 'Unregister');
  await expect(program.row('arm')).toContainText('Not registered');
  register(':qemu-arm:E::theirs::/bin/true:');
  await expect(program.row('qemu-arm')).toBeVisible();
  await program.button('Undo').click();
  await expect(program.alert).toContainText('qemu-arm: somebody registered it differently since');
  expect(readEntry('qemu-arm')).toContain('extension .theirs');
  writeToEntry('qemu-arm', '-1');
});
