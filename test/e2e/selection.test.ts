import { copyFileSync, rmSync } from 'node:fs';
import { expect, type Program, test } from '../support/program.ts';
import { listEntries, readEntry, readRegistry, register } from '../support/registry.ts';

type Modifier = 'Control' | 'Shift';

const clickRow = (program: Program, name: string, ...modifiers: Modifier[]): Promise<void> =>
  program.header(name).click({ modifiers });

/** The button of the bar. */
const act = (program: Program, name: string) =>
  program.selectionBar.getByRole('button', { name, exact: true });

const rowWithFocus = (program: Program): Promise<string | null | undefined> =>
  program.page.evaluate(() => document.activeElement?.closest('[role=row]')?.getAttribute('data-key'));

const enabledLine = (name: string): string => (readEntry(name) ?? '').split('\n')[0] ?? '';

test('a click selects one row, Shift a range, Ctrl adds and takes away', async ({ program }) => {
  await clickRow(program, 'alpha');
  expect(await program.selectedRows()).toEqual(['alpha']);
  await expect(program.detailsOf('alpha')).toBeVisible();
  await expect(program.selectionBar).toBeHidden();

  await clickRow(program, 'hppa', 'Shift');
  expect(await program.selectedRows()).toEqual(['alpha', 'arm', 'armeb', 'hexagon', 'hppa']);
  await expect(program.selectionBar).toContainText('5 selected');
  await expect(program.detailsOf('alpha')).toBeHidden();

  // The range begins where it began.
  await clickRow(program, 'arm', 'Shift');
  expect(await program.selectedRows()).toEqual(['alpha', 'arm']);
  await clickRow(program, 'ppc', 'Control');
  expect(await program.selectedRows()).toEqual(['alpha', 'arm', 'ppc']);
  await clickRow(program, 'arm', 'Control');
  await clickRow(program, 'alpha', 'Control');
  expect(await program.selectedRows()).toEqual(['ppc']);
  await expect(program.detailsOf('ppc')).toBeVisible();

  await clickRow(program, 'aarch64', 'Shift');
  await clickRow(program, 'hexagon');
  expect(await program.selectedRows()).toEqual(['hexagon']);
});

test('Shift and the arrows, Ctrl+A and Escape do it from the keyboard', async ({ program }) => {
  const { keyboard } = program.page;
  await clickRow(program, 'alpha');
  await keyboard.press('Shift+ArrowDown');
  await keyboard.press('Shift+ArrowDown');
  expect(await program.selectedRows()).toEqual(['alpha', 'arm', 'armeb']);
  await keyboard.press('Shift+ArrowUp');
  expect(await program.selectedRows()).toEqual(['alpha', 'arm']);

  await keyboard.press('Control+a');
  await expect(program.selectionBar).toContainText('34 selected');
  await keyboard.press('Escape');
  await expect(program.selectionBar).toBeHidden();
  expect(await program.selectedRows()).toEqual([]);

  // The bar is one stop before the table, and leaves the focus to the row that had it.
  await clickRow(program, 'alpha');
  await keyboard.press('Shift+ArrowDown');
  await keyboard.press('Shift+Tab');
  await expect(act(program, 'Clear')).toBeFocused();
  await keyboard.press('ArrowLeft');
  await expect(act(program, 'Select all 34 shown')).toBeFocused();
  const isAtRegister = () => act(program, 'Register').evaluate((button) => button === document.activeElement);
  for (let step = 0; step < 9 && !(await isAtRegister()); step++) await keyboard.press('ArrowLeft');
  await expect(act(program, 'Register')).toBeFocused();
  await keyboard.press('Enter');
  await expect(program.status).toContainText('Registered 2 targets');
  await expect.poll(() => rowWithFocus(program)).toBe('arm');
  await keyboard.press('Shift+Tab');
  await expect(act(program, 'Clear')).toBeFocused();
  await keyboard.press('Enter');
  expect(await program.selectedRows()).toEqual([]);
  await expect.poll(() => rowWithFocus(program)).toBe('arm');
});

test('Ctrl+A selects all rows from anywhere, and in a field its text @main-process', async ({ program }) => {
  await program.press('A', 'control');
  await expect(program.selectionBar).toContainText('34 selected');
  await program.page.keyboard.press('Escape');
  await expect(program.selectionBar).toBeHidden();

  const search = program.page.getByRole('searchbox');
  await search.fill('mips');
  await program.press('A', 'control');
  await program.page.keyboard.type('arm');
  await expect(search).toHaveValue('arm');
  await expect(program.selectionBar).toBeHidden();
});

test('what the search hides is never acted on', async ({ program }) => {
  const search = program.page.getByRole('searchbox');
  await search.fill('mips');
  await program.button('Select all').click();
  await expect(program.selectionBar).toContainText('6 selected');
  await search.fill('mips64');
  await expect(program.selectionBar).toContainText('2 selected, 4 hidden');
  await act(program, 'Register').click();
  await expect(program.status).toContainText('Registered 2 targets');
  expect([...listEntries()].sort()).toEqual(['qemu-mips64', 'qemu-mips64el']);

  await search.fill('');
  await expect(program.selectionBar).toContainText('6 selected');
  await act(program, 'Register').click();
  await expect(program.status).toContainText('Registered 4 targets');
  expect(await program.pastChanges()).toHaveLength(2);
});

