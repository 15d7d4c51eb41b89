import { expect, test } from '../support/program.ts';
import { listEntries, readEntry } from '../support/registry.ts';

test('everything can be done from the keyboard alone', async ({ program }) => {
  const { keyboard } = program.page;
  await program.page.getByRole('searchbox').focus();
  await keyboard.type('aarch64');
  await expect(program.targets.getByRole('rowheader')).toHaveCount(2);
  await program.page.getByRole('radio', { name: 'All' }).focus();
  await keyboard.press('Tab');
  await expect(program.row('aarch64')).toBeFocused();
  await keyboard.press('ArrowRight');
  await keyboard.press('Space');
  await expect(program.row('aarch64')).toContainText('Enabled');
  expect(readEntry('qemu-aarch64')).toMatch(/^enabled/);

  // The row's menu.
  await keyboard.press('ArrowLeft');
  await expect(program.row('aarch64')).toBeFocused();
  await keyboard.press('ArrowLeft');
  await expect(program.button('Actions for aarch64')).toBeFocused();
  await keyboard.press('Enter');
  await expect(program.page.getByRole('menuitem', { name: 'Unregister' })).toBeFocused();
  await keyboard.press('Enter');
  await expect(program.row('aarch64')).toContainText('Not registered');

  // Undo, Reset and its question.
  await program.button('Undo').press('Enter');
  await expect(program.row('aarch64')).toContainText('Enabled');
  await program.button('Reset all').press('Enter');
  await expect(program.page.getByRole('dialog').getByRole('button', { name: 'Cancel' })).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(program.row('aarch64')).toContainText('Not registered');
  expect(listEntries()).toEqual([]);
});

test('a row is selected with the arrow keys and its details close with Escape', async ({ program }) => {
  await program.header('alpha').click();
  await expect(program.detailsOf('alpha')).toBeVisible();
  await program.page.keyboard.press('ArrowDown');
  await expect(program.detailsOf('arm')).toBeVisible();
  await program.page.keyboard.press('Escape');
  await expect(program.detailsOf('arm')).toBeHidden();
});

test('every stop of the Tab key shows where the focus is', async ({ program }) => {
  const seen = new Set<string>();
  for (let stop = 0; stop < 12; stop++) {
    await program.page.keyboard.press('Tab');
    seen.add(await program.page.evaluate(() => document.activeElement?.tagName ?? ''));
    const outlined = await program.page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body) return true;
      const parts = [
        focused,
        ...focused.querySelectorAll('*'),
        focused.closest('label')?.querySelector('.switch-track'),
      ];
      return parts.some((part) => {
        if (!(part instanceof Element)) return false;
        const { outlineStyle, boxShadow } = getComputedStyle(part);
        return outlineStyle === 'solid' || boxShadow.includes('inset');
      });
    });
    expect(outlined).toBe(true);
  }
  expect(seen.size).toBeGreaterThan(1);
});
