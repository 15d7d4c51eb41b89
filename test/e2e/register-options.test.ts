import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { makeOpenDirectory } from '../support/open-directory.ts';
import { test as base, expect, Program } from '../support/program.ts';
import {
  BINFMT_MISC,
  listEntries,
  readEntry,
  readRegistry,
  register,
  writeToEntry,
} from '../support/registry.ts';

const emulator = (target: string): string => `/usr/local/bin/qemu-${target}-static`;
const foreignProgram = path.join(process.env.TEST_PROGRAMS ?? '', 'arm64/bin/busybox');

/** As `emulators`, a directory of its own for QEMU. */
const test = base.extend<{ readonly emulators: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern here, also of nothing.
  emulators: async ({}, use) => {
    const directory = makeOpenDirectory();
    await use(directory);
    rmSync(directory, { recursive: true });
  },
});

/** Words for what a person does in the dialog. */
class Options {
  constructor(readonly dialog: Locator) {}

  static async of(program: Program, target: string): Promise<Options> {
    return new Options(await program.openOptionsOf(target));
  }

  way = (name: string): Promise<void> => this.dialog.getByRole('radio', { name, exact: true }).click();
  flag = (name: string): Locator => this.dialog.getByRole('checkbox', { name });
  field = (name: string): Locator => this.dialog.getByRole('textbox', { name, exact: true });
  button = (name: string): Locator => this.dialog.getByRole('button', { name, exact: true });

  /** The register line as it is shown, of the one target there is. */
  get line(): Locator {
    return this.dialog.getByRole('region', { name: 'Register line, as it will be' }).locator('pre');
  }

  async directoryAndSuffix(directory: string, suffix: string): Promise<void> {
    await this.way('By directory and suffix');
    await this.field('Directory').fill(directory);
    await this.field('Suffix').fill(suffix);
  }

  async file(file: string): Promise<void> {
    await this.way('One file');
    await this.field('File').fill(file);
  }
}

/** What the kernel makes of a line, by itself. */
function whatTheKernelMakesOf(line: string, name: string): string | null {
  writeToEntry(name, '-1');
  register(line);
  return readEntry(name);
}

test('directory and suffix make the line that is shown, and the kernel says the same', async ({
  program,
  emulators,
}) => {
  copyFileSync(emulator('arm'), path.join(emulators, 'qemu-arm-mine'));
  const options = await Options.of(program, 'arm');
  await expect(options.dialog).toContainText(emulator('arm'));
  await expect(options.line).toContainText(`:${emulator('arm')}:F`);
  await options.directoryAndSuffix(emulators, '-mine');
  await expect(options.line).toContainText(`:${emulators}/qemu-arm-mine:F`);
  const line = (await options.line.textContent()) ?? '';
  await options.dialog.getByText('What will run').click();
  await expect(options.dialog.locator('.script pre')).toContainText(`register '${line}'`);

  await options.button('Register').click();
  await expect(program.status).toContainText('Registered arm');
  await expect(options.dialog).toBeHidden();
  const registered = readEntry('qemu-arm');
  expect(registered).toContain(`\ninterpreter ${emulators}/qemu-arm-mine\nflags: F\n`);
  expect(whatTheKernelMakesOf(line, 'qemu-arm')).toBe(registered);
});

test('flags are the kernel’s, each with what it means and a warning where it is due', async ({ program }) => {
  const options = await Options.of(program, 'arm');
  await expect(options.flag('Persistent')).toBeChecked();
  await expect(options.flag('Credentials')).not.toBeChecked();
  await expect(options.flag('Preserve argv[0]')).not.toBeChecked();
  await options.flag('Persistent').uncheck();
  await expect(options.flag('Persistent')).toHaveAccessibleDescription(/mostly finds none there/);
  await options.flag('Credentials').check();
  await expect(options.flag('Credentials')).toHaveAccessibleDescription(/A risk: a set-uid program of root/);
  await options.flag('Preserve argv[0]').check();
  await expect(options.line).toContainText(/:OCP$/);
  await options.button('Register').click();
  await expect(program.status).toContainText('Registered arm');
  expect(readEntry('qemu-arm')).toContain('\nflags: POC\n');
});

