import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runForeignProgram } from '../support/foreign-program.ts';
import { coverBinfmtMisc } from '../support/mounts.ts';
import { makeOpenDirectory } from '../support/open-directory.ts';
import { expect, type Program, test } from '../support/program.ts';
import { register } from '../support/registry.ts';

const busybox = path.join(process.env.TEST_PROGRAMS ?? '', 'arm64/bin/busybox');

/** Asks about a file that is chosen in the system's dialog; where that is out of reach it is dropped. */
async function explain(program: Program, file: string): Promise<void> {
  if (program.isInstalled) return program.drop(file);
  await program.answerFileDialogs(file);
  await program.button('Explain a file…').click();
}

const dialogOf = (program: Program) => program.page.getByRole('dialog', { name: /^Why does this file/ });

test('an arm64 program is explained, and the fix is a button', async ({ program }) => {
  await explain(program, busybox);
  const dialog = dialogOf(program);
  await expect(dialog).toContainText('AArch64');
  await expect(dialog.getByRole('heading', { name: 'Why does this file not run?' })).toBeVisible();
  await program.expectNoAccessibilityViolation();

  await dialog.getByRole('button', { name: 'Register aarch64' }).click();
  await expect(dialog.getByRole('heading', { name: 'Why does this file run?' })).toBeVisible();
  await expect(dialog).toContainText('qemu-aarch64 takes it');
  await program.expectNoAccessibilityViolation();
  expect(runForeignProgram('uname', '-m')).toBe('aarch64');
});

test('a disabled entry and a missing mount have their buttons too', async ({ program }) => {
  await program.switchOf('aarch64').click();
  await expect(program.row('aarch64')).toContainText('Enabled');
  await program.switchOf('aarch64').click();
  await expect(program.row('aarch64')).toContainText('Disabled');
  await explain(program, busybox);
  const dialog = dialogOf(program);
  await dialog.getByRole('button', { name: 'Enable' }).click();
  await expect(dialog.getByRole('heading', { name: 'Why does this file run?' })).toBeVisible();
  await program.button('Close explanation').click();

  coverBinfmtMisc();
  await expect(program.page.getByRole('region', { name: 'binfmt_misc is not mounted' })).toBeVisible();
  await explain(program, busybox);
  await dialog.getByRole('button', { name: 'Mount' }).click();
  await expect(dialog.getByRole('heading', { name: 'Why does this file run?' })).toBeVisible();
});

test('a file that is dropped on the window is explained', async ({ program }) => {
  await program.drop(busybox);
  await expect(dialogOf(program)).toContainText(busybox);
  await program.page.keyboard.press('Escape');
  await expect(dialogOf(program)).toBeHidden();
});

test('directories, empty and tiny files, scripts and native programs get proper answers', async ({
  program,
}) => {
  const directory = makeOpenDirectory();
  const make = (name: string, content: string): string => {
    const file = path.join(directory, name);
    writeFileSync(file, content, { mode: 0o755 });
    return file;
  };
  mkdirSync(path.join(directory, 'folder'));
  register(':scripty:E::scripty::/bin/true:');
  const answers: readonly (readonly [string, string | RegExp])[] = [
    [path.join(directory, 'folder'), 'directory'],
    [make('empty', ''), 'empty file'],
    [make('tiny', 'abc'), 'text without a #! line'],
    [make('script', '#!/bin/sh -e\n'), 'script for /bin/sh with the argument “-e”'],
    [make('one.scripty', 'x'), 'scripty takes it'],
    ['/bin/bash', 'AMD x86-64'],
  ];
  for (const [file, answer] of answers) {
    await explain(program, file);
    await expect(dialogOf(program)).toContainText(answer);
    await program.expectNoAccessibilityViolation();
    await program.button('Close explanation').click();
  }
  rmSync(directory, { recursive: true });
});
