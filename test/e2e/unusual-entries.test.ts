import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '../support/program.ts';
import { BINFMT_MISC, register } from '../support/registry.ts';

test('an entry that a BPF program matches is shown by what the newest kernels say of it', async ({
  program,
  userData,
}) => {
  // This kernel has none: in the place of another entry's file stands the text that they would show there.
  const text = path.join(userData, 'text');
  writeFileSync(text, 'enabled\nflags: \nbpf wasm_matcher\n');
  register(':wasm:E::wasm::/bin/true:');
  const file = `${BINFMT_MISC}/wasm`;
  execFileSync('mount', ['--bind', text, file]);
  try {
    register(':jar:E::jar::/bin/true:'); // Has the program look again.
    await expect(program.row('wasm')).toContainText('matched by a BPF program');
    await expect(program.row('wasm')).toContainText('Enabled');
    await program.header('wasm').click();
    const details = program.detailsOf('wasm');
    await expect(details).toContainText('The kernel asks a BPF program which files it takes.');
    await expect(details).toContainText('wasm_matcher');
    await expect(details).not.toContainText('interpreter');
    await expect(details.getByRole('heading', { level: 3 })).toHaveText([
      'At boot',
      'BPF program',
      'What the kernel says',
    ]);
    await program.expectNoAccessibilityViolation();
  } finally {
    execFileSync('umount', [file]);
  }
});

test('an entry without mask says that every bit counts, one with a mask shows which do', async ({
  program,
}) => {
  register(':whole:M:10:abcd::/bin/true:');
  register(`:masked:M:128:${'\\xa5'.repeat(128)}:${'\\xf0\\x00'.repeat(64)}:/bin/true:`);
  await program.header('whole').click();
  const whole = program.detailsOf('whole');
  await expect(whole.getByRole('img', { name: 'Magic 61 62 63 64, every bit counts' })).toBeVisible();
  await expect(whole.locator('.byte-offset')).toHaveText('0a');

  await program.header('masked').click();
  const masked = program.detailsOf('masked');
  await expect(masked).toContainText('Magic over mask, from offset 128');
  await expect(masked.locator('.byte')).toHaveCount(128);
  await expect(masked.locator('.byte-free')).toHaveCount(64);
  await expect(masked.locator('.byte-offset').last()).toHaveText('f8');
  await program.expectNoAccessibilityViolation();
});

test('the details of the longest entry there can be fit in, and another row’s begin at the top', async ({
  program,
}) => {
  register(`:other:M::${'\\x02'.repeat(256)}::/bin/true:`);
  register(`:long:M::${'\\x01'.repeat(256)}::/bin/true:`);
  for (const width of [1280, 720]) {
    await program.resize(width, 700);
    await program.header('long').click();
    const details = program.detailsOf('long');
    await expect(details.locator('.byte')).toHaveCount(256);
    await expect(details.locator('.byte-offset').last()).toHaveText('f8');
    const isTooWide = await details.evaluate((region) => region.scrollWidth > region.clientWidth);
    expect(isTooWide).toBe(false);
    await details.evaluate((region) => region.scrollTo(0, region.scrollHeight));
    await program.header('other').click();
    expect(await program.detailsOf('other').evaluate((region) => region.scrollTop)).toBe(0);
  }
});

test('a format whose interpreter is gone is not spoken of as a target', async ({ program }) => {
  register(':ext:E::foo::/opt/a program with spaces:');
  await program.header('ext').click();
  const details = program.detailsOf('ext');
  await expect(details).toContainText('Install it there, or unregister it.');
  await expect(details).toContainText('Files whose name ends in .foo');
  await details.getByRole('button', { name: 'Unregister' }).click();
  await expect(program.row('ext')).toHaveCount(0);
});