test('Preserve argv[0] follows the interpreter until a person decides', async ({ program, emulators }) => {
  const debians = path.join(emulators, 'arm-binfmt-P');
  copyFileSync(emulator('arm'), debians);
  const options = await Options.of(program, 'arm');
  await options.file(debians);
  await expect(options.flag('Preserve argv[0]')).toBeChecked();
  await expect(options.line).toContainText(/:FP$/);
  await options.flag('Preserve argv[0]').uncheck();
  await expect(options.line).toContainText(/:F$/);
  await expect(options.dialog).toContainText('programs lose their first argument');
  await options.button('Follow the interpreter').click();
  await expect(options.flag('Preserve argv[0]')).toBeChecked();
  await options.file(emulator('arm'));
  await expect(options.flag('Preserve argv[0]')).not.toBeChecked();
});

test('what is wrong with an interpreter is said in words, before it is registered', async ({
  program,
  emulators,
}) => {
  const notExecutable = path.join(emulators, 'not-executable');
  writeFileSync(notExecutable, '');
  chmodSync(notExecutable, 0o644);
  const options = await Options.of(program, 'arm');
  const problems = [
    ['qemu-arm-static', /must be an absolute path/],
    ['/nonexistent/qemu-arm', /\/nonexistent\/qemu-arm is not there, and the kernel opens it at once/],
    [notExecutable, /is not an executable file, and the kernel opens it at once/],
    [foreignProgram, /is a program for AArch64, which this machine \(\S+\) cannot run/],
    [process.execPath, /is not static: in most containers it does not find its own loader/],
    [`/${'x'.repeat(1900)}`, /the kernel takes at most 1920/],
  ] as const;
  for (const [file, sentence] of problems) {
    await options.file(file);
    await expect(options.dialog).toContainText(sentence);
  }
  await expect(options.button('Register')).toBeDisabled();

  await options.flag('Persistent').uncheck();
  await options.file('/nonexistent/qemu-arm');
  await expect(options.dialog).toContainText('programs run only where it is, such as in a container');
  await expect(options.button('Register')).toBeEnabled();
  await options.directoryAndSuffix('usr/bin', '');
  await expect(options.dialog).toContainText('The directory must be an absolute path');
  await options.directoryAndSuffix('/usr/local/bin', '/../x');
  await expect(options.dialog).toContainText('must not contain a slash');
  await expect(options.button('Register')).toBeDisabled();
  expect(listEntries()).toEqual([]);
});

test('what the kernel refuses leaves the old entry as it is, and the dialog says why', async ({
  program,
}) => {
  await program.switchOf('arm').click();
  await expect(program.row('arm')).toContainText('Enabled');
  const before = readEntry('qemu-arm');
  const options = await Options.of(program, 'arm');
  await expect(options.dialog.getByRole('region', { name: 'Registered now' })).toContainText(emulator('arm'));
  await options.file('/nonexistent/qemu-arm');
  await options.button('Replace').click();
  const alert = options.dialog.getByRole('alert');
  await expect(alert).toContainText('its interpreter /nonexistent/qemu-arm is not there');
  await expect(alert).toContainText('qemu-arm stays as it was');
  expect(readRegistry()).toEqual([['qemu-arm', before]]);
  await expect(options.button('Replace')).toBeFocused();

  // What was typed is still there to be mended, and the reason goes with what it was about.
  await options.field('File').fill(emulator('armeb'));
  await expect(alert).toBeHidden();
  await options.button('Replace').click();
  await expect(program.status).toContainText('Registered arm');
  expect(readEntry('qemu-arm')).toContain(`interpreter ${emulator('armeb')}\n`);
  await program.button('Undo').click();
  await expect(program.status).toContainText('Put back qemu-arm');
  expect(readRegistry()).toEqual([['qemu-arm', before]]);
});

