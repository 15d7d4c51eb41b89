import { execFileSync } from 'node:child_process';
import { coverPolkit, mountNosuid, removePkexec, stripSetuid } from '../support/polkit-obstacles.ts';
import { setPolicy } from '../support/polkit-rules.ts';
import { expect, test } from '../support/polkit-test.ts';
import type { Program } from '../support/program.ts';
import { BINFMT_MISC, readRegistry } from '../support/registry.ts';

test('without pkexec one can look but not change, and is told why', async ({ start, targets: [target] }) => {
  const putBack = removePkexec();
  try {
    const program = await start();
    await expectReadOnly(program, 'no pkexec', 'pkexec is not installed');
    await expectToFindAndInspect(program, target);
    await program.expectNoAccessibilityViolation();
  } finally {
    putBack();
  }
});

test('with a pkexec that is not set-uid root likewise', async ({ start }) => {
  const putBack = stripSetuid();
  try {
    await expectReadOnly(await start(), 'pkexec is not set-uid', 'it is not set-uid root');
  } finally {
    putBack();
  }
});

test('with a pkexec on a file system that is mounted nosuid likewise', async ({ start }) => {
  const putBack = mountNosuid();
  try {
    await expectReadOnly(await start(), 'pkexec is mounted nosuid', 'is mounted with nosuid');
  } finally {
    putBack();
  }
});

test('without a system bus likewise', async ({ start }) => {
  const putBack = coverPolkit();
  try {
    await expectReadOnly(await start(), 'no system bus', 'The system bus is not running');
  } finally {
    putBack();
  }
});

test('with binfmt_misc mounted read-only likewise', async ({ start }) => {
  // In our mount namespace alone.
  execFileSync('mount', ['-o', 'remount,bind,ro', BINFMT_MISC]);
  try {
    const program = await start();
    await expectReadOnly(program, 'binfmt_misc is mounted read-only', 'so not even root can change it');
  } finally {
    execFileSync('mount', ['-o', 'remount,bind,rw', BINFMT_MISC]);
  }
});

test('started with no_new_privs likewise', async ({ start, targets: [target] }) => {
  const program = await start({ noNewPrivileges: true });
  await expectReadOnly(program, 'no_new_privs is set', 'forbids it ever to become root (no_new_privs');
  await expectToFindAndInspect(program, target);
});

test('a request that reaches a read-only program all the same changes nothing', async ({
  start,
  targets,
}) => {
  await setPolicy('granted');
  const before = readRegistry();
  const { page } = await start({ noNewPrivileges: true });
  const result = await page.evaluate(
    (names) => window.binfmt.change({ kind: 'register', targets: names }),
    [...targets],
  );
  expect(result).toMatchObject({ kind: 'failed', undo: null });
  expect(result.message).toContain('no_new_privs');
  expect(readRegistry()).toEqual(before);
});

test('where pkexec is gone since the start the message says so', async ({ start, targets: [target] }) => {
  const program = await start();
  const putBack = removePkexec();
  try {
    await program.switchOf(target).click();
    await expect(program.alert).toContainText('pkexec is not installed');
    await expect(program.switchOf(target)).not.toBeChecked();
  } finally {
    putBack();
  }
});

test('without polkit the message says so', async ({ start, targets: [target] }) => {
  const before = readRegistry();
  const program = await start();
  const putBack = coverPolkit();
  try {
    await program.switchOf(target).click();
    await expect(program.alert).toContainText('The service polkit is not running.');
    await expect(program.switchOf(target)).not.toBeChecked();
    expect(readRegistry()).toEqual(before);
  } finally {
    putBack();
  }
});

async function expectReadOnly(program: Program, short: string, reason: string): Promise<void> {
  await expect(program.page.getByText(`read-only: ${short}`, { exact: true })).toBeVisible();
  const notice = program.page.getByRole('region', { name: 'You can look, but not change anything' });
  await expect(notice).toContainText(reason);
  const switches = program.page.getByRole('switch');
  await expect.poll(() => switches.count()).toBeGreaterThan(30);
  for (const one of await switches.all()) await expect(one).toBeDisabled();
  for (const name of ['Register all', 'Reset all']) await expect(program.button(name)).toBeDisabled();
}

async function expectToFindAndInspect(program: Program, target: string): Promise<void> {
  await program.page.getByRole('searchbox', { name: 'Search targets' }).fill(target);
  await expect(program.header(target)).toBeVisible();
  await expect(program.header('aarch64')).toBeHidden();
  await program.header(target).click();
  await expect(program.detailsOf(target)).toContainText(`/usr/local/bin/qemu-${target}-static`);
}
