import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { familyOfMachine, targets } from '../../electron/binfmt/targets.ts';
import {
  chooseImport,
  chooseRadio,
  expect,
  exportDialog,
  exportTo,
  openExport,
  test,
} from '../support/exchange-window.ts';
import type { Program } from '../support/program.ts';
import { listEntries, readRegistry, register, writeToEntry } from '../support/registry.ts';

const foreign = targets
  .filter(({ family }) => family !== familyOfMachine(os.machine()))
  .map(({ name }) => name);
const files = (program: Program) =>
  exportDialog(program).getByRole('list', { name: 'Files to write' }).getByRole('listitem');
const notes = (program: Program) => exportDialog(program).getByRole('list', { name: 'Good to know' });

async function enable(program: Program, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await program.switchOf(name).click();
    await expect(program.row(name)).toContainText('Enabled');
  }
}

test.describe('all targets', () => {
  test('for systemd are what qemu-binfmt-conf.sh --systemd ALL writes, byte for byte', async ({
    program,
    directory,
  }) => {
    const dialog = await openExport(program);
    await expect(dialog.getByRole('radio', { name: 'All targets, registered or not' })).toBeChecked();
    await dialog.getByRole('textbox', { name: 'Directory' }).fill('/usr/bin');
    await dialog.getByRole('textbox', { name: 'Suffix' }).fill('-static');
    await expect(dialog.getByRole('checkbox', { name: 'Persistent' })).toBeChecked();
    await expect(files(program)).toHaveCount(foreign.length);
    await expect(notes(program)).toContainText('Left out, as qemu-binfmt-conf.sh does it');
    await exportTo(program, directory);

    await expect(program.status).toContainText(`Exported ${foreign.length} files to ${directory}`);
    await expect(dialog).toBeHidden();
    expect([...readdirSync(directory)].sort()).toEqual(foreign.map((name) => `qemu-${name}.conf`).sort());
    expect(readFileSync(path.join(directory, 'qemu-aarch64.conf'), 'utf8')).toBe(
      `${String.raw`:qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64-static:F`}\n`,
    );
    expect(listEntries()).toEqual([]);
  });

  test('for binfmt-support have the flags that were chosen', async ({ program, directory }) => {
    const dialog = await openExport(program);
    await chooseRadio(dialog, /^update-binfmts templates/);
    await dialog.getByRole('textbox', { name: 'Directory' }).fill('/opt/my qemu');
    await dialog.getByRole('textbox', { name: 'Suffix' }).fill('');
    await dialog.getByRole('checkbox', { name: 'Persistent' }).uncheck();
    await dialog.getByRole('checkbox', { name: 'Credentials' }).check();
    await exportTo(program, directory);
    await expect(program.status).toContainText(`Exported ${foreign.length} files`);
    expect(readFileSync(path.join(directory, 'qemu-s390x'), 'utf8')).toBe(
      [
        'package qemu-s390x',
        'interpreter /opt/my qemu/qemu-s390x',
        String.raw`magic \x7fELF\x02\x02\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x16`,
        String.raw`mask \xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff`,
        'credentials yes',
        'preserve no',
        'fix_binary no',
        '',
      ].join('\n'),
    );

    // What was chosen is there when the window is asked to export again.
    const again = await openExport(program);
    await expect(again.getByRole('textbox', { name: 'Directory' })).toHaveValue('/opt/my qemu');
    await expect(again.getByRole('radio', { name: /^update-binfmts templates/ })).toBeChecked();
  });

  test('are for another machine, with its own family where that is wanted', async ({ program }) => {
    const dialog = await openExport(program);
    await dialog.getByRole('textbox', { name: 'For a machine' }).fill('aarch64');
    await expect(files(program).filter({ hasText: /^qemu-x86_64\.conf$/ })).toHaveCount(1);
    await expect(files(program).filter({ hasText: /^qemu-arm\.conf$/ })).toHaveCount(0);
    await expect(notes(program)).toContainText('that machine (aarch64) runs them itself: arm, aarch64.');
    await dialog.getByRole('checkbox', { name: 'Also targets it may run itself' }).check();
    await expect(files(program).filter({ hasText: /^qemu-arm\.conf$/ })).toHaveCount(1);
    await expect(notes(program)).toContainText('that machine (aarch64) runs them itself: aarch64.');
    await dialog.getByRole('textbox', { name: 'For a machine' }).fill('nonsense');
    await expect(dialog).toContainText('QEMU knows no machine “nonsense”.');
    await program.expectNoAccessibilityViolation();
  });

  test('can have the emulators that are installed here', async ({ program }) => {
    const dialog = await openExport(program);
    await chooseRadio(dialog, 'The best one found');
    await dialog.getByText('What they will say').click();
    await expect(dialog.getByRole('region', { name: 'What is in them' })).toContainText(
      '/usr/local/bin/qemu-s390x-static',
    );
  });

  test('with nonsense for a directory are not written, and why is said', async ({ program }) => {
    const dialog = await openExport(program);
    await dialog.getByRole('textbox', { name: 'Directory' }).fill('usr/bin');
    await expect(dialog).toContainText('The directory must be an absolute path');
    await expect(dialog.getByRole('button', { name: 'Export…' })).toBeDisabled();
  });
});

