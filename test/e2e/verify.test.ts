import { execFileSync } from 'node:child_process';
import { copyFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { HangingInterpreter } from '../support/hanging-interpreter.ts';
import { expect, Program, test } from '../support/program.ts';
import { register, writeToEntry } from '../support/registry.ts';

const or1k = '\\x7fELF\\x01\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x5c';

test('Verify proves a target, and says so in the table and in the details', async ({ program }) => {
  await program.switchOf('riscv64').click();
  await expect(program.row('riscv64')).toContainText('Enabled');
  await program.chooseFromMenu('riscv64', 'Verify');
  await expect(program.status).toContainText('Verified riscv64');
  await expect(program.row('riscv64').getByRole('img', { name: /^Verified at/ })).toBeVisible();
  await program.header('riscv64').click();
  await expect(program.detailsOf('riscv64')).toContainText(/A program of riscv64 ran at .+, in \d+ ms/);
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

test('Verify all proves everything that should run, and says what it left out', async ({ program }) => {
  await program.button('Register all').click();
  await expect(program.status).toContainText('Registered 31 targets');
  await program.button('Verify all').click();
  // Those that the machine runs itself are tried, too.
  await expect(program.status).toContainText('Verified 34 targets: every program ran', { timeout: 20_000 });
  await expect(program.targets.getByRole('img', { name: /^Verified at/ })).toHaveCount(34);

  writeToEntry('qemu-hppa', '0');
  writeToEntry('qemu-m68k', '-1');
  await expect(program.row('hppa')).toContainText('Disabled');
  await expect(program.row('m68k')).toContainText('Not registered');
  await program.button('Verify all').click();
  await expect(program.status).toContainText(
    'Verified 32 targets: every program ran. 1 disabled target was not tried.',
    { timeout: 20_000 },
  );

  writeToEntry('qemu-or1k', '-1');
  register(`:qemu-or1k:M::${or1k}::/opt/qemu-or1k:`);
  await expect(program.row('or1k')).toContainText('Broken');
  await program.button('Verify all').click();
  await expect(program.alert).toContainText('1 of 32 targets did not run. 1 disabled target was not tried.');
  await expect(program.alert).toContainText('or1k: The kernel does not find the interpreter');
});

test('it counts for the emulator it was made with, and as long as that can be asked', async ({
  program,
  userData,
}) => {
  const interpreter = path.join(userData, 'qemu-or1k');
  copyFileSync('/usr/local/bin/qemu-or1k-static', interpreter);
  register(`:qemu-or1k:M::${or1k}::${interpreter}:`);
  const mark = program.row('or1k').getByRole('img', { name: /^Verified/ });
  const verify = async (): Promise<void> => {
    await program.chooseFromMenu('or1k', 'Verify');
    await expect(mark).toBeVisible();
  };
  await expect(program.row('or1k')).toContainText('Enabled');
  await verify();

  // Replaced by a file of the same size and age.
  const { atime, mtime } = statSync(interpreter);
  copyFileSync(interpreter, `${interpreter}.new`);
  utimesSync(`${interpreter}.new`, atime, mtime);
  renameSync(`${interpreter}.new`, interpreter);
  await expect(mark).toHaveCount(0);
  await verify();

  rmSync(interpreter);
  await expect(program.row('or1k')).toContainText('Broken');
  await expect(mark).toHaveCount(0);
  copyFileSync('/usr/local/bin/qemu-or1k-static', interpreter);
  await expect(program.row('or1k')).toContainText('Enabled');
  await verify();

  await program.switchOf('binfmt_misc').click();
  await expect(mark).toHaveCount(0);
  await program.switchOf('binfmt_misc').click();
  await expect(mark).toBeVisible();
});

test('when nothing could be executed, that is not said against the target', async ({ program }) => {
  await program.switchOf('or1k').click();
  await expect(program.row('or1k')).toContainText('Enabled');
  execFileSync('mount', ['--bind', '/dev/null', '/bin/bash']);
  try {
    await program.chooseFromMenu('or1k', 'Verify');
    await expect(program.alert).toContainText('Nothing was executed');
    await expect(program.row('or1k').getByRole('img', { name: /^Could not be tried at/ })).toBeVisible();
    await expect(program.row('or1k').locator('.state-mark')).not.toHaveClass(/state-bad/);
  } finally {
    execFileSync('umount', ['/bin/bash']);
  }
});

test('a verification of another day has its date', async ({ program }) => {
  await program.switchOf('or1k').click();
  await expect(program.row('or1k')).toContainText('Enabled');
  await program.chooseFromMenu('or1k', 'Verify');
  await expect(program.row('or1k').getByRole('img', { name: /^Verified at/ })).toBeVisible();
  await program.page.clock.setFixedTime(Date.now() + 24 * 60 * 60 * 1000);
  await program.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(program.row('or1k').getByRole('img', { name: /^Verified on .* at/ })).toBeVisible();
});

test('a verification that cannot be made ends, and says so @main-process', async ({ program }) => {
  await program.switchOf('or1k').click();
  await expect(program.row('or1k')).toContainText('Enabled');
  await program.app.evaluate(({ ipcMain }) => {
    ipcMain.removeHandler('verify');
    ipcMain.handle('verify', () => Promise.reject(new Error('no processes left')));
  });
  await program.chooseFromMenu('or1k', 'Verify');
  await expect(program.alert).toContainText('Nothing could be verified');
  await expect(program.button('Verify all')).toBeEnabled();
});

test('closing the window ends what it was verifying', async ({ userData }) => {
  const program = await Program.start(userData);
  const hanging = new HangingInterpreter('or1k', userData);
  await expect(program.row('or1k')).toContainText('Enabled');
  await program.chooseFromMenu('or1k', 'Verify');
  await expect.poll(() => hanging.hasStarted).toBe(true);
  await program.close();
  await expect.poll(() => hanging.running).toEqual([]);
});
