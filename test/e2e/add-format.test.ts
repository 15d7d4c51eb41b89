import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { chooseRadio, expect, test } from '../support/exchange-window.ts';
import { interpreterThatRuns, writeExecutable, writeInterpreter } from '../support/interpreters.ts';
import type { Program } from '../support/program.ts';
import { listEntries, readEntry, register, writeToEntry } from '../support/registry.ts';

/** Words for what a person does in the dialog. */
class Format {
  constructor(readonly dialog: Locator) {}

  static async open(program: Program): Promise<Format> {
    await program.button('Add a format…').click();
    return new Format(program.page.getByRole('dialog', { name: 'Add a format' }));
  }

  field = (name: string): Locator => this.dialog.getByRole('textbox', { name, exact: true });
  button = (name: string): Locator => this.dialog.getByRole('button', { name, exact: true });
  flag = (letter: string): Locator => this.dialog.getByRole('checkbox', { name: new RegExp(`^${letter}`) });

  async fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(fields)) await this.field(name).fill(text);
  }

  byExtension = (): Promise<void> => chooseRadio(this.dialog, /extension/);

  /** The register line as it is shown. */
  get line(): Locator {
    return this.dialog.getByRole('region', { name: 'Register line, as it will be' });
  }
}

/** A file that no shell takes for commands, for there must be an interpreter that takes it. */
const content = Buffer.from([0x01, 0x44, 0x45, 0x4d, 0x4f, 0x00, 0xff, 0x00, 0x0a, 0x07]);

test('a format from a sample file: its programs run, its row is selected, and Undo takes it back @main-process', async ({
  program,
  directory,
}) => {
  const interpreter = writeInterpreter(path.join(directory, 'demo-runner'));
  const sample = writeExecutable(path.join(directory, 'sample'), content);
  const other = writeExecutable(
    path.join(directory, 'other'),
    Buffer.from([0x01, 0x44, 0x45, 0x4d, 0x50, 0, 0]),
  );
  expect(interpreterThatRuns(sample)).toBeNull();

  const format = await Format.open(program);
  await expect(format.field('Name')).toBeFocused();
  await format.field('Name').fill('demo');
  await program.answerFileDialogs(sample);
  await format.button('From a sample file…').click();
  await expect(format.dialog).toContainText('data that begins with 01 44 45 4d');
  await expect(format.field('Magic')).toHaveValue('01 44 45 4d');
  const count = format.dialog.getByRole('textbox', { name: 'Number of bytes' });
  await count.fill('6');
  await count.press('Enter');
  await expect(format.field('Magic')).toHaveValue('01 44 45 4d 4f 00');
  await format.dialog.getByRole('textbox', { name: 'From byte' }).fill('1');
  await format.dialog.getByRole('textbox', { name: 'From byte' }).press('Enter');
  await expect(format.field('Magic')).toHaveValue('44 45 4d 4f 00 ff');
  await expect(format.field('Offset')).toHaveValue('1');
  await expect(format.dialog.locator('.byte-taken')).toHaveText(['44D', '45E', '4dM', '4fO', '00·', 'ff·']);

  await program.answerFileDialogs(interpreter);
  await format.button('Choose…').click();
  await expect(format.field('Interpreter')).toHaveValue(interpreter);
  const line = `:demo:M:1:\\x44\\x45\\x4d\\x4f\\x00\\xff::${interpreter}:`;
  await expect(format.line).toContainText(line);
  await format.dialog.getByText('What will run').click();
  await expect(format.dialog.locator('.script pre')).toContainText(line);
  await format.button('Register').click();

  await expect(program.status).toContainText('Registered demo');
  await expect(format.dialog).toBeHidden();
  expect(readEntry('demo')).toBe(
    `enabled\ninterpreter ${interpreter}\nflags: \noffset 1\nmagic 44454d4f00ff\n`,
  );
  expect(interpreterThatRuns(sample)).toBe(interpreter);
  expect(interpreterThatRuns(other)).toBeNull();
  expect(await program.selectedRows()).toEqual(['demo']);
  await expect(program.detailsOf('demo')).toBeVisible();
  await expect(program.row('demo')).toBeInViewport();
  await program.button('Undo').click();
  await expect.poll(listEntries).toEqual([]);
});