test('one target can be exported with one file for its interpreter', async ({ program }) => {
  await program.chooseFromMenu('s390x', 'Export…');
  const dialog = exportDialog(program);
  await chooseRadio(dialog, 'One file');
  await dialog.getByRole('textbox', { name: 'File' }).fill('/opt/my emulator');
  await dialog.getByText('What it will say').click();
  await expect(dialog.getByRole('region', { name: 'What is in them' })).toContainText(':/opt/my emulator:');
  // It is no emulator of several CPUs.
  await chooseRadio(dialog, 'All targets, registered or not');
  await expect(dialog.getByRole('radio', { name: 'One file' })).toHaveCount(0);
  await expect(dialog.getByRole('radio', { name: 'By directory and suffix' })).toBeChecked();
});

test('an export, Reset all and an import leave the identical directory', async ({ program, directory }) => {
  const file = path.join(directory, 'registrations.json');
  register(':jar:E::jar::/bin/true:');
  await enable(program, 's390x', 'arm', 'aarch64', 'hppa');
  register('|$(touch pwned)|M||\\x01\\x02|\\xff\\x0f|/bin/a:b|P');
  writeToEntry('qemu-arm', '0');
  writeToEntry('jar', '0');
  await expect(program.row('jar')).toContainText('Disabled');
  const before = readRegistry();

  const dialog = await openExport(program);
  await expect(dialog.getByRole('radio', { name: 'All registered (6)' })).toBeChecked();
  await chooseRadio(dialog, /^JSON/);
  await expect(files(program)).toHaveText(['binfmt-registrations.json']);
  await exportTo(program, file);
  await expect(program.status).toContainText(`Exported to ${file}`);

  await program.resetAll();
  await expect(program.status).toContainText('Removed 4 registrations');
  for (const name of ['jar', '$(touch pwned)']) await program.chooseFromMenu(name, 'Unregister');
  await expect.poll(listEntries).toEqual([]);

  const importing = await chooseImport(program, file);
  await expect(importing).toContainText('6 to add');
  await importing.getByRole('button', { name: 'Import' }).click();
  await expect(program.status).toContainText('Changed 6 registrations');
  expect(readRegistry()).toEqual(before);
  expect(existsSync('pwned')).toBe(false);

  const again = await chooseImport(program, file);
  await expect(again).toContainText('Everything is registered like this already.');
  await expect(again.getByRole('button', { name: 'Import' })).toBeDisabled();
});

test('a .conf file for all of them brings them back in their order', async ({ program, directory }) => {
  const file = path.join(directory, 'all.conf');
  // In the order of their names the other would come first.
  register(':b:M::\\x01\\x02::/bin/true:');
  register(':a:M::\\x01::/bin/false:');
  await enable(program, 'arm');
  const before = readRegistry();
  const dialog = await openExport(program);
  await expect(files(program)).toHaveText(['a.conf', 'b.conf', 'qemu-arm.conf']);
  await expect(notes(program)).toContainText('in the order of their names');
  await dialog.getByRole('checkbox', { name: /^All in one file/ }).check();
  await expect(files(program)).toHaveText(['binfmt-registrations.conf']);
  await expect(notes(program)).toBeHidden();
  await exportTo(program, file);
  await expect(program.status).toContainText('Exported to');

  for (const name of listEntries()) writeToEntry(name, '-1');
  const importing = await chooseImport(program, file);
  await expect(importing).toContainText('3 to add');
  await importing.getByRole('button', { name: 'Import' }).click();
  await expect.poll(readRegistry).toEqual(before);
});

test('a shell script does what the window did, without the program', async ({ program, directory }) => {
  const file = path.join(directory, 'mine.sh');
  await enable(program, 'arm');
  const before = readRegistry();
  await program.chooseFromMenu('arm', 'Export…');
  const dialog = exportDialog(program);
  await expect(dialog.getByRole('radio', { name: 'Selected (1)' })).toBeChecked();
  await expect(dialog.getByRole('radio', { name: 'As registered now' })).toBeChecked();
  await chooseRadio(dialog, /^Shell script/);
  await dialog.getByText('What it will say').click();
  await expect(dialog.getByRole('region', { name: 'What is in them' })).toContainText("entry 'qemu-arm'");
  await exportTo(program, file);
  await expect(program.status).toContainText(`Exported to ${file}`);
  expect(statSync(file).mode & 0o111).toBe(0o111);

  writeToEntry('qemu-arm', '-1');
  execFileSync(file);
  expect(readRegistry()).toEqual(before);
});

