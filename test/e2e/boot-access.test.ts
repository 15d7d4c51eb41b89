import type { Locator } from '@playwright/test';
import {
  chooseApply,
  dialogOf,
  enable,
  expect,
  lineFor,
  test,
  writeOwnFile,
} from '../support/boot-window.ts';
import { writeVendorFile } from '../support/private-boot.ts';
import { listBootFiles, readBootFile } from '../support/private-etc.ts';
import type { Program } from '../support/program.ts';
import { register } from '../support/registry.ts';

const theirs = `# Hands off!\n${lineFor('arm', '/opt/qemu-arm')}\n:jar:E::jar::/usr/bin/jexec:\n`;

test('all about boot can be done from the keyboard alone', async ({ program }) => {
  const { keyboard } = program.page;
  writeOwnFile('qemu-arm.conf', theirs);
  await program.page.getByRole('searchbox').focus();
  await keyboard.type('ARM, 32-bit');
  await program.page.getByRole('radio', { name: 'All' }).focus();
  await keyboard.press('Tab');
  await expect(program.row('arm')).toBeFocused();
  await keyboard.press('ArrowRight');
  await keyboard.press('Space');
  await expect(program.row('arm')).toContainText('Enabled');

  // The row's menu, and the question it leads to.
  await keyboard.press('ArrowLeft');
  await keyboard.press('ArrowLeft');
  await expect(program.button('Actions for arm')).toBeFocused();
  await keyboard.press('Enter');
  await keyboard.type('Keep');
  await expect(program.page.getByRole('menuitem', { name: 'Keep at boot' })).toBeFocused();
  await keyboard.press('Enter');
  const question = dialogOf(program, 'Replace this file?');
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(program.status).toContainText('qemu-arm will come back at boot');
  expect(readBootFile('qemu-arm.conf')).not.toEqual({ kind: 'text', text: theirs });

  // The details: their button stays where the focus is.
  await program.row('arm').focus();
  await keyboard.press('Enter');
  const details = program.detailsOf('arm');
  const button = details.getByRole('button', { name: 'Not at boot: qemu-arm' });
  for (let stop = 0; stop < 30 && !(await isFocused(button)); stop++) await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(details.getByRole('button', { name: 'Keep at boot: qemu-arm' })).toBeFocused();
  expect(listBootFiles()).toEqual([]);
  await keyboard.press('Enter');
  await expect(details.getByRole('button', { name: 'Not at boot: qemu-arm' })).toBeFocused();
  expect(listBootFiles()).toEqual(['qemu-arm.conf']);
});

const isFocused = (element: Locator): Promise<boolean> =>
  element.evaluate((one) => one === document.activeElement);

/** Entries and files of all kinds, and the windows that are about them. */
async function arrange(program: Program): Promise<void> {
  writeOwnFile('qemu-arm.conf', theirs);
  writeVendorFile('qemu-aarch64.conf', `${lineFor('aarch64')}\n`);
  writeVendorFile('qemu-hppa.conf', `${lineFor('hppa')}\n`);
  writeVendorFile('broken.conf', ':nonsense\n');
  register(lineFor('aarch64'));
  await enable(program, 'arm');
  await enable(program, 'alpha');
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in what is about boot, ${colorScheme}`, async ({ program }) => {
    await program.page.emulateMedia({ colorScheme });
    await arrange(program);
    await program.button('Dismiss message').click();
    await program.expectNoAccessibilityViolation();
    // Those to which nothing scrolls: axe takes a row half beneath the toolbar for one that cannot be reached.
    for (const target of ['aarch64', 'alpha', 'arm', 'hppa']) {
      await program.header(target).click();
      await program.expectNoAccessibilityViolation();
    }
    await program.button('Close details').click();

    await program.chooseFromMenu('arm', 'Keep at boot');
    const question = dialogOf(program, 'Replace this file?');
    await question.getByText('What will run').click();
    await program.expectNoAccessibilityViolation();
    await question.getByRole('button', { name: 'Cancel' }).click();

    const dialog = await chooseApply(program);
    await dialog.getByText('What stays the same').click();
    await program.expectNoAccessibilityViolation();
  });
}

test('at 720 px everything about boot can be reached, and nothing scrolls sideways', async ({ program }) => {
  await arrange(program);
  await program.resize(720, 600);
  await expect(program.row('arm').locator('.column-boot')).toBeHidden();
  await program.header('arm').click();
  const keep = program.detailsOf('arm').getByRole('button', { name: 'Keep at boot: qemu-arm' });
  await keep.scrollIntoViewIfNeeded();
  await expect(keep).toBeInViewport({ ratio: 1 });
  await keep.click();
  await expectToFit(dialogOf(program, 'Replace this file?'), 'Replace');
  await program.page.keyboard.press('Escape');
  await expectToFit(await chooseApply(program), 'Apply');
});

async function expectToFit(dialog: Locator, button: string): Promise<void> {
  const confirm = dialog.getByRole('button', { name: button, exact: true });
  await confirm.scrollIntoViewIfNeeded();
  await expect(confirm).toBeInViewport({ ratio: 1 });
  expect(await dialog.evaluate((one) => one.scrollWidth > one.clientWidth)).toBe(false);
}
