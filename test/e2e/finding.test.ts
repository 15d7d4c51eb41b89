import { expect, test } from '../support/program.ts';

test('the search finds by name, by label and by path', async ({ program }) => {
  const search = program.page.getByRole('searchbox', { name: 'Search targets' });
  const headers = program.targets.getByRole('rowheader');
  await expect(headers).toHaveCount(34);
  await search.fill('riscv');
  await expect(headers).toHaveCount(2);
  await search.fill('IBM z');
  await expect(headers).toHaveText(['s390xIBM Z, 64-bit']);
  await search.fill('bin/qemu-aarch64_be');
  await expect(headers).toHaveCount(1);

  await search.fill('pdp11');
  await expect(program.page.getByText('No target matches “pdp11”.')).toBeVisible();
  await program.expectNoAccessibilityViolation();
  await program.button('Show all targets').click();
  await expect(headers).toHaveCount(34);
});

test('columns sort, and the choice is remembered', async ({ program }) => {
  const first = program.targets.getByRole('rowheader').first();
  await expect(first).toContainText('aarch64');
  await program.page.getByRole('columnheader', { name: 'Target' }).click();
  await expect(first).toContainText('xtensaeb');
  await program.page.reload();
  await expect(first).toContainText('xtensaeb');

  await program.switchOf('ppc64le').click();
  await expect(program.row('ppc64le')).toContainText('Enabled');
  await program.page.getByRole('columnheader', { name: 'State' }).click();
  await expect(first).toContainText('ppc64le');
});

test('filters show the enabled and the registered', async ({ program }) => {
  await program.page.getByRole('radio', { name: 'Enabled 0' }).click();
  await expect(program.page.getByText('No target is enabled.')).toBeVisible();
  await program.page.getByRole('radio', { name: 'All 34' }).click();
  await program.switchOf('arm').click();
  await program.switchOf('ppc').click();
  await expect(program.row('ppc')).toContainText('Enabled');
  await program.switchOf('ppc').click();
  await program.page.getByRole('radio', { name: 'Registered 2' }).click();
  await expect(program.targets.getByRole('rowheader')).toHaveCount(2);
  await program.page.getByRole('radio', { name: 'Enabled 1' }).click();
  await expect(program.targets.getByRole('rowheader')).toHaveCount(1);
});
