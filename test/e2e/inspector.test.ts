import { expect, test } from '../support/program.ts';
import { readEntry, register } from '../support/registry.ts';

test('the inspector explains a registered target', async ({ program }) => {
  await program.switchOf('aarch64').click();
  await expect(program.row('aarch64')).toContainText('Enabled');
  await program.header('aarch64').click();
  const details = program.detailsOf('aarch64');
  await expect(details).toContainText('Programs for this CPU run, also in containers.');
  await expect(details).toContainText('/usr/local/bin/qemu-aarch64-static');
  await expect(details).toContainText(/QEMU \d+\.\d+\.\d+ · static/);
  await expect(details).toContainText('opened now: works in containers and chroots');
  await expect(details).toContainText('Magic over mask, from offset 0');
  await expect(details.getByRole('img', { name: /^Magic 7f 45 4c 46 02 .*; mask ff ff/ })).toBeVisible();
  await expect(details).toContainText('executable or PIE');
  await expect(details).toContainText('machine 183, AArch64');
  await expect(details).toContainText('any OS/ABI');
  await program.button('Copy the kernel’s text').click();
  expect(await program.readClipboard()).toBe(readEntry('qemu-aarch64')?.trimEnd());
  await program.expectNoAccessibilityViolation();
});

test('several entries for one target are listed in the order the kernel tries them', async ({ program }) => {
  const magic = '\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00';
  register(`:older:M::${magic}::/bin/true:`);
  register(`:qemu-aarch64:M::${magic}::/bin/false:F`);
  await program.header('aarch64').click();
  await expect(program.detailsOf('aarch64').locator('.entry-names')).toHaveText('qemu-aarch64older');
});

test('an extension entry, one without mask, one with an offset and one of 256 bytes are shown', async ({
  program,
}) => {
  register(':ext:E::foo::/opt/a program with spaces:P');
  register(':offset:M:10:abcd::/bin/true:');
  register(`:long:M::${'\\x01'.repeat(256)}::/bin/true:`);
  await program.header('ext').click();
  await expect(program.detailsOf('ext')).toContainText('Files whose name ends in .foo');
  await expect(program.detailsOf('ext')).toContainText('/opt/a program with spaces');
  await program.header('offset').click();
  await expect(program.detailsOf('offset')).toContainText('Magic, from offset 10');
  await program.header('long').click();
  await expect(program.detailsOf('long').locator('.byte')).toHaveCount(256);
  await program.expectNoAccessibilityViolation();
});