test('what a filter hides is never acted on, and Select all takes what it shows', async ({ program }) => {
  for (const name of ['alpha', 'arm']) {
    await program.switchOf(name).click();
    await expect(program.row(name)).toContainText('Enabled');
  }
  await clickRow(program, 'aarch64');
  await clickRow(program, 'arm', 'Shift');
  await expect(program.selectionBar).toContainText('4 selected');
  await act(program, 'Select all 34 shown').click();
  await expect(program.selectionBar).toContainText('34 selected');
  await expect(program.selectionBar.getByText(/^Select all/)).toBeHidden();
  await act(program, 'Clear').click();

  await program.page.getByRole('radio', { name: 'Registered 2' }).click();
  await program.button('Select all').click();
  await expect(program.selectionBar).toContainText('2 selected');
  await act(program, 'Unregister').click();
  await expect(program.status).toContainText('Unregistered 2 registrations');
  expect(listEntries()).toEqual([]);
  // Nothing is left to be seen, so nothing to be acted on.
  await expect(program.selectionBar).toBeHidden();
});

test('every button of the bar is one change, which Undo takes back as a whole', async ({ program }) => {
  await clickRow(program, 'ppc');
  await clickRow(program, 'ppc64le', 'Shift');
  await act(program, 'Register').click();
  await expect(program.status).toContainText('Registered 3 targets');
  const names = ['qemu-ppc', 'qemu-ppc64', 'qemu-ppc64le'];
  expect([...listEntries()].sort()).toEqual(names);
  expect(await program.pastChanges()).toEqual(['Registered 3 targets']);

  await act(program, 'Disable').click();
  await expect(program.status).toContainText('Disabled 3 registrations');
  expect(names.map(enabledLine)).toEqual(['disabled', 'disabled', 'disabled']);
  await act(program, 'Enable').click();
  await expect(program.status).toContainText('Enabled 3 registrations');
  expect(names.map(enabledLine)).toEqual(['enabled', 'enabled', 'enabled']);
  await act(program, 'Verify').click();
  await expect(program.status).toContainText('Verified 3 targets: every program ran');

  const before = readRegistry();
  await act(program, 'Unregister').click();
  await expect(program.status).toContainText('Unregistered 3 registrations');
  expect(listEntries()).toEqual([]);
  expect(await program.pastChanges()).toEqual([
    'Unregistered 3 registrations',
    'Enabled 3 registrations',
    'Disabled 3 registrations',
    'Registered 3 targets',
  ]);
  await program.button('Undo').click();
  await expect(program.status).toContainText('Put back 3 registrations');
  expect(readRegistry()).toEqual(before);
});

test('a button does what it can, says to how many, and is off when that is none', async ({ program }) => {
  await program.switchOf('alpha').click();
  await expect(program.row('alpha')).toContainText('Enabled');
  await clickRow(program, 'aarch64_be');
  await clickRow(program, 'alpha', 'Shift');
  await expect(act(program, 'Register')).toHaveAccessibleDescription('1 of the 2 selected');
  await expect(act(program, 'Disable')).toHaveAccessibleDescription('1 of the 2 selected');
  await expect(act(program, 'Enable')).toBeDisabled();

  // What the machine runs itself is not registered by the way, but can be verified.
  await clickRow(program, 'i386');
  await clickRow(program, 'i486', 'Control');
  await expect(program.selectionBar).toContainText('2 selected');
  for (const name of ['Register', 'Enable', 'Disable', 'Unregister'])
    await expect(act(program, name)).toBeDisabled();
  await act(program, 'Verify').click();
  await expect(program.status).toContainText('Verified 2 targets: every program ran');

  await program.button('Clear').click();
  await program.targets.getByRole('row').nth(5).click();
  await program.page.keyboard.press('Control+a');
  await act(program, 'Register').click();
  await expect(program.status).toContainText('Registered 30 targets');
  expect(await program.pastChanges()).toHaveLength(2);
});