test('a mask leaves out what may be anything', async ({ program, directory }) => {
  const interpreter = writeInterpreter(path.join(directory, 'runner'));
  const one = writeExecutable(path.join(directory, 'one'), Buffer.from([0x01, 0x52, 0x00, 0x07, 0]));
  const two = writeExecutable(path.join(directory, 'two'), Buffer.from([0x01, 0x52, 0x63, 0x07, 0]));
  const format = await Format.open(program);
  await format.fill({
    Name: 'masked',
    Magic: String.raw`\x01R\x00\x07`,
    Mask: 'ff ff',
    Interpreter: interpreter,
  });
  await expect(format.field('Mask')).toHaveAccessibleDescription(/The mask has 2 bytes, and the magic 4/);
  await format.fill({ Mask: 'ff ff 00 ff' });
  await expect(format.dialog.getByRole('img', { name: 'Magic 01 52 00 07; mask ff ff 00 ff' })).toBeVisible();
  await format.button('Register').click();
  await expect(program.status).toContainText('Registered masked');
  for (const file of [one, two]) expect(interpreterThatRuns(file)).toBe(interpreter);
});

test('a format by extension, from a sample’s name @main-process', async ({ program, directory }) => {
  const interpreter = writeInterpreter(path.join(directory, 'runner'));
  const sample = writeExecutable(path.join(directory, 'a.demo'), content);
  const format = await Format.open(program);
  await format.byExtension();
  await program.answerFileDialogs(sample);
  await format.button('From a sample file…').click();
  await expect(format.field('Extension')).toHaveValue('demo');
  await format.fill({ Name: 'by-extension', Extension: '.demo', Interpreter: interpreter });
  await format.flag('F').check();
  await expect(format.line).toContainText(`:by-extension:E::demo::${interpreter}:F`);
  await format.button('Register').click();
  await expect(program.status).toContainText('Registered by-extension');
  expect(readEntry('by-extension')).toBe(`enabled\ninterpreter ${interpreter}\nflags: F\nextension .demo\n`);
  expect(interpreterThatRuns(sample)).toBe(interpreter);
});