test('what is selected is exported, with options where nothing of it is registered', async ({
  program,
  directory,
}) => {
  await program.resize(1500, 860);
  await program.header('alpha').click();
  await program.header('armeb').click({ modifiers: ['Shift'] });
  await program.selectionBar.getByRole('button', { name: 'Export…' }).click();
  const dialog = exportDialog(program);
  await expect(dialog.getByRole('radio', { name: 'Selected (3)' })).toBeChecked();
  await expect(dialog.getByRole('radio', { name: 'With these options' })).toBeChecked();
  await expect(files(program)).toHaveText(['qemu-alpha.conf', 'qemu-arm.conf', 'qemu-armeb.conf']);
  await chooseRadio(dialog, 'As registered now');
  await expect(dialog).toContainText('Nothing of what is selected is registered.');
  await expect(dialog.getByRole('button', { name: 'Export…' })).toBeDisabled();
  await chooseRadio(dialog, 'With these options');
  await exportTo(program, directory);
  await expect(program.status).toContainText('Exported 3 files');
});

test('what a format cannot say is told, and what changes meanwhile shows', async ({ program }) => {
  await enable(program, 'arm');
  const dialog = await openExport(program);
  await expect(files(program)).toHaveText(['qemu-arm.conf']);
  writeToEntry('qemu-arm', '0');
  await expect(notes(program)).toContainText('qemu-arm is disabled, which a .conf file cannot say');
  register('|x y|E||xy||/bin/a:b|');
  await expect(files(program)).toHaveText(['qemu-arm.conf', 'x y.conf']);
  await chooseRadio(dialog, /^update-binfmts templates/);
  await expect(notes(program)).toContainText('What holds a colon cannot be registered by binfmt-support.');
  await expect(files(program)).toHaveText(['qemu-arm']);
});

test.describe('files that are there already', () => {
  const old = 'somebody’s own\n';

  test('are asked about, left alone on Cancel, and replaced on Replace', async ({ program, directory }) => {
    await enable(program, 'alpha', 'arm');
    const file = path.join(directory, 'qemu-arm.conf');
    writeFileSync(file, old);
    await openExport(program);
    await exportTo(program, directory);
    const question = program.page.getByRole('alertdialog', { name: 'Replace this file?' });
    await expect(question).toContainText(directory);
    await expect(question.getByRole('listitem')).toHaveText(['qemu-arm.conf']);
    await program.expectNoAccessibilityViolation();
    await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect(question).toBeHidden();
    await expect(exportDialog(program)).toBeVisible();
    expect(readdirSync(directory)).toEqual(['qemu-arm.conf']);
    expect(readFileSync(file, 'utf8')).toBe(old);

    await exportTo(program, directory);
    await question.getByRole('button', { name: 'Replace' }).click();
    await expect(program.status).toContainText(`Exported 2 files to ${directory}`);
    expect([...readdirSync(directory)].sort()).toEqual(['qemu-alpha.conf', 'qemu-arm.conf']);
    expect(readFileSync(file, 'utf8')).toMatch(/^:qemu-arm:M:/);
  });

  test('that came while a person was asked are not replaced', async ({ program, directory }) => {
    await enable(program, 'alpha', 'arm');
    writeFileSync(path.join(directory, 'qemu-arm.conf'), old);
    await openExport(program);
    await exportTo(program, directory);
    const question = program.page.getByRole('alertdialog', { name: 'Replace this file?' });
    await expect(question).toBeVisible();
    writeFileSync(path.join(directory, 'qemu-alpha.conf'), old);
    await question.getByRole('button', { name: 'Replace' }).click();
    const failure = exportDialog(program).getByRole('alert');
    await expect(failure).toContainText(`1 of 2 files could not be written to ${directory}.`);
    await expect(failure).toContainText('qemu-alpha.conf was not written: file already exists.');
    expect(readFileSync(path.join(directory, 'qemu-alpha.conf'), 'utf8')).toBe(old);
    expect(readFileSync(path.join(directory, 'qemu-arm.conf'), 'utf8')).toMatch(/^:qemu-arm:M:/);
    expect(readdirSync(directory)).toHaveLength(2);
  });

  test('are left as they were where the new one cannot be put in their place', async ({
    program,
    directory,
  }) => {
    await enable(program, 'arm');
    const inTheWay = path.join(directory, 'in-the-way');
    mkdirSync(inTheWay);
    const dialog = await openExport(program);
    await exportTo(program, inTheWay);
    await expect(dialog.getByRole('alert')).toContainText(`${inTheWay} was not written: `);
    await exportTo(program, path.join(directory, 'missing', 'a.conf'));
    await expect(dialog.getByRole('alert')).toContainText('no such file or directory');
    expect(readdirSync(directory)).toEqual(['in-the-way']);
    // Choosing no place is not a failure.
    await exportTo(program, null);
    await expect(dialog.getByRole('alert')).toBeHidden();
    await expect(dialog).toBeVisible();
  });
});