test('what is registered already is a question: keep or replace', async ({ program }) => {
  register(
    `:qemu-ppc:M::\\x7fELF\\x01\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x14::${emulator('ppc')}:OC`,
  );
  writeToEntry('qemu-ppc', '0');
  await expect(program.row('ppc')).toContainText('Disabled');
  const before = readEntry('qemu-ppc');
  const open = async (): Promise<Options> => {
    await program.header('ppc').click();
    await program.header('ppc64le').click({ modifiers: ['Shift'] });
    await program.selectionBar.getByRole('button', { name: 'Register with options…' }).click();
    return new Options(program.page.getByRole('dialog', { name: 'Register 3 targets with options' }));
  };
  const first = await open();
  await expect(first.dialog).toContainText('1 of the 3 is registered already');
  await expect(first.dialog.getByRole('radio', { name: 'One file' })).toHaveCount(0);
  await expect(first.dialog.getByRole('listitem').filter({ hasText: 'stays as it is' })).toHaveCount(1);
  await first.button('Register 2').click();
  await expect(program.status).toContainText('Registered 2 targets');
  expect(readEntry('qemu-ppc')).toBe(before);
  expect(readEntry('qemu-ppc64')).toContain('flags: F\n');

  const second = await open();
  await second.flag('Persistent').uncheck();
  // All are registered now: to keep them would be to do nothing.
  await second.button('Replace 3').click();
  await expect(program.status).toContainText('Registered 3 targets');
  expect(readEntry('qemu-ppc64')).toContain('flags: \n');
  // What was disabled stays so.
  expect(readEntry('qemu-ppc')).toMatch(/^disabled\n/);
  expect(readEntry('qemu-ppc')).not.toContain('flags: OC');
  expect(await program.pastChanges()).toEqual(['Registered 3 targets', 'Registered 2 targets']);
});

test('what somebody else registers meanwhile becomes the question at once', async ({ program }) => {
  const options = await Options.of(program, 'ppc');
  await expect(options.button('Register')).toBeVisible();
  register(
    `:mine:M::\\x7fELF\\x01\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x14::/bin/true:`,
  );
  await expect(options.dialog).toContainText('in place of mine');
  await expect(options.dialog).not.toContainText('It is the same line');
  await expect(options.button('Replace')).toBeVisible();
});

test('to replace an entry by its like is said to be just that', async ({ program }) => {
  await program.switchOf('ppc').click();
  await expect(program.row('ppc')).toContainText('Enabled');
  const options = await Options.of(program, 'ppc');
  await expect(options.dialog).toContainText('It is the same line');
  await options.flag('Persistent').uncheck();
  await expect(options.dialog).not.toContainText('It is the same line');
});