test('what is wrong is said next to each field while it is typed, and nothing is said too early', async ({
  program,
}) => {
  const format = await Format.open(program);
  await expect(format.dialog.locator('[data-invalid]')).toHaveCount(0);
  await format.button('Register').click();
  await expect(format.field('Name')).toBeFocused();
  await expect(format.field('Name')).toHaveAccessibleDescription(/must not be empty/);
  await expect(format.field('Magic')).toHaveAccessibleDescription(/The magic is empty/);
  await expect(format.field('Interpreter')).toHaveAccessibleDescription(/must be an absolute path/);
  await program.expectNoAccessibilityViolation();

  await format.fill({ Name: 'ok', Magic: '00 61 73 6d', Interpreter: '/bin/true' });
  await expect(format.dialog.locator('[data-invalid]')).toHaveCount(0);
  const wrong = [
    ['Name', 'a/b', /nor contain a slash/],
    ['Name', 'register', /a file of the kernel's own/],
    ['Magic', 'f', /A byte is two hex digits/],
    ['Magic', String.raw`\x0`, /not followed by two hex digits/],
    ['Mask', 'ff', /The mask has 1 bytes, and the magic 4/],
    ['Offset', '254', /beyond the first 256 bytes/],
    ['Offset', 'x', /a whole number, in decimal digits/],
    ['Interpreter', 'bin/true', /must be an absolute path/],
  ] as const;
  for (const [name, text, sentence] of wrong) {
    const right = await format.field(name).inputValue();
    await format.field(name).fill(text);
    await expect(format.field(name)).toHaveAccessibleDescription(sentence);
    await expect(format.line).toBeHidden();
    await format.field(name).fill(right);
    await expect(format.line).toContainText(':ok:M::');
  }
  await format.byExtension();
  await format.field('Extension').fill('a/b');
  await expect(format.field('Extension')).toHaveAccessibleDescription(/must not contain a slash/);
  expect(listEntries()).toEqual([]);
});

test('what a person should know is said before it is registered', async ({ program }) => {
  register(':wasm-now:M::\\x00asm::/bin/false:');
  await expect(program.row('wasm-now')).toContainText('Enabled');
  const format = await Format.open(program);
  await format.fill({ Name: 'wasm', Magic: String.raw`\x00asm\x01`, Interpreter: '/nonexistent/wasm' });
  await expect(format.line).toContainText('/nonexistent/wasm is not there: programs run only where it is');
  await expect(format.line).toContainText('It is tried before wasm-now, and takes files of it.');
  await format.flag('F').check();
  await expect(format.line).toContainText('the kernel opens it at once (flag F): it will refuse this.');
  await format.flag('C').check();
  await expect(format.flag('O')).toBeChecked();
  await expect(format.line).toContainText('whoever controls the interpreter gets them');
  await expect(format.line).toContainText(/:OCF/);
  await format.flag('O').uncheck();
  await expect(format.flag('C')).not.toBeChecked();
  await format.fill({
    Magic: '7f454c4601010100000000000000000002002800',
    Mask: `${'ff'.repeat(7)}00${'ff'.repeat(8)}feffffff`,
  });
  await expect(format.line).toContainText('It takes programs of arm, as QEMU’s entries do.');
  // The kernel refuses it, as it was said; the form stays as it was filled in.
  await format.button('Register').click();
  await expect(format.dialog.getByRole('alert')).toContainText('/nonexistent/wasm');
  await expect(format.field('Name')).toHaveValue('wasm');
  expect(listEntries()).toEqual(['wasm-now']);
});

test('the host’s own programs cannot be captured @main-process', async ({ program }) => {
  const format = await Format.open(program);
  await format.fill({ Name: 'native', Magic: String.raw`\x7fELF`, Interpreter: '/bin/true' });
  await expect(format.field('Magic')).toHaveAccessibleDescription(
    /It would take this machine’s own programs/,
  );
  await format.button('Register').click();
  await expect(format.field('Magic')).toBeFocused();
  await program.answerFileDialogs('/bin/true');
  await format.button('From a sample file…').click();
  await expect(format.field('Magic')).toHaveAccessibleDescription(
    /It would take this machine’s own programs/,
  );
  expect(listEntries()).toEqual([]);
});

test('a name that is taken is replaced when that was shown, and stays disabled', async ({ program }) => {
  register(':jar:E::jar::/bin/false:');
  writeToEntry('jar', '0');
  await expect(program.row('jar')).toContainText('Disabled');
  const format = await Format.open(program);
  await format.byExtension();
  await format.fill({ Name: 'jar', Extension: 'jar', Interpreter: '/bin/true' });
  await expect(format.dialog.getByRole('region', { name: 'Registered now' })).toContainText(
    ':jar:E::jar::/bin/false:',
  );
  await format.button('Replace').click();
  await expect(program.status).toContainText('Registered jar');
  expect(readEntry('jar')).toBe('disabled\ninterpreter /bin/true\nflags: \nextension .jar\n');

  // Somebody takes the name while the form is open: nobody has agreed to replace that.
  const again = await Format.open(program);
  await again.byExtension();
  await again.fill({ Name: 'new', Extension: 'new', Interpreter: '/bin/true' });
  await expect(again.button('Register')).toBeVisible();
  register(':new:E::new::/bin/false:');
  await expect(again.button('Replace')).toBeVisible();
  await again.button('Cancel').click();
  expect(readEntry('new')).toContain('/bin/false');
});

test('a name like a command is a name', async ({ program }) => {
  const format = await Format.open(program);
  await format.byExtension();
  await format.fill({ Name: "$(touch pwned) 'x' <b>", Extension: 'x y', Interpreter: '/bin/a:b c' });
  await expect(format.line).toContainText("|$(touch pwned) 'x' <b>|E||x y||/bin/a:b c|");
  await format.button('Register').click();
  await expect(program.header("$(touch pwned) 'x' <b>")).toBeVisible();
  expect(listEntries()).toEqual(["$(touch pwned) 'x' <b>"]);
  for (const place of [process.cwd(), '/', '/tmp']) expect(existsSync(`${place}/pwned`)).toBe(false);
});

test('a target’s own entry is added to its row', async ({ program }) => {
  const format = await Format.open(program);
  await format.fill({
    Name: 'my-arm',
    Magic: '7f454c4601010100000000000000000002002800',
    Mask: `${'ff'.repeat(7)}00${'ff'.repeat(8)}feffffff`,
    Interpreter: '/usr/local/bin/qemu-arm-static',
  });
  await format.button('Register').click();
  await expect(program.row('arm')).toContainText('Enabled');
  expect(await program.selectedRows()).toEqual(['arm']);
});

test('what is no sample is said in words @main-process', async ({ program, directory }) => {
  const format = await Format.open(program);
  const empty = path.join(directory, 'empty');
  const folder = path.join(directory, 'folder');
  writeFileSync(empty, '');
  mkdirSync(folder);
  for (const [file, sentence] of [
    [empty, 'empty file'],
    [folder, 'directory'],
    [path.join(directory, 'missing'), 'cannot be read (ENOENT)'],
  ] as const) {
    await program.answerFileDialogs(file);
    await format.button('From a sample file…').click();
    await expect(format.dialog).toContainText(`${file} shows no bytes to match: ${sentence}.`);
  }
  await program.answerFileDialogs(null);
  await format.button('From a sample file…').click();
  await expect(format.field('Magic')).toHaveValue('');
});

test('everything can be done from the keyboard alone', async ({ program, directory }) => {
  const { keyboard } = program.page;
  const interpreter = writeInterpreter(path.join(directory, 'runner'));
  await program.button('Add a format…').press('Enter');
  const format = new Format(program.page.getByRole('dialog', { name: 'Add a format' }));
  await expect(format.field('Name')).toBeFocused();
  await keyboard.type('typed');
  await keyboard.press('Tab');
  await keyboard.press('ArrowRight');
  await keyboard.press('Tab');
  await expect(format.button('From a sample file…')).toBeFocused();
  await keyboard.press('Tab');
  await expect(format.field('Extension')).toBeFocused();
  await keyboard.type('typed');
  await keyboard.press('Tab');
  await keyboard.type(interpreter);
  await keyboard.press('Enter');
  await expect(program.status).toContainText('Registered typed');
  expect(listEntries()).toEqual(['typed']);
  // The keyboard goes on from the new row.
  await expect(program.row('typed')).toBeFocused();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the dialog, ${colorScheme}, and it fits 720 px @main-process`, async ({
    program,
  }) => {
    await program.page.emulateMedia({ colorScheme });
    await program.resize(720, 600);
    register(':jar:E::jar::/bin/false:');
    const format = await Format.open(program);
    await program.answerFileDialogs('/usr/local/bin/qemu-arm-static');
    await format.button('From a sample file…').click();
    await format.fill({ Name: 'jar', Magic: 'caffebabe0', Interpreter: '/nonexistent' });
    await expect(format.line).toContainText('/nonexistent is not there');
    await program.expectNoAccessibilityViolation();
    const body = format.dialog.locator('.form-dialog-body');
    expect(await body.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  });
}