test('a disk that is full leaves the old file whole, and nothing behind', async ({ program, directory }) => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', directory]);
  try {
    const file = path.join(directory, 'all.json');
    writeFileSync(file, 'old\n');
    const dialog = await openExport(program);
    await chooseRadio(dialog, /^JSON/);
    await exportTo(program, file);
    await expect(dialog.getByRole('alert')).toContainText(
      `${file} was not written: no space left on device.`,
    );
    expect(readdirSync(directory)).toEqual(['all.json']);
    expect(readFileSync(file, 'utf8')).toBe('old\n');
  } finally {
    execFileSync('umount', [directory]);
  }
});

test('hostile names are files of their names, and nothing in them is executed', async ({
  program,
  directory,
}) => {
  const names = ['$(touch pwned)', '-rf', "a'b`touch pwned`", '<img src=x onerror=alert(1)>', 'line\nbreak'];
  for (const [index, name] of names.entries()) register(`|${name}|E||hostile${index}||/bin/true|`);
  await expect(program.formats.getByRole('rowheader')).toHaveCount(names.length);
  const dialog = await openExport(program);
  const written = names.slice(0, -1).map((name) => `${name}.conf`);
  await expect(files(program)).toHaveCount(written.length);
  expect([...(await files(program).allTextContents())].sort()).toEqual([...written].sort());
  await expect(notes(program)).toContainText('A line break in it cannot be written into a line.');
  await exportTo(program, directory);
  await expect(program.status).toContainText(`Exported ${written.length} files`);
  expect([...readdirSync(directory)].sort()).toEqual([...written].sort());
  await expect(dialog).toBeHidden();
  for (const place of [process.cwd(), '/', '/tmp', directory])
    expect(existsSync(`${place}/pwned`)).toBe(false);
});

test('everything can be done from the keyboard alone', async ({ program, directory }) => {
  const { keyboard } = program.page;
  const file = path.join(directory, 'typed.json');
  await enable(program, 'arm');
  await program.answerFileDialogs(file);
  await program.press('E', 'control');
  const dialog = exportDialog(program);
  await expect(dialog.getByRole('radio', { name: 'All registered (1)' })).toBeFocused();
  await keyboard.press('Tab');
  await expect(dialog.getByRole('radio', { name: 'As registered now' })).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.press('ArrowUp');
  await expect(dialog.getByRole('radio', { name: /^JSON/ })).toBeChecked();
  await expect(files(program)).toHaveText(['binfmt-registrations.json']);
  // The list of files, what is in them, Cancel.
  for (let stop = 0; stop < 3; stop++) await keyboard.press('Tab');
  await keyboard.press('Tab');
  await expect(dialog.getByRole('button', { name: 'Export…' })).toBeFocused();
  await keyboard.press('Enter');
  await expect(program.status).toContainText(`Exported to ${file}`);
  expect(existsSync(file)).toBe(true);
});

test('Show in folder shows the file', async ({ program, directory }) => {
  const file = path.join(directory, 'one.json');
  await enable(program, 'arm');
  const dialog = await openExport(program);
  await chooseRadio(dialog, /^JSON/);
  await exportTo(program, file);
  await program.app.evaluate(({ shell }) => {
    shell.showItemInFolder = (shown) => {
      Object.assign(globalThis, { shown });
    };
  });
  await program.button('Show in folder').click();
  await expect.poll(() => program.app.evaluate(() => (globalThis as { shown?: string }).shown)).toBe(file);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the dialog, ${colorScheme}, and it fits 720 px`, async ({ program }) => {
    await program.page.emulateMedia({ colorScheme });
    await program.resize(720, 600);
    await enable(program, 'arm');
    const dialog = await openExport(program);
    await expect(files(program)).toHaveCount(1);
    await program.expectNoAccessibilityViolation();
    await chooseRadio(dialog, 'All targets, registered or not');
    await expect(files(program)).toHaveCount(foreign.length);
    await dialog.getByText('What they will say').click();
    await program.expectNoAccessibilityViolation();
    await expect(dialog.getByRole('button', { name: 'Export…' })).toBeInViewport({ ratio: 1 });
    expect(
      await dialog.locator('.form-dialog-body').evaluate((body) => body.scrollWidth - body.clientWidth),
    ).toBe(0);
  });
}
