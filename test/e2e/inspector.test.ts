import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '../support/program.ts';
import { readEntry, register, writeToEntry } from '../support/registry.ts';

test('the inspector explains a registered target', async ({ program }) => {
  await program.switchOf('aarch64').click();
  await expect(program.row('aarch64')).toContainText('Enabled');
  await program.header('aarch64').click();
  const details = program.detailsOf('aarch64');
  await expect(details).toContainText('Programs for this CPU run, also in containers.');
  await expect(details).toContainText('/usr/local/bin/qemu-aarch64-static');
  await expect(details).toContainText(/executable · QEMU \d+\.\d+\.\d+ · static/);
  await expect(details).toContainText('opened now: works in containers and chroots');
  await expect(details).toContainText('Magic over mask, from offset 0');
  await expect(details.getByRole('img', { name: /^Magic 7f 45 4c 46 02 .*; mask ff ff/ })).toBeVisible();
  const fields = details.locator('.magic-fields').getByRole('listitem');
  await expect(fields).toHaveText(
    [
      'EI_MAGELF file',
      'EI_CLASS2: 64-bit',
      'EI_DATA1: little-endian',
      'EI_VERSION1: the current one',
      'EI_OSABIany OS/ABI',
      'EI_ABIVERSION0',
      'EI_PAD0',
      'e_type2 or 3: executable or PIE',
      'e_machine183: AArch64',
    ].map((text) => new RegExp(`${text}$`)),
  );
  await expect(fields.locator('.byte')).toHaveCount(20);
  await expect(fields.nth(7).locator('.byte')).toHaveText(['02fe', '00ff']);
  await program.button('Copy the kernel’s text').click();
  expect(await program.readClipboard()).toBe(readEntry('qemu-aarch64')?.trimEnd());
  await program.expectNoAccessibilityViolation();
});

test('several entries for one target are told in the order the kernel tries them, with their use', async ({
  program,
}) => {
  const magic = '\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00';
  register(`:older:M::${magic}::/opt/older:`);
  register(`:middle:M::${magic}::/bin/cat:PF`);
  register(`:qemu-aarch64:M::${magic}::/bin/false:F`);
  writeToEntry('qemu-aarch64', '0');
  await program.header('aarch64').click();
  const details = program.detailsOf('aarch64');
  await expect(details.locator('.entries').getByRole('listitem')).toHaveText([
    /^qemu-aarch64DisabledF\/bin\/falseexecutable/,
    /^middleEnabled, used nowPF\/bin\/cat$/,
    /^olderEnabled, comes later\/opt\/oldernot on disk$/,
  ]);
  await expect(details).toContainText('What follows is about middle.');
  await expect(details.getByRole('listitem').filter({ hasText: 'It is never used' })).toContainText('older');
  await program.expectNoAccessibilityViolation();

  // One alone is named where its name does not tell what it is for.
  for (const name of ['qemu-aarch64', 'middle']) writeToEntry(name, '-1');
  await expect(details.locator('.entries').getByRole('listitem')).toHaveText([/^olderEnabled, used now/]);
  writeToEntry('older', '-1');
  await expect(details.locator('.entries')).toHaveCount(0);
});

test('an interpreter that is no program of QEMU’s is told of', async ({ program, userData }) => {
  const interpreter = path.join(userData, 'interpreter');
  writeFileSync(interpreter, '#!/bin/sh\n', { mode: 0o755 });
  register(`:own:E::own::${interpreter}:`);
  await program.header('own').click();
  await expect(program.detailsOf('own')).toContainText(
    'executable · no ELF file that can be read: what it needs is not known',
  );
});

test('its package is told as soon as it has one, and of that file alone', async ({ program, userData }) => {
  const list = '/var/lib/dpkg/info/dpkg.list';
  test.skip(!existsSync(list), 'There is no dpkg here.');
  const interpreter = path.join(userData, 'interpreter');
  writeFileSync(interpreter, '#!/bin/sh\n', { mode: 0o755 });
  register(`:own:E::own::${interpreter}:`);
  await program.header('own').click();
  const details = program.detailsOf('own');
  await expect(details).toContainText(interpreter);
  await expect(details).not.toContainText('from dpkg');

  // As when a package that has the file is installed.
  const longer = path.join(userData, 'dpkg.list');
  writeFileSync(longer, `${readFileSync(list, 'utf8')}${interpreter}\n`);
  execFileSync('mount', ['--bind', longer, list]);
  try {
    await program.header('aarch64').click();
    await program.header('own').click();
    await expect(details).toContainText('from dpkg');
    // It is a package's no longer, and another file: what was known of the one before does not count.
    execFileSync('umount', [list]);
    writeFileSync(`${interpreter}.new`, '#!/bin/sh\n', { mode: 0o755 });
    renameSync(`${interpreter}.new`, interpreter);
    await expect(details).not.toContainText('from dpkg');
    execFileSync('mount', ['--bind', longer, list]);
    writeFileSync(interpreter, '#!/bin/sh -e\n');
    await expect(details).toContainText('from dpkg');
  } finally {
    execFileSync('umount', [list]);
  }
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
