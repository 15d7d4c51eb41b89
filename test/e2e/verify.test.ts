import { expect, test } from '../support/program.ts';
import { register, writeToEntry } from '../support/registry.ts';

test('Verify proves a target, and says so in the table and in the details', async ({ program }) => {
  await program.switchOf('riscv64').click();
  await expect(program.row('riscv64')).toContainText('Enabled');
  await program.chooseFromMenu('riscv64', 'Verify');
  await expect(program.status).toContainText('Verified riscv64');
  await expect(program.row('riscv64').getByRole('img', { name: /^Verified at/ })).toBeVisible();
  await program.header('riscv64').click();
  await expect(program.detailsOf('riscv64')).toContainText(/a program of riscv64 ran, in \d+ ms/);
  await program.expectNoAccessibilityViolation();

  // It counts for what was registered then.
  writeToEntry('riscv64'.replace(/^/, 'qemu-'), '0');
  await expect(program.row('riscv64').getByRole('img', { name: /^Verified at/ })).toHaveCount(0);
  await program.chooseFromMenu('riscv64', 'Verify');
  await expect(program.alert).toContainText('does not recognize programs of riscv64');
});

test('Verify is red for the wrong emulator', async ({ program }) => {
  const magic = '\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xf3\\x00';
  register(`:qemu-riscv64:M::${magic}::/usr/local/bin/qemu-arm-static:F`);
  await expect(program.row('riscv64')).toContainText('Enabled');
  await program.chooseFromMenu('riscv64', 'Verify');
  await expect(program.alert).toContainText('emulates another CPU');
  await expect(program.row('riscv64').getByRole('img', { name: /^Not verified at/ })).toBeVisible();
});

test('Verify all proves everything that is enabled', async ({ program }) => {
  await program.button('Register all').click();
  await expect(program.status).toContainText('Registered 31 targets');
  await program.button('Verify all').click();
  await expect(program.status).toContainText('Verified 31 targets: every program ran', { timeout: 20_000 });
  await expect(program.targets.getByRole('img', { name: /^Verified at/ })).toHaveCount(31);
});
