import { expect, test } from '../support/program.ts';
import { listEntries, readEntry, readRegistry, register, writeToEntry } from '../support/registry.ts';

test('Register all, Reset all and Undo give back what the kernel said before, byte for byte', async ({
  program,
}) => {
  register(':jar:M::PK\\x03\\x04::/bin/true:');
  register(':script:E::myscript::/bin/true:');
  await program.button('Register all').click();
  await expect(program.status).toContainText('Registered 31 targets');
  writeToEntry('qemu-ppc64', '0');
  await expect(program.row('ppc64')).toContainText('Disabled');
  const before = readRegistry();
  expect(before).toHaveLength(33);

  await program.button('Reset all').click();
  const dialog = program.page.getByRole('dialog', { name: 'Reset all registrations?' });
  const listed = await dialog.getByRole('listitem').allTextContents();
  expect(listed).toEqual(listEntries().filter((name) => name.startsWith('qemu-')));
  await dialog.getByRole('button', { name: 'Reset all' }).click();
  await expect(program.status).toContainText('Removed 31 registrations');
  expect(listEntries()).toEqual(['script', 'jar']);

  await program.button('Undo').click();
  await expect(program.status).toContainText('Put back 31 registrations');
  expect(readRegistry()).toEqual(before);
});

test('Cancel and Escape change nothing', async ({ program }) => {
  await program.switchOf('aarch64').click();
  await expect(program.row('aarch64')).toContainText('Enabled');
  const before = readRegistry();
  const dialog = program.page.getByRole('dialog', { name: 'Reset all registrations?' });

  await program.button('Reset all').click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await program.button('Reset all').click();
  await program.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect(readRegistry()).toEqual(before);
});

test('what cannot come back is named before the question', async ({ program }) => {
  const gone = '/dev/shm/qemu-that-goes';
  const { copyFileSync, rmSync } = await import('node:fs');
  copyFileSync('/usr/local/bin/qemu-sh4-static', gone);
  register(
    `:qemu-sh4:M::\\x7fELF\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x2a\\x00::${gone}:F`,
  );
  rmSync(gone);
  await expect(program.row('sh4')).toContainText('missing');

  await program.button('Reset all').click();
  const dialog = program.page.getByRole('dialog', { name: 'Reset all registrations?' });
  await expect(dialog).toContainText('These cannot be put back:');
  await expect(dialog).toContainText(`qemu-sh4: its interpreter ${gone} is not on this machine`);
  await dialog.getByRole('button', { name: 'Reset all' }).click();
  await expect(program.status).toContainText('Removed qemu-sh4');
  expect(readEntry('qemu-sh4')).toBeNull();
  await program.button('Undo').click();
  await expect(program.alert).toContainText(`its interpreter ${gone} is not there`);
});

test('with the enabled ones all registered there is nothing left to register', async ({ program }) => {
  await program.button('Register all').click();
  await expect(program.status).toContainText('Registered 31 targets');
  await expect(program.button('Register all')).toBeDisabled();
  await program.resetAll();
  await expect(program.button('Reset all')).toBeDisabled();
});