test('other formats are selected the same way, of one table at a time', async ({ program }) => {
  register(':jar:M::PK\\x03\\x04::/bin/true:');
  register(':script:E::myscript::/bin/true:');
  register(':wine:M::MZ::/bin/true:');
  await clickRow(program, 'alpha');
  await clickRow(program, 'arm', 'Shift');
  await clickRow(program, 'wine');
  expect(await program.selectedRows()).toEqual(['wine']);
  await expect(program.detailsOf('wine')).toBeVisible();
  await clickRow(program, 'script', 'Shift');
  await expect(program.selectionBar).toContainText('2 selected');
  await expect(act(program, 'Register')).toBeHidden();
  await expect(act(program, 'Verify')).toBeHidden();

  await act(program, 'Disable').click();
  await expect(program.status).toContainText('Disabled 2 registrations');
  expect(['jar', 'script', 'wine'].map(enabledLine)).toEqual(['enabled', 'disabled', 'disabled']);
  await act(program, 'Clear').click();
  await program.button('Select all formats').click();
  await expect(program.selectionBar).toContainText('3 selected');
  await act(program, 'Unregister').click();
  await expect(program.status).toContainText('Unregistered 3 registrations');
  expect(listEntries()).toEqual([]);
  await program.button('Undo').click();
  await expect(program.status).toContainText('Put back 3 registrations');
  expect(listEntries()).toEqual(['wine', 'script', 'jar']);
});

test('what could not be put back is named before it goes', async ({ program }) => {
  const gone = '/dev/shm/qemu-that-goes';
  copyFileSync('/usr/local/bin/qemu-sh4-static', gone);
  register(
    `:qemu-sh4:M::\\x7fELF\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x2a\\x00::${gone}:F`,
  );
  rmSync(gone);
  await program.switchOf('sh4eb').click();
  await expect(program.row('sh4eb')).toContainText('Enabled');
  await clickRow(program, 'sh4');
  await clickRow(program, 'sh4eb', 'Shift');
  await act(program, 'Unregister').click();
  const dialog = program.page.getByRole('dialog', { name: 'Unregister 2 entries?' });
  await expect(dialog).toContainText(`qemu-sh4: its interpreter ${gone} is not on this machine`);
  await expect(dialog).toContainText('Undo puts everything back, except what is named below.');
  await program.expectNoAccessibilityViolation();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(listEntries()).toEqual(['qemu-sh4eb', 'qemu-sh4']);

  await program.chooseFromMenu('sh4', 'Unregister');
  const one = program.page.getByRole('dialog', { name: 'Unregister qemu-sh4?' });
  await one.getByRole('button', { name: 'Unregister' }).click();
  await expect(program.status).toContainText('Unregistered qemu-sh4');
  expect(listEntries()).toEqual(['qemu-sh4eb']);
});

test('the bar comes where there was one before, and nothing moves', async ({ program }) => {
  for (const [width, height] of [
    [1280, 860],
    [720, 600],
  ] as const) {
    await program.resize(width, height);
    const place = () => program.header('hppa').boundingBox();
    await clickRow(program, 'hppa');
    await clickRow(program, 'hppa', 'Control');
    const before = await place();
    await clickRow(program, 'hppa');
    await clickRow(program, 'armeb', 'Control');
    await expect(program.selectionBar).toBeVisible();
    expect(await place()).toEqual(before);
    for (const name of ['Register', 'Verify', 'Clear'])
      await expect(act(program, name)).toBeInViewport({ ratio: 1 });
    expect(
      await program.page.locator('.app-list').evaluate((list) => list.scrollWidth - list.clientWidth),
    ).toBe(0);
    await act(program, 'Clear').click();
  }
});

test('the bar stays in sight, and the row with the focus does not slip under it', async ({ program }) => {
  const { keyboard } = program.page;
  await program.resize(1000, 500);
  await clickRow(program, 'xtensaeb');
  await keyboard.press('Shift+ArrowUp');
  await expect(program.selectionBar).toBeInViewport({ ratio: 1 });
  for (let step = 0; step < 20; step++) await keyboard.press('Shift+ArrowUp');
  const focused = await program.page.evaluate(() => document.activeElement?.getBoundingClientRect().top ?? 0);
  const toolbar = await program.page.locator('.rows-toolbar').boundingBox();
  expect(focused).toBeGreaterThanOrEqual((toolbar?.y ?? 0) + (toolbar?.height ?? 0) - 1);
});

test('where there is no room the rest is in a menu', async ({ program }) => {
  await program.resize(720, 600);
  await clickRow(program, 'alpha');
  await clickRow(program, 'arm', 'Shift');
  await expect(act(program, 'Register with options…')).toBeHidden();
  await act(program, 'More actions for the selection').click();
  await program.page.getByRole('menuitem', { name: 'Select all 34 shown' }).click();
  await expect(program.selectionBar).toContainText('34 selected');
  await clickRow(program, 'alpha');
  await clickRow(program, 'arm', 'Shift');
  await act(program, 'More actions for the selection').click();
  await program.page.getByRole('menuitem', { name: 'Register with options…' }).click();
  await expect(program.page.getByRole('dialog', { name: 'Register 2 targets with options' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the bar, ${colorScheme}`, async ({ program }) => {
    await program.page.emulateMedia({ colorScheme });
    await program.switchOf('alpha').click();
    await expect(program.row('alpha')).toContainText('Enabled');
    await clickRow(program, 'aarch64');
    await clickRow(program, 'arm', 'Shift');
    await program.expectNoAccessibilityViolation();
    await program.resize(720, 600);
    await act(program, 'More actions for the selection').click();
    await program.expectNoAccessibilityViolation();
  });
}
