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

/** Drags files into the window, and drops them there or takes them out again. */
async function drag(
  program: Program,
  files: readonly string[],
  ...steps: readonly ('enter' | 'drop' | 'leave')[]
): Promise<void> {
  const session = await program.page.context().newCDPSession(program.page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  const send = (type: 'dragEnter' | 'dragOver' | 'drop', x: number): Promise<unknown> =>
    session.send('Input.dispatchDragEvent', { type, x, y: 300, data });
  for (const step of steps) {
    if (step === 'enter') await send('dragEnter', 300);
    await (step === 'drop' ? send('drop', 300) : send('dragOver', step === 'leave' ? -20 : 300));
  }
}

test('a file that is dropped on the window is explained', async ({ program }) => {
  await drag(program, [busybox], 'enter', 'drop');
  await expect(dialogOf(program)).toContainText(busybox);
  await expect(dialogOf(program)).not.toContainText('dropped with it');
  await program.page.keyboard.press('Escape');
  await expect(dialogOf(program)).toBeHidden();
});

test('while a file is held over the window, that says what it can be dropped for', async ({ program }) => {
  const hint = program.page.getByText('Drop a file to see why it runs or not');
  await drag(program, [busybox], 'enter');
  await expect(hint).toBeVisible();
  await program.expectNoAccessibilityViolation();
  await drag(program, [busybox], 'leave');
  await expect(hint).toBeHidden();

  await drag(program, [busybox], 'enter', 'drop');
  await expect(dialogOf(program)).toBeVisible();
  await expect(hint).toBeHidden();
  await drag(program, ['/bin/true'], 'enter');
  await expect(hint).toBeVisible();
  await drag(program, ['/bin/true'], 'drop');
  await expect(dialogOf(program)).toContainText('/bin/true');
});

test('of several files that are dropped one is explained, and that is said', async ({ program }) => {
  await drag(program, [busybox, '/bin/true'], 'enter', 'drop');
  await expect(dialogOf(program)).toContainText(busybox);
  await expect(dialogOf(program)).toContainText('One file was dropped with it.');
  await dialogOf(program).getByRole('button', { name: 'Register aarch64' }).click();
  await expect(dialogOf(program).getByRole('heading', { name: 'Why does this file run?' })).toBeVisible();
  await expect(dialogOf(program)).toContainText('One file was dropped with it.');
});

test('the steps of a file are its own, also where they led in a circle before', async ({
  program,
  userData,
}) => {
  const [one, other] = [path.join(userData, 'one'), path.join(userData, 'other')];
  writeFileSync(one, `#!${other}\n`, { mode: 0o755 });
  writeFileSync(other, `#!${one}\n`, { mode: 0o755 });
  const steps = dialogOf(program).locator('.explain-step');
  await explain(program, one);
  await expect(dialogOf(program)).toContainText('Too many levels of symbolic links');
  expect(await steps.count()).toBeGreaterThan(4);
  if (program.isInstalled) await program.drop('/bin/true');
  else {
    await program.answerFileDialogs('/bin/true');
    await program.button('Explain another file…').click();
  }
  await expect(dialogOf(program)).toContainText('/bin/true');
  await expect(steps).toHaveCount(1);
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
