import { runForeignProgram } from '../support/foreign-program.ts';
import { expect, test } from '../support/program.ts';
import { readEntry, register, writeToEntry } from '../support/registry.ts';

test('the switch of aarch64 makes an arm64 program run, and stops it again', async ({ program }) => {
  expect(runForeignProgram('uname', '-m')).toContain('Exec format error');

  await program.switchOf('aarch64').click();
  await expect(program.row('aarch64')).toContainText('Enabled');
  await expect(program.switchOf('aarch64')).toBeChecked();
  await expect(program.status).toContainText('Registered aarch64');
  expect(readEntry('qemu-aarch64')).toBe(
    'enabled\ninterpreter /usr/local/bin/qemu-aarch64-static\nflags: F\noffset 0\n' +
      'magic 7f454c460201010000000000000000000200b700\nmask ffffffffffffff00fffffffffffffffffeffffff\n',
  );
  expect(runForeignProgram('uname', '-m')).toBe('aarch64');

  await program.switchOf('aarch64').click();
  await expect(program.row('aarch64')).toContainText('Disabled');
  expect(readEntry('qemu-aarch64')).toMatch(/^disabled\n/);
  expect(runForeignProgram('uname', '-m')).toContain('Exec format error');

  await program.switchOf('aarch64').click();
  await expect(program.row('aarch64')).toContainText('Enabled');
  expect(runForeignProgram('uname', '-m')).toBe('aarch64');
});

test('what somebody else changes shows up unasked', async ({ program }) => {
  register(':mine:E::mine::/bin/true:');
  await expect(program.formats.getByRole('row')).toHaveCount(2);
  await program.switchOf('s390x').click();
  await expect(program.row('s390x')).toContainText('Enabled');

  writeToEntry('qemu-s390x', '0');
  await expect(program.row('s390x')).toContainText('Disabled');
  writeToEntry('qemu-s390x', '-1');
  await expect(program.row('s390x')).toContainText('Not registered');
  writeToEntry('mine', '-1');
  await expect(program.formats).toHaveCount(0);
});

test('the row menu registers, copies the register line, and unregisters; Undo takes it back', async ({
  program,
}) => {
  await program.chooseFromMenu('riscv64', 'Register');
  await expect(program.row('riscv64')).toContainText('Enabled');
  const registered = readEntry('qemu-riscv64');

  await program.chooseFromMenu('riscv64', 'Copy register line');
  await expect(program.status).toContainText('Copied the register line of riscv64');
  const line = await program.readClipboard();
  await program.chooseFromMenu('riscv64', 'Unregister');
  await expect(program.row('riscv64')).toContainText('Not registered');
  expect(readEntry('qemu-riscv64')).toBeNull();

  register(line);
  expect(readEntry('qemu-riscv64')).toBe(registered);
  writeToEntry('qemu-riscv64', '-1');
  await expect(program.row('riscv64')).toContainText('Not registered');
  await program.button('Undo').click();
  await expect(program.row('riscv64')).toContainText('Enabled');
  expect(readEntry('qemu-riscv64')).toBe(registered);
});

test('other formats are switched and inspected too', async ({ program }) => {
  register(':jar:M::PK\\x03\\x04::/bin/true:');
  await expect(program.row('jar')).toContainText('Enabled');
  await program.switchOf('jar').click();
  await expect(program.row('jar')).toContainText('Disabled');
  expect(readEntry('jar')).toMatch(/^disabled\n/);
  await program.header('jar').click();
  await expect(program.detailsOf('jar')).toContainText('Magic, from offset 0');
});

test.describe('a taken name is a question: by whom, with which line, and whether to replace that', () => {
  test.beforeEach(async ({ program }) => {
    register(':qemu-arm:E::armthing::/bin/true:');
    await expect(program.row('qemu-arm')).toBeVisible();
  });

  test('of the switch and of the menu’s Register', async ({ program }) => {
    const asks: readonly (() => Promise<void>)[] = [
      () => program.switchOf('arm').click(),
      () => program.chooseFromMenu('arm', 'Register'),
    ];
    const dialog = program.page.getByRole('dialog', { name: 'Register arm with options' });
    for (const ask of asks) {
      await ask();
      const present = dialog.getByRole('region', { name: 'Registered now' });
      await expect(present).toContainText(':qemu-arm:E::armthing::/bin/true:');
      await expect(dialog).toContainText(
        'The name qemu-arm is taken by an entry registered with /bin/true. It takes no programs for arm.',
      );
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await expect(dialog).toBeHidden();
      await expect(program.switchOf('arm')).not.toBeChecked();
      expect(readEntry('qemu-arm')).toContain('.armthing');
    }
    await program.switchOf('arm').click();
    await dialog.getByRole('button', { name: 'Replace' }).click();
    await expect(program.switchOf('arm')).toBeChecked();
    expect(readEntry('qemu-arm')).toContain('magic 7f454c46');
  });

  test('that Register all passes over, and says so', async ({ program }) => {
    await program.button('Register all').click();
    await expect(program.status).toContainText(/Registered \d+ targets/);
    await expect(program.status).toContainText('arm was left alone. The name qemu-arm is taken by an entry');
    expect(readEntry('qemu-arm')).toContain('.armthing');
  });
});

test('the master switch stops everything, and says so', async ({ program }) => {
  await program.switchOf('aarch64').click();
  await expect(program.row('aarch64')).toContainText('Enabled');
  await program.switchOf('binfmt_misc').click();
  await expect(program.page.getByRole('region', { name: 'binfmt_misc is switched off' })).toBeVisible();
  expect(readEntry('status')).toBe('disabled\n');
  expect(runForeignProgram('uname', '-m')).toContain('Exec format error');
  await program.button('Switch on').click();
  await expect(program.switchOf('binfmt_misc')).toBeChecked();
  expect(runForeignProgram('uname', '-m')).toBe('aarch64');
});
