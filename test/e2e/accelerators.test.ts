import path from 'node:path';
import { expect, test } from '../support/program.ts';
import { listEntries } from '../support/registry.ts';

const busybox = path.join(process.env.TEST_PROGRAMS ?? '', 'arm64/bin/busybox');

test('Ctrl+O asks for a file and explains it', async ({ program }) => {
  // The system's own dialog cannot be seen from here.
  await program.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, busybox);
  await program.press('O', 'control');
  const explanation = program.page.getByRole('dialog', { name: 'Why does this file not run?' });
  await expect(explanation).toContainText(busybox);
  await expect(explanation).toContainText('AArch64');
  await program.page.keyboard.press('Escape');
  await expect(explanation).toBeHidden();
});

test('Ctrl+F goes to the search, and what is typed next is looked for', async ({ program }) => {
  await program.press('F', 'control');
  await expect(program.page.getByRole('searchbox')).toBeFocused();
  await program.page.keyboard.type('s390x');
  await expect(program.targets.getByRole('rowheader')).toHaveCount(1);
  await expect(program.header('s390x')).toBeVisible();
});

test('Ctrl+Shift+Z undoes, Ctrl+L shows what was done, Ctrl+Shift+V verifies', async ({ program }) => {
  await program.switchOf('aarch64').click();
  await expect(program.row('aarch64')).toContainText('Enabled');
  await program.press('V', 'control', 'shift');
  await expect(program.status).toContainText('every program ran');

  await program.press('Z', 'control', 'shift');
  await expect(program.row('aarch64')).toContainText('Not registered');
  expect(listEntries()).toEqual([]);

  await program.press('L', 'control');
  await expect(program.page.getByRole('dialog', { name: 'Past changes' })).toContainText('aarch64');
});