test('the last choice is remembered, a file only for its target, and plain Register stays as it is', async ({
  userData,
}) => {
  const first = await Program.start(userData);
  const options = await Options.of(first, 'arm');
  await options.directoryAndSuffix('/usr/local/bin', '-static');
  await options.flag('Credentials').check();
  await options.button('Register').click();
  await expect(first.status).toContainText('Registered arm');
  const ownFamily = await Options.of(first, 'i386');
  await ownFamily.flag('Also targets this machine runs itself').check();
  await ownFamily.button('Register').click();
  await expect(first.status).toContainText('Registered i386');
  const file = await Options.of(first, 'ppc');
  await expect(file.field('Suffix')).toHaveValue('-static');
  await expect(file.flag('Credentials')).toBeChecked();
  await file.file(emulator('ppc64'));
  await file.button('Register').click();
  await expect(first.status).toContainText('Registered ppc');
  await first.close();

  const second = await Program.start(userData);
  const again = await Options.of(second, 'ppc');
  await expect(again.field('File')).toHaveValue(emulator('ppc64'));
  await again.button('Cancel').click();
  const other = await Options.of(second, 'mips');
  await expect(other.dialog.getByRole('radio', { name: 'The best one found' })).toBeChecked();
  await expect(other.flag('Credentials')).toBeChecked();
  await expect(other.line).toContainText(`:${emulator('mips')}:OCF`);
  await other.button('Cancel').click();
  const own = await Options.of(second, 'i386');
  await expect(own.flag('Also targets this machine runs itself')).toBeChecked();
  await expect(own.line).toContainText(':qemu-i386:');
  await own.button('Cancel').click();
  await second.switchOf('mips').click();
  await expect(second.row('mips')).toContainText('Enabled');
  expect(readEntry('qemu-mips')).toContain('flags: F\n');

  // What is no choice is not remembered as one.
  await second.page.evaluate(() =>
    localStorage.setItem(
      'register-options',
      '{"interpreter":"everything","persistent":1,"credentials":"no","suffix":{},"__proto__":{"path":7}}',
    ),
  );
  const unharmed = await Options.of(second, 'm68k');
  await expect(unharmed.line).toContainText(`:${emulator('m68k')}:F`);
  await second.close();
});

test('the host’s own family is registered when that is wanted, and what takes its programs never', async ({
  program,
}) => {
  const options = await Options.of(program, 'i386');
  await expect(options.dialog).toContainText('This machine runs i386 programs itself');
  await expect(options.button('Register')).toBeDisabled();
  await options.flag('Also targets this machine runs itself').check();
  await expect(options.line).toContainText(`:${emulator('i386')}:F`);
  await options.button('Register').click();
  await expect(program.status).toContainText('Registered i386');
  expect(readEntry('qemu-i386')).toContain(`interpreter ${emulator('i386')}\n`);

  const own = await Options.of(program, 'x86_64');
  await own.flag('Also targets this machine runs itself').check();
  await expect(own.dialog).toContainText('it would take this machine’s own programs (x86_64)');
  await expect(own.button('Register')).toBeDisabled();
  await own.button('Cancel').click();
  const answer = await program.page.evaluate(() =>
    window.binfmt.change({ kind: 'register', targets: ['x86_64'], ownFamily: true }),
  );
  expect(answer).toMatchObject({ kind: 'failed' });
  expect(listEntries()).toEqual(['qemu-i386']);

  const arm = await Options.of(program, 'arm');
  await expect(arm.flag('Also targets this machine runs itself')).toHaveCount(0);
});

test('no text in a field is more than a text', async ({ program, emulators }) => {
  const hostile = [
    '$(touch pwned)',
    '`touch pwned`',
    "'; touch pwned; '",
    '":x:E::y::/bin/true:',
    '<img src=x onerror=alert(1)>',
    'ä € 🙂 \u202e',
  ];
  for (const name of hostile) {
    const directory = path.join(emulators, name.replaceAll('/', '_'));
    mkdirSync(directory);
    copyFileSync('/bin/true', path.join(directory, 'qemu-arm:|;'));
    const options = await Options.of(program, 'arm');
    await options.directoryAndSuffix(directory, ':|;');
    await expect(options.line).toContainText(`${directory}/qemu-arm:|;`);
    const line = (await options.line.textContent()) ?? '';
    await options.button('Register').click();
    await expect(program.row('arm')).toContainText('Enabled');
    const registered = readEntry('qemu-arm');
    expect(registered).toContain(`\ninterpreter ${directory}/qemu-arm:|;\n`);
    expect(whatTheKernelMakesOf(line, 'qemu-arm')).toBe(registered);
    writeToEntry('qemu-arm', '-1');
    await expect(program.row('arm')).toContainText('Not registered');
  }
  for (const directory of [process.cwd(), '/', '/tmp', emulators, BINFMT_MISC])
    expect(existsSync(`${directory}/pwned`)).toBe(false);
});

test('a file is chosen in the system’s own dialog @main-process', async ({ program }) => {
  await program.answerFileDialogs(emulator('aarch64_be'));
  const options = await Options.of(program, 'aarch64');
  await options.way('One file');
  await options.button('Choose…').click();
  await expect(options.field('File')).toHaveValue(emulator('aarch64_be'));
  await expect(options.line).toContainText(emulator('aarch64_be'));
});

test('what is typed quickly is shown as it was typed last', async ({ program }) => {
  const options = await Options.of(program, 'arm');
  await options.way('One file');
  await options.field('File').fill('');
  await options.field('File').pressSequentially('/a/path/that/is/typed/quickly');
  await expect(options.line).toContainText(':/a/path/that/is/typed/quickly:F');
  await expect(options.dialog).toContainText('/a/path/that/is/typed/quickly is not there');
});

test('it all goes from the keyboard: Enter registers, Escape closes', async ({ program }) => {
  const { keyboard } = program.page;
  const openFromMenu = async () => {
    await expect(program.button('Actions for arm')).toBeFocused();
    await keyboard.press('Enter');
    await expect(program.page.getByRole('menuitem').first()).toBeFocused();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
  };
  await program.page.getByRole('radio', { name: 'All' }).focus();
  for (const key of ['Tab', 'ArrowDown', 'ArrowDown', 'ArrowDown']) await keyboard.press(key);
  await expect(program.row('arm')).toBeFocused();
  await keyboard.press('ArrowLeft');
  await openFromMenu();
  const dialog = program.page.getByRole('dialog', { name: 'Register arm with options' });
  await expect(dialog.getByRole('radio', { name: 'The best one found' })).toBeFocused();
  await keyboard.press('ArrowRight');
  await expect(dialog.getByRole('radio', { name: 'By directory and suffix' })).toBeChecked();
  await keyboard.press('Tab');
  await expect(dialog.getByRole('textbox', { name: 'Directory' })).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await expect(dialog.getByRole('checkbox', { name: 'Credentials' })).toBeFocused();
  await keyboard.press('Space');
  await keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(program.button('Actions for arm')).toBeFocused();
  expect(listEntries()).toEqual([]);

  await openFromMenu();
  await expect(dialog.getByRole('radio', { name: 'The best one found' })).toBeFocused();
  await keyboard.press('ArrowRight');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(program.status).toContainText('Registered arm');
  await expect(dialog).toBeHidden();
  expect(readEntry('qemu-arm')).toContain(`interpreter ${emulator('arm')}\nflags: F\n`);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the dialog, and it fits into 720 px, ${colorScheme}`, async ({ program }) => {
    await program.page.emulateMedia({ colorScheme });
    await program.switchOf('arm').click();
    await expect(program.row('arm')).toContainText('Enabled');
    const options = await Options.of(program, 'arm');
    await options.flag('Credentials').check();
    await options.file('/nonexistent');
    await options.button('Replace').click();
    await expect(options.dialog.getByRole('alert')).toBeVisible();
    await program.expectNoAccessibilityViolation();
    await options.button('Cancel').click();

    await program.resize(720, 600);
    await program.header('arm').click();
    await program.page.keyboard.press('Control+a');
    await program.selectionBar.getByRole('button', { name: 'More actions for the selection' }).click();
    await program.page.getByRole('menuitem', { name: 'Register with options…' }).click();
    const many = new Options(program.page.getByRole('dialog', { name: 'Register 34 targets with options' }));
    await many.flag('Also targets this machine runs itself').check();
    await many.way('Replace');
    await expect(many.button('Register 33')).toBeInViewport({ ratio: 1 });
    await program.expectNoAccessibilityViolation();
    expect(
      await many.dialog.locator('.form-dialog-body').evaluate((body) => body.scrollWidth - body.clientWidth),
    ).toBe(0);
  });
}
